"""What officers may do: allowed and ended."""

from collections.abc import Collection, Iterable
from uuid import UUID

from django.db import transaction

from tongban.base.actor import Actor, Role
from tongban.base.errors import Rejected
from tongban.catalogue.queries import item_names
from tongban.journal.actions import record
from tongban.orgs import actions as orgs
from tongban.orgs.actions import Outcome
from tongban.orgs.actions.rights import only_operator
from tongban.orgs.models import Grant
from tongban.orgs.queries import grants_of
from tongban.people.models import Account
from tongban.people.queries import get_staff
from tongban.staff.queries import region_is_here
from tongban.staff.rules import Right, check_right


@transaction.atomic
def allow(actor: Actor, *, account: UUID, acts: Iterable[str], item: str, region: str) -> Grant:
    """Let an officer do acts on an item, or on all ("*"), inside a region.

    Raises Rejected("invalid", fields=…), ("not_found"), ("account_closed"), ("officers_only"): others need no right.
    """
    officer = _officer(actor, account)
    places = [region] if region_is_here(actor, region) else []
    return _give(actor, officer, check_right(acts=acts, item=item, region=region, items=item_names(), places=places))


@transaction.atomic
def end_right(actor: Actor, *, account: UUID, grant_id: int) -> None:
    """Ending it twice changes nothing. Raises Rejected("not_found")."""
    only_operator(actor)
    row = get_staff(actor, account)
    found = grants_of(row.officer_id).filter(id=grant_id).first() if row.officer_id else None
    if found is None:
        raise Rejected("not_found")
    if found.ended_at is None:
        _end(actor, row, found)


@transaction.atomic
def settle_rights(actor: Actor, *, account: UUID, rights: Collection[Right]) -> Outcome:
    """From now on these and no others. Raises what `allow` raises."""
    officer = _officer(actor, account)
    held = {Right(frozenset(grant.acts), grant.item, grant.region): grant for grant in _in_force(officer)}
    ending, beginning = held.keys() - rights, set(rights) - held.keys()
    for right in ending:
        _end(actor, officer, held[right])
    for right in beginning:
        _give(actor, officer, right)
    if not (ending or beginning):
        return Outcome.SAME
    return Outcome.CHANGED if held else Outcome.NEW


def end_all_rights(actor: Actor, account: Account) -> None:
    for grant in _in_force(account):
        _end(actor, account, grant)


def _in_force(account: Account) -> list[Grant]:
    return list(grants_of(account.officer_id).filter(ended_at=None)) if account.officer_id else []


def _officer(actor: Actor, account: UUID) -> Account:
    only_operator(actor)
    row = get_staff(actor, account)
    if row.role != Role.OFFICER:
        raise Rejected("officers_only")
    if not row.is_active:
        raise Rejected("account_closed")
    return row


def _give(actor: Actor, account: Account, right: Right) -> Grant:
    if account.officer_id is None:
        raise Rejected("officers_only")
    made = orgs.grant(actor, officer=account.officer_id, acts=right.acts, item=right.item, region=right.region)
    facts = {"account": account.id, "acts": " ".join(sorted(right.acts)), "item": right.item, "region": right.region}
    record(actor, event="right_given", facts={**facts, "grant": made.id})
    return made


def _end(actor: Actor, account: Account, grant: Grant) -> None:
    orgs.take_back(actor, officer=grant.officer_id, grant_id=grant.id)
    record(actor, event="right_ended", facts={"account": account.id, "grant": grant.id})
