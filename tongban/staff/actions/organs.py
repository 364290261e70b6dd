"""Organs: registered, changed, closed."""

from datetime import date

from django.db import transaction
from django.utils import timezone

from tongban.base.actor import Actor
from tongban.base.errors import Rejected
from tongban.base.times import legal_date
from tongban.journal.actions import record
from tongban.orgs import actions as orgs
from tongban.orgs.actions import Outcome
from tongban.orgs.models import Organ
from tongban.people.queries import staff

EVENTS = {Outcome.NEW: "organ_registered", Outcome.CHANGED: "organ_changed"}


@transaction.atomic
def save_organ(actor: Actor, **columns: str) -> tuple[Organ, Outcome]:
    """Add an organ or bring it up to date: the columns of `orgs.actions.establish_organ`. Raises what that raises."""
    organ, outcome = orgs.establish_organ(actor, **columns)
    if outcome in EVENTS:
        record(actor, event=EVENTS[outcome], facts={"organ": organ.code, "division": organ.division_id})
    return organ, outcome


@transaction.atomic
def close_organ(actor: Actor, *, code: str, on: date | None) -> Outcome:
    """Close it on a day, or take a closing back that has not come yet; those who serve it have to be moved before.

    Raises Rejected("organ_has_staff"), ("not_found"), ("invalid", fields={"closed_on": reason}).
    """
    outcome = note_closing(actor, code=code, on=on)
    if outcome is Outcome.CHANGED and on and on <= legal_date(timezone.now()):
        check_empty(actor, code)
    return outcome


@transaction.atomic
def note_closing(actor: Actor, *, code: str, on: date | None) -> Outcome:
    """The same for sheets, which say only afterwards where its staff has gone: `check_empty` comes at their end."""
    organ, outcome = orgs.close_organ(actor, code=code, on=on)
    if outcome is Outcome.CHANGED:
        record(actor, event="organ_closed" if on else "organ_kept", facts={"organ": organ.code, "on": on})
    return outcome


def check_empty(actor: Actor, code: str) -> None:
    """Raises Rejected("organ_has_staff") while somebody serves the organ."""
    count = staff(actor, organ=code).filter(is_active=True).count()
    if count:
        raise Rejected("organ_has_staff", count=count)
