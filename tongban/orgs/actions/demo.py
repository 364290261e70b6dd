"""Invent the organs and officers of a demonstration."""

from collections.abc import Iterable, Sequence

from django.db import transaction

from tongban.base.actor import Actor
from tongban.base.identifiers import demo_credit_code, demo_phone, demo_uuid
from tongban.base.words import say
from tongban.orgs.actions.officers import appoint_officer, grant
from tongban.orgs.actions.rights import only_operator
from tongban.orgs.models import Officer, Organ
from tongban.orgs.rules import EVERYTHING, Level, OrganKind, Place, demo_counties, organ_name, path_of, stem

BATCH = 2_000


@transaction.atomic
def make_demo_organs(actor: Actor, *, kinds: Sequence[OrganKind], places: Sequence[Place]) -> int:
    """Invent the organs of this node's province: halls in every county, all kinds in the cities and in some counties.

    Returns how many rows are new. Every one is marked 示例.
    """
    only_operator(actor)
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
