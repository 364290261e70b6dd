"""Let people in by their passwords, no faster than a person types them, and let them choose new ones."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.contrib.auth import authenticate
from django.contrib.sessions.models import Session
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from tongban.base.actor import Actor
from tongban.base.errors import Rejected
from tongban.base.times import CHINA
from tongban.base.words import say
from tongban.journal.actions import record
from tongban.journal.queries import pseudonym
from tongban.logins.models import Tally
from tongban.logins.queries import keys_of, name_of
from tongban.logins.rules import LIMITS, Count, Scope, counted, network_of, pause
from tongban.people import actions as people
from tongban.people.models import Account
from tongban.people.queries import actor_of, find_account


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a try comes from. address: of the client. device: what names a browser that the account knows, or empty."""

    address: str
    device: str = ""


def come_in(actor: Actor, *, username: str, password: str, origin: Origin) -> Account:
    """The account that the password opens. One that still has a code (`code_until`) may only choose a password.

    A user name that nobody has is counted, answered and costs the same as any other.
    Raises Rejected("login_paused", retry_after=seconds), ("login_failed"), ("code_expired").
    """
    account = _check(actor, username=username.strip(), password=password, origin=origin)
    if account.code_until is not None and account.code_until <= timezone.now():
        raise Rejected("code_expired")
    record(actor_of(account, via=actor.via), event="logged_in", facts={"by_code": account.code_until is not None})
    return account


def choose_password(actor: Actor, *, account: Account, password: str, again: str) -> Account:
    """In the place of the code that an operator gave out. Raises Rejected("invalid", fields=…)."""
    return _renew(actor_of(account, via=actor.via), account, password=password, again=again, event="password_chosen")


def change_password(
    actor: Actor, *, account: Account, current: str, password: str, again: str, origin: Origin
) -> Account:
    """A new password for the old one, which is asked for as at the door: wrong ones are counted.

    Every other log-in of the account ends. Raises Rejected("login_paused"), ("invalid", fields=…).
    """
    try:
        _check(actor, username=account.username, password=current, origin=origin)
    except Rejected as refusal:
        if refusal.reason != "login_failed":
            raise
        raise Rejected("invalid", fields={"current": "password_current_wrong"}) from refusal
    return _renew(actor, account, password=password, again=again, event="password_changed")


def forget_old(now: datetime) -> bool:
    """Remove counts that have drained, and browser sessions that have ended."""
    Tally.objects.filter(drains_at__lt=now).delete()
    Session.objects.filter(expire_date__lt=now).delete()
    return False


def _check(actor: Actor, *, username: str, password: str, origin: Origin) -> Account:
    """A try is counted before the password is looked at, so that tries sent side by side gain nothing."""
    keys = keys_of(username, address=origin.address, device=origin.device)
    after, at = _count(keys)
    account = authenticate(username=username, password=password)
    if not isinstance(account, Account):
        _note_miss(actor, username, origin, after, at)
        raise Rejected("login_failed")
    _forgive(keys, at)
    return account


@transaction.atomic
def _renew(actor: Actor, account: Account, *, password: str, again: str, event: str) -> Account:
    if password != again:
        raise Rejected("invalid", fields={"again": "passwords_differ"})
    renewed = people.set_password(actor, account=account.id, password=password)
    record(actor, event=event, facts={})
    return renewed


@transaction.atomic
def _count(keys: Mapping[Scope, str]) -> tuple[dict[Scope, Count], datetime]:
    """Count a miss in every scope; the counts and their moment. Raises Rejected("login_paused") and counts nothing.

    The moment is taken once the rows are locked: an earlier one would count tries in another order than their turn.
    """
    names = sorted(keys.values())
    before_turn = timezone.now()
    new = [Tally(key=key, drains_at=before_turn, counted_at=before_turn) for key in names]
    Tally.objects.bulk_create(new, ignore_conflicts=True)
    rows = {row.key: row for row in Tally.objects.select_for_update().filter(key__in=names).order_by("key")}
    at = timezone.now()
    before = {
        scope: Count(rows[key].drains_at, rows[key].paused_until) if key in rows else None
        for scope, key in keys.items()
    }
    if until := pause(before, at):
        raise _paused(until, at)
    after = counted(before, at)
    Tally.objects.bulk_create(
        [
            Tally(key=keys[scope], drains_at=count.drains_at, paused_until=count.paused_until, counted_at=at)
            for scope, count in sorted(after.items(), key=lambda entry: keys[entry[0]])
        ],
        update_conflicts=True,
        unique_fields=["key"],
        update_fields=["drains_at", "paused_until", "counted_at"],
    )
    return after, at


@transaction.atomic
def _forgive(keys: Mapping[Scope, str], at: datetime) -> None:
    """The password was right. Where somebody else has missed in the meantime, his pause stays."""
    for scope, key in sorted(keys.items(), key=lambda entry: entry[1]):
        own = Tally.objects.filter(key=key)
        if scope in (Scope.PAIR, Scope.DEVICE):
            own.delete()
        else:
            own.filter(counted_at=at).update(drains_at=F("drains_at") - LIMITS[scope].forgets, paused_until=None)


def _paused(until: datetime, at: datetime) -> Rejected:
    """The time is told in whole minutes, the wait in seconds or minutes, neither too short."""
    seconds = int((until - at).total_seconds()) + 1
    shown = (until + timedelta(seconds=59)).astimezone(CHINA)
    wait = say("wait.seconds", count=seconds) if seconds < 60 else say("wait.minutes", count=-(-seconds // 60))
    return Rejected("login_paused", until=shown.strftime("%H:%M"), wait=wait, retry_after=seconds)


def _note_miss(actor: Actor, username: str, origin: Origin, after: Mapping[Scope, Count], at: datetime) -> None:
    """Neither the password nor what was typed for a name: the account under its pseudonym, if there is one."""
    account = find_account(username)
    pauses = {scope: count.paused_until for scope, count in after.items() if count.paused_until}
    facts = {
        "account": pseudonym(account.id) if account else "",
        "origin": name_of("origin", network_of(origin.address))[:16],
        **{f"{scope}_waits": int((until - at).total_seconds()) for scope, until in pauses.items()},
    }
    record(actor, event="login_failed", facts=facts)
