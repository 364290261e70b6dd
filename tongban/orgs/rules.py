"""Divisions as codes, organs of a demo, and what a grant covers."""

import csv
import io
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from tongban.base.words import say

CODE_LENGTH = 12
EVERYTHING = "*"
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
    return say("demo.organ", name=f"{place.name}{kind.names[level]}")


def demo_counties(places: Sequence[Place]) -> set[str]:
    """The counties in force that get organs of every kind in a demo: the first two of each city, and 肥西."""
    chosen: dict[str, list[str]] = {}
    for place in sorted(places, key=lambda place: place.code):
        if place.level is Level.COUNTY and place.valid_to is None:
            chosen.setdefault(place.code[:4], []).append(place.code)
    return {code for codes in chosen.values() for code in codes[:2] + [c for c in codes if c.startswith("340123")]}


def _month(text: str) -> date | None:
    return date.fromisoformat(f"{text}-01") if text else None
