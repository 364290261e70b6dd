"""Staff: appointed, moved, given a code, gone and come back."""

from datetime import date
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from tongban.base.actor import Actor, Role
from tongban.base.errors import Rejected
from tongban.base.identifiers import tidy
from tongban.base.times import legal_date
from tongban.base.uuid7 import uuid7
from tongban.journal.actions import record
from tongban.orgs.actions import Outcome, appoint_officer
from tongban.orgs.actions.rights import only_operator
from tongban.people import actions as people
from tongban.people.models import Account
from tongban.people.queries import find_account, get_staff, staff
from tongban.people.rules import STAFF, tidy_name
from tongban.staff.actions.rights import end_all_rights
from tongban.staff.rules import SERVING


@transaction.atomic
def appoint(
    actor: Actor, *, username: str, name: str, role: Role, organ: str = "", new: bool = False
) -> tuple[Account, Outcome]:
    """Let somebody work here, or bring up to date who he is and where he serves. `hand_out_code` lets him in.

    new: it is meant that nobody has the user name yet.
    Raises Rejected("invalid", fields=…), ("not_allowed").
    """
    only_operator(actor)
    name, organ = tidy_name(name), tidy(organ) if role in SERVING else ""
    if role in SERVING and not organ:
        raise Rejected("invalid", fields={"organ": "organ_missing"})
    account = find_account(username.strip())
    if account is None:
        return _open(actor, username=username, name=name, role=role, organ=organ), Outcome.NEW
    if new:
        raise Rejected("invalid", fields={"username": "username_taken"})
    _check_same(account, role)
    if (account.name, account.role, account.organ) == (name, role, organ):
        return account, Outcome.SAME
    if role in SERVING and account.officer_id is not None:
        _serve(actor, account_id=account.id, name=name, organ=organ, officer=account.officer_id)
    changed = people.change_account(
        actor, account=account.id, name=name, role=role, officer=account.officer_id, organ=organ
    )
    facts = {"account": account.id, "role": role, "organ": organ, "organ_before": account.organ}
    record(actor, event="staff_changed", facts=facts)
    return changed, Outcome.CHANGED


@transaction.atomic
def leave(actor: Actor, *, account: UUID, on: date) -> Outcome:
    """He has left: his account is closed at once, every log-in of his ends, and so do his rights. All rows stay.

    Raises Rejected("not_found"), ("not_oneself"), ("last_operator"), ("invalid") for a day to come.
    """
    only_operator(actor)
    row = get_staff(actor, account)
    if not row.is_active:
        return Outcome.SAME
    if on > legal_date(timezone.now()):
        raise Rejected("invalid", fields={"left_on": "left_on_later"})
    _check_other(actor, row)
    if row.role == Role.OPERATOR and not _other_operators(actor, row):
        raise Rejected("last_operator")
    people.close_account(actor, account=row.id, on=on)
    end_all_rights(actor, row)
    record(actor, event="staff_left", facts={"account": row.id, "on": on})
    return Outcome.CHANGED


@transaction.atomic
def bring_back(actor: Actor, *, account: UUID) -> None:
    """He works here again: with a new code, and without the rights that he had. Raises Rejected("not_found")."""
    only_operator(actor)
    row = get_staff(actor, account)
    if not row.is_active:
        people.reopen_account(actor, account=row.id)
        record(actor, event="staff_brought_back", facts={"account": row.id})


@transaction.atomic
def hand_out_code(actor: Actor, *, account: UUID) -> tuple[str, Account]:
    """A code on paper, for a new account or a forgotten password; what opened the account before no longer does.

    Raises Rejected("not_found"), ("account_closed"), ("not_oneself"): one's own password is changed with the old one.
    """
    only_operator(actor)
    row = get_staff(actor, account)
    _check_other(actor, row)
    given = people.give_code(actor, account=row.id)
    record(actor, event="code_given", facts={"account": row.id})
    return given


def _open(actor: Actor, *, username: str, name: str, role: Role, organ: str) -> Account:
    account_id, officer = uuid7(), uuid7() if role in SERVING else None
    made = people.open_account(
        actor, username=username, name=name, role=role, account_id=account_id, officer=officer, organ=organ
    )
    if officer:
        _serve(actor, account_id=account_id, name=made.name, organ=organ, officer=officer)
    record(actor, event="staff_appointed", facts={"account": account_id, "role": role, "organ": organ})
    return made


def _serve(actor: Actor, *, account_id: UUID, name: str, organ: str, officer: UUID) -> None:
    try:
        appoint_officer(actor, account_id=account_id, name=name, organ=organ, officer_id=officer)
    except Rejected as refusal:
        if refusal.reason not in ("unknown_organ", "organ_closed"):
            raise
        raise Rejected("invalid", fields={"organ": "organ_not_open"}) from refusal


def _check_same(account: Account, role: Role) -> None:
    """An account passes neither from a person to another nor between serving an organ and running the node."""
    if account.role not in STAFF:
        raise Rejected("invalid", fields={"username": "username_taken"})
    if not account.is_active:
        raise Rejected("invalid", fields={"username": "staff_left"})
    if (account.role in SERVING) is not (role in SERVING):
        raise Rejected("invalid", fields={"role": "role_stays"})


def _check_other(actor: Actor, row: Account) -> None:
    if actor.person is not None and actor.person in (row.id, row.officer_id):
        raise Rejected("not_oneself")


def _other_operators(actor: Actor, row: Account) -> bool:
    """Locked, so that two operators who close each other's account do not both succeed."""
    operators = staff(actor).filter(role=Role.OPERATOR, is_active=True).select_for_update()
    return any(operator.id != row.id for operator in operators)
