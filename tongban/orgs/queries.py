"""Which places there are, which organ answers there, and what an officer may do. Places and organs are public."""

import csv
import functools
import io
from collections.abc import Iterable
from pathlib import Path
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils import timezone

from tongban.base.actor import Actor, Role
from tongban.base.errors import Rejected
from tongban.base.times import legal_date
from tongban.orgs.models import Division, Grant, Officer, Organ
from tongban.orgs.rules import (
    CODE_LENGTH,
    Level,
    OrganKind,
    Permission,
    covers,
    full_code,
    level_of,
    nearest_first,
    parse_kinds,
    stem,
)

HALL = "service_hall"
COUNTY_DIGITS = 6
DIGITS = {1: 2, 2: 2, 3: 4}
"""行使层级 of GB/T 39046 A.2 -> how much of a code names such a division; below the city a county is enough."""
DATA = Path(__file__).resolve().parents[1] / "data"


def find_division(code: str) -> Division | None:
    """The division of a code of 6, 9 or 12 digits, in force or not."""
    try:
        return Division.objects.filter(code=full_code(code)).first()
    except ValueError:
        return None


def get_division(code: str) -> Division:
    """The division in force under this code. Raises Rejected("unknown_division") or ("abolished_division")."""
    found = find_division(code)
    if found is None:
        raise Rejected("unknown_division", code=code)
    if found.valid_to is not None:
        now = find_division(found.successor) if found.successor else None
        raise Rejected("abolished_division", name=found.name, successor=now.name if now else "")
    return found


def known_places(codes: Iterable[str]) -> set[str]:
    """Those of the 12-digit codes that stand for a division, in force or not."""
    return set(Division.objects.filter(code__in=list(codes)).values_list("code", flat=True))


def current_division(code: str) -> Division | None:
    """The division in force that a code stands for today, over any number of successors."""
    seen: set[str] = set()
    found = find_division(code)
    while found is not None and found.valid_to is not None:
        if not found.successor or found.code in seen:
            return None
        seen.add(found.code)
        found = find_division(found.successor)
    return found


def provinces() -> QuerySet[Division]:
    return Division.objects.filter(level=Level.PROVINCE, valid_to=None).order_by("code")


def divisions_under(code: str) -> QuerySet[Division]:
    """The divisions in force that stand directly under this one, by code; the provinces when the code is empty."""
    if not code:
        return provinces()
    return Division.objects.filter(parent_id=full_code(code), valid_to=None).order_by("code")


def place_name(code: str) -> str:
    """The name with those of the levels above: 安徽省合肥市肥西县; the code itself when nothing is known of it."""
    try:
        codes = nearest_first(full_code(code))
    except ValueError:
        return code
    names = dict(Division.objects.filter(code__in=codes).values_list("code", "name"))
    return "".join(names[part] for part in reversed(codes) if part in names) or code


def place_names(places: Iterable[str]) -> dict[str, str]:
    """`place_name` of many places by two questions to the database at most."""
    wanted = set(places)
    above = {code: nearest_first(code) for code in wanted if len(code) == CODE_LENGTH and code.isdigit()}
    every = {part for codes in above.values() for part in codes}
    names = dict(Division.objects.filter(code__in=every).values_list("code", "name"))
    full = {code: "".join(names[part] for part in reversed(codes) if part in names) for code, codes in above.items()}
    return {code: full.get(code) or code for code in wanted}


def codes_of_places(names: Iterable[str]) -> dict[str, str]:
    """Code of each place that is named as `place_name` names it, or by a code of 6 digits; others are left out."""
    wanted = {name for name in names if name}
    ends = {name[start:] for name in wanted for start in range(len(name))}
    rows = Division.objects.filter(name__in=ends, valid_to=None, level__in=(Level.CITY, Level.COUNTY, Level.PROVINCE))
    by_name = {name: code for code, name in place_names(rows.values_list("code", flat=True)).items()}
    codes = {name: full_code(name) for name in wanted if name.isascii() and name.isdigit() and len(name) in (6, 12)}
    return codes | {name: by_name[name] for name in wanted if name in by_name}


def officer_names(officers: Iterable[UUID]) -> dict[UUID, str]:
    """The names under which officers of this node serve; others are left out."""
    return dict(Officer.objects.filter(id__in=set(officers)).values_list("id", "name"))


def place_of_number(division6: str) -> str:
    """The name of the place in an identity number or credit code, in force or abolished; empty when it is not listed.

    An empty answer is no fault of the number: lists lag behind and old registrations differ.
    """
    found = find_division(division6)
    return place_name(found.code) if found else ""


def find_organ(code: str) -> Organ | None:
    return Organ.objects.select_related("division").filter(code=code).first()


def get_organ(code: str) -> Organ:
    """Raises Rejected("unknown_organ")."""
    found = find_organ(code)
    if found is None:
        raise Rejected("unknown_organ", code=code)
    return found


def has_demo() -> bool:
    """Whether there are organs or officers of a demonstration."""
    return Organ.objects.filter(is_demo=True).exists() or Officer.objects.filter(is_demo=True).exists()


def organ_names(codes: Iterable[str]) -> dict[str, str]:
    """The names of many organs of this node by one question to the database; others are left out."""
    return dict(Organ.objects.filter(code__in=set(codes)).values_list("code", "name"))


def organs(*, kind: str = "", place: str = "", begins: str = "", after: str = "") -> QuerySet[Organ]:
    """The organs of this node by code, closed ones too.

    Of one kind, inside one division, whose name or code begins so, behind a code: when these are given.
    """
    found = Organ.objects.select_related("division").filter(code__gt=after).order_by("code")
    if kind:
        found = found.filter(kind=kind)
    if place:
        found = found.filter(division__code__startswith=stem(full_code(place)))
    if begins:
        found = found.filter(Q(name__startswith=begins) | Q(code__startswith=begins.upper()))
    return found


@functools.cache
def organ_kinds() -> tuple[OrganKind, ...]:
    """The kinds of organs there are, as items name them."""
    return tuple(parse_kinds((DATA / "organs" / "kinds.csv").read_text("utf-8")))


@functools.cache
def _kinds_of_units() -> dict[str, str]:
    text = (DATA / "organs" / "units.csv").read_text("utf-8")
    return {row["unit"]: row["kind"] for row in csv.DictReader(io.StringIO(text))}


def organs_of_units(units: Iterable[str], *, node: str) -> dict[str, Organ]:
    """The open organ of a province that is a unit as the plan names units; those without one here are left out."""
    kinds = _kinds_of_units()
    wanted = {unit: kinds[unit] for unit in units if unit in kinds}
    rows = Organ.objects.filter(kind__in=set(wanted.values()), division_id=full_code(node)).order_by("code")
    found = {row.kind: row for row in rows if not is_closed(row)}
    return {unit: found[kind] for unit, kind in wanted.items() if kind in found}


def is_closed(organ: Organ) -> bool:
    return organ.closed_on is not None and organ.closed_on <= legal_date(timezone.now())


def get_counter(code: str) -> Organ:
    """The organ at whose counter somebody is received. Raises Rejected("unknown_organ"), ("counter_closed")."""
    found = get_organ(code)
    if is_closed(found):
        raise Rejected("counter_closed", on=str(found.closed_on))
    return found


def responsible_organ(kind: str, place: str, *, level: int = 6) -> Organ | None:
    """The organ of this kind at the place or at the nearest level above it; where only the province decides, its own.

    level: the lowest that decides (行使层级 of GB/T 39046 A.2); where there is no such organ, the nearest answers.
    One that closes on a later day answers until then, even where its successor is known already.
    """
    try:
        codes = nearest_first(full_code(place))
    except ValueError:
        return None
    found = [
        organ
        for organ in Organ.objects.select_related("division").filter(kind=kind, division_id__in=codes)
        if not is_closed(organ)
    ]
    deciding = [organ for organ in found if level_of(organ.division_id) <= level] or found
    return max(deciding, key=lambda organ: (len(stem(organ.division_id)), organ.closed_on is not None), default=None)


def names_no_organ(place: str, *, level: int) -> bool:
    """Whether a place is too wide to say which organ decides: a city's matter needs a city, a county's a county."""
    return len(stem(full_code(place))) < DIGITS.get(level, COUNTY_DIGITS) and divisions_under(place).exists()


def hall_near(place: str) -> Organ | None:
    """The hall with the cross-province counter that is nearest above a place."""
    return responsible_organ(HALL, place)


def may(actor: Actor, act: str, *, item: str, place: str) -> bool:
    """Whether a grant of this officer covers the act on the item at the place; the node itself may everything."""
    if actor.role is Role.SYSTEM:
        return True
    if actor.role not in (Role.CLERK, Role.OFFICER) or actor.person is None:
        return False
    return covers(permissions_of(actor.person), act=act, item=item, place=place)


def grants_of(officer: UUID) -> QuerySet[Grant]:
    """Everything he was ever granted, what has ended too, in the order of granting."""
    return Grant.objects.filter(officer_id=officer).order_by("id")


def permissions_of(officer: UUID) -> list[Permission]:
    """What an officer was granted, as rules read it."""
    rows = Grant.objects.filter(officer_id=officer, ended_at=None).values_list("acts", "item", "region")
    return [Permission(frozenset(acts), item, region) for acts, item, region in rows]
