"""Write the divisions, the organs, their officers and what these may do."""

from collections.abc import Iterable, Sequence
from uuid import UUID

from django.db import transaction

from tongban.base.actor import Actor, Role
from tongban.base.errors import Rejected
from tongban.base.identifiers import check_credit_code, demo_credit_code, demo_phone, demo_uuid
from tongban.base.words import say
from tongban.orgs.models import Division, Grant, Officer, Organ
from tongban.orgs.queries import get_division, get_organ
from tongban.orgs.rules import (
    EVERYTHING,
    Level,
    Nature,
    OrganKind,
    Place,
    demo_counties,
    organ_name,
    parent_of,
    path_of,
    stem,
)

BATCH = 2_000
ORDER = list(Level)


@transaction.atomic
def load_divisions(actor: Actor, *, places: Sequence[Place]) -> int:
    """Write the divisions that are new or changed and return how many; none is ever removed."""
    _only_operator(actor)
    columns = ("code", "name", "level", "parent_id", "path", "valid_from", "valid_to", "successor")
    before = {row[0]: row for row in Division.objects.values_list(*columns)}
    known = before.keys() | {place.code for place in places}
    rows = [_division(place, known) for place in sorted(places, key=lambda place: ORDER.index(place.level))]
    changed = [row for row in rows if before.get(row.code) != tuple(getattr(row, column) for column in columns)]
    Division.objects.bulk_create(
        changed,
        batch_size=BATCH,
        update_conflicts=True,
        unique_fields=["code"],
        update_fields=["name", "level", "parent", "path", "valid_from", "valid_to", "successor"],
    )
    return len(changed)


@transaction.atomic
def establish_organ(
    actor: Actor,
    *,
    code: str,
    name: str,
    kind: str,
    division: str,
    nature: Nature = Nature.STATUTORY,
    address: str = "",
    phone: str = "",
    hours: str = "",
    demo: bool = False,
) -> Organ:
    """Add an organ, or bring what is known of it up to date.

    Raises Rejected for a wrong credit code, an unknown division, or a place that has an organ of this kind already.
    """
    _only_operator(actor)
    checked = check_credit_code(code, demo=demo)
    place = get_division(division)
    if Organ.objects.filter(kind=kind, division=place).exclude(code=checked.text).exists():
        raise Rejected("organ_exists", kind=kind, name=place.name)
    facts = {"name": name, "kind": kind, "division": place, "level": place.level, "nature": nature.value}
    facts |= {"address": address, "phone": phone, "hours": hours, "is_demo": checked.is_demo}
    organ, _ = Organ.objects.update_or_create(code=checked.text, defaults=facts)
    return organ


@transaction.atomic
def appoint_officer(actor: Actor, *, account_id: UUID, name: str, organ: str, officer_id: UUID) -> Officer:
    """Let somebody with a log-in serve an organ. Appointing him again elsewhere moves him."""
    _only_operator(actor)
    serves = get_organ(organ)
    facts = {"account_id": account_id, "name": name, "organ": serves, "is_demo": serves.is_demo}
    officer, _ = Officer.objects.update_or_create(id=officer_id, defaults=facts)
    return officer


@transaction.atomic
def grant(actor: Actor, *, officer: UUID, acts: Iterable[str], item: str = EVERYTHING, region: str = "") -> Grant:
    """Allow an officer acts on an item in a region (how the codes of its places begin; empty is everywhere).

    Granting the same again changes nothing. Raises Rejected("no_acts") without an act, ("unknown_officer").
    """
    _only_operator(actor)
    wanted = sorted(set(acts))
    if not wanted:
        raise Rejected("no_acts")
    if not Officer.objects.filter(id=officer).exists():
        raise Rejected("unknown_officer")
    row, _ = Grant.objects.get_or_create(
        officer_id=officer, acts=wanted, item=item, region=region, defaults={"granted_by": actor.person}
    )
    return row


@transaction.atomic
def take_back(actor: Actor, *, officer: UUID, grant_id: int) -> None:
    """Withdraw a grant; withdrawing it twice changes nothing."""
    _only_operator(actor)
    Grant.objects.filter(id=grant_id, officer_id=officer).delete()


@transaction.atomic
def make_demo_organs(actor: Actor, *, kinds: Sequence[OrganKind], places: Sequence[Place]) -> int:
    """Invent the organs of this node's province: halls in every county, all kinds in the cities and in some counties.

    Returns how many rows are new. Every one is marked 示例.
    """
    _only_operator(actor)
    here = [place for place in places if place.code[:2] == actor.node and place.valid_to is None]
    rich = demo_counties(here)
    names = {place.code: place.name for place in here}
    rows = [
        _demo_organ(kind, place, names)
        for place in here
        for kind in kinds
        if place.level in kind.names and (place.level is not Level.COUNTY or place.code in rich or kind.number == 1)
    ]
    known = set(Organ.objects.filter(is_demo=True).values_list("code", flat=True))
    new = [row for row in rows if row.code not in known]
    Organ.objects.bulk_create(new, batch_size=BATCH)
    return len(new)


def make_demo_officer(
    actor: Actor, *, username: str, name: str, organ: str, acts: Iterable[str] = (EVERYTHING,), region: str = ""
) -> Officer:
    """Appoint the holder of a demo log-in and grant him acts on every item."""
    officer = appoint_officer(
        actor,
        account_id=demo_uuid("account", username),
        name=name,
        organ=organ,
        officer_id=demo_uuid("officer", username),
    )
    grant(actor, officer=officer.id, acts=acts, region=region)
    return officer


def _only_operator(actor: Actor) -> None:
    if actor.role not in (Role.OPERATOR, Role.SYSTEM):
        raise Rejected("not_allowed")


def _division(place: Place, known: Iterable[str]) -> Division:
    listed = known if isinstance(known, set) else set(known)
    return Division(
        code=place.code,
        name=place.name,
        level=place.level.value,
        parent_id=parent_of(place.code, listed),
        path=path_of(place.code, listed),
        valid_from=place.valid_from,
        valid_to=place.valid_to,
        successor=place.successor,
    )


def _demo_organ(kind: OrganKind, place: Place, names: dict[str, str]) -> Organ:
    node, running = place.code[:2], int(f"{place.code[2:6]}{kind.number:02d}")
    full = "".join(names[code] for code in path_of(place.code, names).split("/") if code)
    return Organ(
        code=demo_credit_code(node=node, kind=kind.registered, running=running),
        name=organ_name(kind, place),
        kind=kind.key,
        division_id=place.code,
        level=place.level.value,
        nature=kind.nature.value,
        address=say("demo.address", place=full, number=kind.number),
        phone=demo_phone(node=node, running=running),
        hours=say("demo.hours"),
        is_demo=True,
    )


def demo_organ_code(kinds: Sequence[OrganKind], *, kind: str, division: str) -> str:
    """The code under which a demo organ was made."""
    found = next(other for other in kinds if other.key == kind)
    place = stem(division).ljust(6, "0")
    running = int(f"{place[2:6]}{found.number:02d}")
    return demo_credit_code(node=place[:2], kind=found.registered, running=running)
