"""Read the journal: a person his own looks, an auditor everything, an operator the events of the node."""

from collections.abc import Collection, Iterable
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.db.models import QuerySet

from tongban.base.actor import Actor, Role
from tongban.base.errors import Rejected
from tongban.base.keys import Ring, keyed_hash, node_ring
from tongban.journal.models import Entry
from tongban.journal.rules import LOOK

PURPOSE = "journal"


def pseudonym(person: UUID) -> str:
    """The name under which a person stands in the journal from now on: a keyed hash, found again only with the key."""
    return keyed_hash(_ring().current, PURPOSE, str(person))


def pseudonyms(person: UUID) -> list[str]:
    """Every name a person ever had in the journal: older rows keep the name that an older look-up key gave him."""
    return [keyed_hash(key, PURPOSE, str(person)) for key in _ring().keys]


def looks_at(actor: Actor, subject: UUID) -> QuerySet[Entry]:
    """Who looked at this person, newest first, for himself and auditors; Rejected("not_found") for others."""
    if actor.role is not Role.AUDITOR and subject not in (actor.person, actor.on_behalf_of):
        raise Rejected("not_found")
    return Entry.objects.filter(event=LOOK, subject__in=pseudonyms(subject)).order_by("-id")


def looks_in(actor: Actor, *, cases: Collection[UUID], subjects: Iterable[UUID]) -> QuerySet[Entry]:
    """Looks at these subjects in these cases, for the node's own work: who may know of them is decided by who asks it.

    Raises Rejected("not_allowed").
    """
    if actor.role is not Role.SYSTEM:
        raise Rejected("not_allowed")
    names = [name for subject in set(subjects) for name in pseudonyms(subject)]
    return Entry.objects.filter(event=LOOK, case__in=list(cases), subject__in=names)


def looks_by(actor: Actor, person: UUID) -> QuerySet[Entry]:
    """What somebody looked at, newest first, for auditors. Raises Rejected("not_allowed")."""
    if actor.role is not Role.AUDITOR:
        raise Rejected("not_allowed")
    return Entry.objects.filter(event=LOOK, actor__in=pseudonyms(person)).order_by("-id")


def events(actor: Actor, *, event: str = "") -> QuerySet[Entry]:
    """The events of the node, newest first, for operators and auditors; looks are no events."""
    if actor.role not in (Role.OPERATOR, Role.AUDITOR, Role.SYSTEM):
        raise Rejected("not_allowed")
    found = Entry.objects.exclude(event=LOOK).order_by("-id")
    return found.filter(event=event) if event else found


def written_before(actor: Actor, *, before: datetime) -> QuerySet[Entry]:
    """Rows older than a moment, the oldest first, for the node itself. Raises Rejected("not_allowed")."""
    if actor.role is not Role.SYSTEM:
        raise Rejected("not_allowed")
    return Entry.objects.filter(at__lt=before).order_by("id")


def _ring() -> Ring:
    return node_ring(settings.STATE / "keys", "lookup", node=settings.NODE, mode=settings.MODE)
