"""Divisions as codes, organs of a demo, and what a grant covers."""

import csv
import io
import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from tongban.base.errors import Rejected
from tongban.base.identifiers import DEMO_PHONE_PREFIX, PROVINCES, check_credit_code
from tongban.base.words import say

CODE_LENGTH = 12
EVERYTHING = "*"
LONGEST = {"name": 100, "address": 200, "phone": 40, "hours": 100, "duty": 100}
_OFFICE_PHONE = re.compile(
    r"(0[0-9]{2,3}-?)?[2-9][0-9]{6,7}(-[0-9]{1,6})?"  # with or without area code and extension
    r"|1[3-9][0-9]{9}"
    r"|[19][0-9]{4}"  # a public service, such as 12345
    r"|400-?[0-9]{3}-?[0-9]{4}"
)
_DEMO_PHONE = re.compile(f"{DEMO_PHONE_PREFIX}[0-9]{{8}}")
MUNICIPALITIES = frozenset({"11", "12", "31", "50"})


class Level(StrEnum):
    PROVINCE = "province"
    CITY = "city"
    COUNTY = "county"
    TOWNSHIP = "township"
    VILLAGE = "village"


class Nature(StrEnum):
    """实施主体性质, GB/T 39046 annex A.3."""

    STATUTORY = "1"
    AUTHORISED = "2"
    ENTRUSTED = "3"
    OTHER = "9"


@dataclass(frozen=True, slots=True)
class Place:
    """A division as it is loaded. Dates are the first of the month of the list that first or no longer names it."""

    code: str
    name: str
    level: Level
    valid_from: date | None = None
    valid_to: date | None = None
    successor: str = ""


@dataclass(frozen=True, slots=True)
class OrganKind:
    """A kind of organ, with what it is called on each level; no name means that the level has none.

    number: its place in the demo codes. registered: first two places of the credit code of such bodies.
    """

    key: str
    number: int
    names: Mapping[Level, str]
    nature: Nature
    registered: str


@dataclass(frozen=True, slots=True)
class Permission:
    """What a grant allows: acts on an item in a region, given by how its codes begin."""

    acts: frozenset[str]
    item: str
    region: str


@dataclass(frozen=True, slots=True)
class OrganFacts:
    """What is known of an organ beside its place; the names are those of the columns."""

    code: str
    name: str
    kind: str
    nature: str
    address: str
    phone: str
    hours: str
    duty: str


def check_organ(given: OrganFacts, *, kinds: Collection[str], demo: bool, fields: dict[str, str]) -> OrganFacts:
    """The facts tidied; what is wrong is added to fields, column -> reason."""
    facts = replace(given, **{name: " ".join(str(getattr(given, name)).split()) for name in LONGEST})
    for name, longest in LONGEST.items():
        text = getattr(facts, name)
        if len(text) > longest or not text.isprintable():
            fields[name] = "text_too_long"
    if not facts.name:
        fields["name"] = "organ_name_missing"
    if given.kind not in kinds:
        fields["kind"] = "organ_kind_unknown"
    if given.nature not in [nature.value for nature in Nature]:
        fields["nature"] = "nature_unknown"
    if fault := _phone_fault(facts.phone, demo=demo):
        fields["phone"] = fault
    try:
        return replace(facts, code=check_credit_code(given.code, demo=demo).text)
    except Rejected as refusal:
        fields["code"] = refusal.reason
        return facts


def _phone_fault(text: str, *, demo: bool) -> str:
    """What is wrong with the telephone numbers of an office, parted by commas; empty for nothing."""
    numbers = [part.strip() for part in re.split("[、，,；;]", text)] if text else []
    if not demo and any(_DEMO_PHONE.fullmatch(number) for number in numbers):
        return "phone_demo"
    right = all(_OFFICE_PHONE.fullmatch(number) or _DEMO_PHONE.fullmatch(number) for number in numbers)
    return "" if right else "office_phone_wrong"


def is_inside(code: str, node: str) -> bool:
    """Whether a place is one of the node's; the nodes of national bodies have all places."""
    return node not in PROVINCES or code.startswith(node)


def full_code(code: str) -> str:
    """Six, nine or twelve digits as twelve. Raises ValueError on anything else."""
    if len(code) not in (2, 4, 6, 9, CODE_LENGTH) or not (code.isascii() and code.isdigit()):
        raise ValueError(f"not a division code: {code!r}")
    return code.ljust(CODE_LENGTH, "0")


def stem(code: str) -> str:
    """How all codes inside the division begin: "34" for 340000000000, "340123" for 340123000000."""
    for length in (2, 4, 6, 9):
        if code[length:] == "0" * (CODE_LENGTH - length):
            return code[:length]
    return code


def ancestors(code: str) -> list[str]:
    """The codes of the levels above, nearest first, whether or not there is such a division."""
    return [code[:length].ljust(CODE_LENGTH, "0") for length in (9, 6, 4, 2) if length < len(stem(code))]


def nearest_first(code: str) -> list[str]:
    """The place itself and the levels above it."""
    return [code, *ancestors(code)]


def level_of(code: str) -> int:
    """行使层级 of GB/T 39046 A.2: 2 province, 3 city or district of a municipality, 4 county, 5 township, 6 village."""
    level = {2: 2, 4: 3, 6: 4, 9: 5}.get(len(stem(code)), 6)
    return 3 if level == 4 and code[:2] in MUNICIPALITIES else level


def parent_of(code: str, known: Collection[str]) -> str | None:
    """The nearest level above that exists: a county of a municipality stands under the province itself."""
    return next((above for above in ancestors(code) if above in known), None)


def path_of(code: str, known: Collection[str]) -> str:
    """The codes from the province down to this one, each followed by a slash."""
    above = [other for other in reversed(ancestors(code)) if other in known]
    return "".join(f"{part}/" for part in [*above, code])


def covers(permissions: Iterable[Permission], *, act: str, item: str, place: str) -> bool:
    """Whether one of the permissions allows this act on this item at this place."""
    return any(
        (EVERYTHING in permission.acts or act in permission.acts)
        and permission.item in (EVERYTHING, item)
        and place.startswith(permission.region)
        for permission in permissions
    )


def parse_places(text: str) -> list[Place]:
    """Read the columns code, name, level and, where there is a history, first_listed, no_longer_listed, successor."""
    return [
        Place(
            code=full_code(row["code"]),
            name=row["name"],
            level=Level(row["level"]),
            valid_from=_month(row.get("first_listed", "")),
            valid_to=_month(row.get("no_longer_listed", "")),
            successor=full_code(row["successor"]) if row.get("successor") else "",
        )
        for row in csv.DictReader(io.StringIO(text))
    ]


def parse_kinds(text: str) -> list[OrganKind]:
    """Read the columns key, number, province, city, county, nature, registered."""
    return [
        OrganKind(
            key=row["key"],
            number=int(row["number"]),
            names={level: row[level] for level in (Level.PROVINCE, Level.CITY, Level.COUNTY) if row[level]},
            nature=Nature(row["nature"]),
            registered=row["registered"],
        )
        for row in csv.DictReader(io.StringIO(text))
    ]


def organ_name(kind: OrganKind, place: Place) -> str:
    """What an organ is called at a place: a municipality's are named as a city's, 局 and not 厅."""
    level = Level.CITY if place.level is Level.PROVINCE and place.code[:2] in MUNICIPALITIES else place.level
    return say("demo.organ", name=f"{place.name}{kind.names.get(level) or kind.names[place.level]}")


def demo_counties(places: Sequence[Place]) -> set[str]:
    """The counties in force that get organs of every kind in a demo: the first two of each city, and 肥西."""
    chosen: dict[str, list[str]] = {}
    for place in sorted(places, key=lambda place: place.code):
        if place.level is Level.COUNTY and place.valid_to is None:
            chosen.setdefault(place.code[:4], []).append(place.code)
    return {code for codes in chosen.values() for code in codes[:2] + [c for c in codes if c.startswith("340123")]}


def _month(text: str) -> date | None:
    return date.fromisoformat(f"{text}-01") if text else None
