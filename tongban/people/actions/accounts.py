"""Open accounts, set what opens them, and close them."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from django.conf import settings
from django.contrib.auth.hashers import PBKDF2PasswordHasher, make_password
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from tongban.base.actor import Actor, Role
from tongban.base.errors import Rejected
from tongban.base.identifiers import demo_uuid
from tongban.base.words import say
from tongban.people.models import Account
from tongban.people.rules import LONGEST_PASSWORD, WEAKNESSES, check_account, code_from

CODE_LASTS = timedelta(days=7)
CODE_ROUNDS = 10_000
"""Fewer than for a password: a code is random and hundreds are made at once. Its first use hashes it fully."""
OPENERS = (Role.OPERATOR, Role.SYSTEM)


@transaction.atomic
def open_account(
    actor: Actor,
    *,
    username: str,
    name: str,
    role: Role,
    account_id: UUID,
    person: UUID | None = None,
    principal: UUID | None = None,
    officer: UUID | None = None,
    organ: str = "",
) -> Account:
    """Make an account that nothing opens yet: `give_code` comes next.

    Raises Rejected("not_allowed"), ("username_taken"), ("invalid", fields=…).
    """
    _only_openers(actor)
    username, name = check_account(username=username, name=name)
    if Account.objects.filter(username=username).exists():
        raise Rejected("username_taken", fields={"username": "username_taken"})
    return Account.objects.create(
        id=account_id,
        username=username,
        name=name,
        role=role.value,
        password=make_password(None),
        person_id=person,
        principal_id=principal,
        officer_id=officer,
        organ=organ,
    )


@transaction.atomic
def change_account(
    actor: Actor, *, account: UUID, name: str, role: Role, officer: UUID | None = None, organ: str = ""
) -> Account:
    """Bring up to date whom an account stands for; its user name stays. Raises Rejected("not_found"), ("invalid")."""
    row = _locked(actor, account)
    _, row.name = check_account(username=row.username, name=name)
    row.role, row.officer_id, row.organ = role.value, officer, organ
    row.save(update_fields=["name", "role", "officer_id", "organ"])
    return row


@transaction.atomic
def give_code(actor: Actor, *, account: UUID) -> tuple[str, Account]:
    """A code that opens the account for seven days, to choose a password with; what opened it before no longer does.

    Raises Rejected("not_found"), ("account_closed").
    """
    row = _locked(actor, account)
    if not row.is_active:
        raise Rejected("account_closed")
    code = code_from(secrets.choice)
    hasher = PBKDF2PasswordHasher()
    _put_secret(row, hasher.encode(code, hasher.salt(), iterations=CODE_ROUNDS))
    row.code_until = timezone.now() + CODE_LASTS
    row.save(update_fields=["password", "password_at", "code_until"])
    return code, row


@transaction.atomic
def set_password(actor: Actor, *, account: UUID, password: str) -> Account:
    """The password its holder has chosen; every log-in made before ends. For the holder himself.

    Raises Rejected("not_allowed"), ("not_found"), ("invalid", fields={"password": what is wrong with it, in words}).
    """
    row = Account.objects.select_for_update().filter(id=account, is_active=True).first()
    if row is None:
        raise Rejected("not_found")
    if actor.person is None or actor.person not in (row.person_id, row.officer_id, row.id):
        raise Rejected("not_allowed")
    _check_password(row, password)
    _put_secret(row, make_password(password))
    row.code_until = None
    row.save(update_fields=["password", "password_at", "code_until"])
    return row


@transaction.atomic
def close_account(actor: Actor, *, account: UUID, on: date) -> Account:
    """From now on nothing opens it and everybody logged in with it is out; closing it twice changes nothing.

    on: the day on which its holder left.
    """
    row = _locked(actor, account)
    if row.is_active:
        row.is_active, row.closed_on, row.code_until = False, on, None
        _put_secret(row, make_password(None))
        row.save(update_fields=["is_active", "closed_on", "password", "password_at", "code_until"])
    return row


@transaction.atomic
def reopen_account(actor: Actor, *, account: UUID) -> Account:
    """Nothing opens it before `give_code`: what was known before it was closed is no longer believed."""
    row = _locked(actor, account)
    row.is_active, row.closed_on = True, None
    row.save(update_fields=["is_active", "closed_on"])
    return row


@dataclass(frozen=True, slots=True)
class DemoAccount:
    """A log-in of the demo. person, principal: names of demo persons ("34-1"), empty for none."""

    username: str
    name: str
    role: Role
    person: str
    principal: str
    organ: str


@transaction.atomic
def open_demo_accounts(actor: Actor, *, accounts: Sequence[DemoAccount], password: str) -> int:
    """Open the demo's log-ins under fixed ids, all with one password, and return how many are new."""
    if actor.role is not Role.SYSTEM or not settings.DEMO:
        raise Rejected("not_allowed")
    known = set(Account.objects.values_list("username", flat=True))
    new = [account for account in accounts if account.username not in known]
    secret = make_password(password) if new else ""
    Account.objects.bulk_create(_demo_account(account, secret) for account in new)
    return len(new)


def _demo_account(account: DemoAccount, secret: str) -> Account:
    serves = account.role in (Role.CLERK, Role.OFFICER)
    return Account(
        id=demo_uuid("account", account.username),
        username=account.username,
        name=account.name,
        role=account.role.value,
        password=secret,
        person_id=demo_uuid("person", account.person) if account.person else None,
        principal_id=demo_uuid("person", account.principal) if account.principal else None,
        officer_id=demo_uuid("officer", account.username) if serves else None,
        organ=account.organ,
        is_demo=True,
    )


def _put_secret(row: Account, encoded: str) -> None:
    """Sessions end because their hash covers the password's; tokens, because they are older than password_at."""
    row.password, row.password_at = encoded, timezone.now()


def _check_password(row: Account, password: str) -> None:
    if len(password) > LONGEST_PASSWORD:
        raise Rejected("invalid", fields={"password": "password_too_long"})
    if row.check_password(password):
        raise Rejected("invalid", fields={"password": "password_as_before"})
    try:
        validate_password(password, row)
    except ValidationError as error:
        found = {fault.code: fault.params or {} for fault in error.error_list}
        faults = [say(f"reason.{name}", **found[name]) for name in WEAKNESSES if name in found]
        raise Rejected("invalid", fields={"password": "".join(faults)}) from error


def _locked(actor: Actor, account: UUID) -> Account:
    _only_openers(actor)
    row = Account.objects.select_for_update().filter(id=account).first()
    if row is None:
        raise Rejected("not_found")
    return row


def _only_openers(actor: Actor) -> None:
    if actor.role not in OPENERS:
        raise Rejected("not_allowed")
