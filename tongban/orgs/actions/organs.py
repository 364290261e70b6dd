"""Write down which organs there are."""

from dataclasses import asdict
from datetime import date
from enum import StrEnum

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from tongban.base.actor import Actor
from tongban.base.errors import Rejected
from tongban.base.identifiers import check_credit_code
from tongban.base.times import legal_date
from tongban.orgs.actions.rights import only_operator
from tongban.orgs.models import Division, Organ
from tongban.orgs.queries import find_division, organ_kinds
from tongban.orgs.rules import OrganFacts, check_organ, is_inside

HUB = "00"


class Outcome(StrEnum):
    NEW = "new"
    CHANGED = "changed"
    SAME = "same"


@transaction.atomic
def establish_organ(
    actor: Actor,
    *,
    code: str,
    name: str,
    kind: str,
    division: str,
    nature: str = "1",
    address: str = "",
    phone: str = "",
    hours: str = "",
    duty: str = "",
) -> tuple[Organ, Outcome]:
    """Add an organ, or bring what is known of it up to date. Its code stays for ever.

    Raises Rejected("invalid", fields={column: reason, …}) naming every fault, ("not_allowed"), ("hub_has_no_organ").
    """
    only_operator(actor)
    if actor.node == HUB:
        raise Rejected("hub_has_no_organ")
    fields: dict[str, str] = {}
    facts = check_organ(
        OrganFacts(code, name, kind, nature, address, phone, hours, duty),
        kinds={found.key for found in organ_kinds()},
        demo=settings.DEMO,
        fields=fields,
    )
    place = _place(division, actor.node, fields)
    if place and _other_of_its_kind(facts, place):
        fields["kind"] = "organ_exists"
    if fields or place is None:
        raise Rejected("invalid", fields=fields)
    row = Organ.objects.select_for_update().filter(code=facts.code).first()
    is_demo = check_credit_code(facts.code, demo=True).is_demo
    columns = {**asdict(facts), "division_id": place.code, "level": place.level, "is_demo": is_demo}
    if row is None:
        return Organ.objects.create(**columns), Outcome.NEW
    if all(getattr(row, column) == value for column, value in columns.items()):
        return row, Outcome.SAME
    for column, value in columns.items():
        setattr(row, column, value)
    row.save()
    return row, Outcome.CHANGED


@transaction.atomic
def close_organ(actor: Actor, *, code: str, on: date | None) -> tuple[Organ, Outcome]:
    """From that day on the organ answers for nothing new; what it has in hand goes on, its row stays for ever.

    on: None while that day has not come takes the closing back. Closing it again alike changes nothing.
    Raises Rejected("not_found"), ("invalid", fields={"closed_on": reason}): it is closed, or has a successor by now.
    """
    only_operator(actor)
    row = Organ.objects.select_for_update().select_related("division").filter(code=code).first()
    if row is None:
        raise Rejected("not_found")
    if row.closed_on == on:
        return row, Outcome.SAME
    if row.closed_on and row.closed_on <= legal_date(timezone.now()):
        raise Rejected("invalid", fields={"closed_on": "closed_for_good"})
    if on is None and Organ.objects.filter(kind=row.kind, division=row.division, closed_on=None).exists():
        raise Rejected("invalid", fields={"closed_on": "organ_exists"})
    row.closed_on = on
    row.save(update_fields=["closed_on"])
    return row, Outcome.CHANGED


def _place(division: str, node: str, fields: dict[str, str]) -> Division | None:
    found = find_division(division)
    if found is None or found.valid_to is not None:
        fields["division"] = "division_not_in_force"
        return None
    if not is_inside(found.code, node):
        fields["division"] = "division_elsewhere"
        return None
    return found


def _other_of_its_kind(facts: OrganFacts, place: Division) -> bool:
    others = Organ.objects.filter(kind=facts.kind, division=place, closed_on=None).exclude(code=facts.code)
    itself = Organ.objects.filter(code=facts.code, closed_on__isnull=False).exists()
    return others.exists() and not itself
