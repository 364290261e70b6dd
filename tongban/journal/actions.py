"""Write down who looked at whom, and what this node noticed.

Rows are never changed, and the app role cannot remove them; the owner of the database removes those past their time.
"""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from tongban.base.actor import Actor, Role
from tongban.base.errors import Rejected
from tongban.journal.models import Entry
from tongban.journal.queries import pseudonym, written_before
from tongban.journal.rules import LONGEST_TEXT, LOOK, clean_facts, is_event, without_numbers


@transaction.atomic
def record_look(actor: Actor, *, subject: UUID, case: UUID | None, what: str, purpose: str) -> Entry:
    """Write down that the actor sees something about a person: what ("id_number", "dossier" …) and for what purpose.

    To be called before the look, in the same transaction. Raises Rejected("no_purpose") without a purpose.
    """
    if not purpose.strip():
        raise Rejected("no_purpose")
    return Entry.objects.create(
        **_who(actor),
        event=LOOK,
        subject=pseudonym(subject),
        case=case,
        what=without_numbers(what)[:LONGEST_TEXT],
        purpose=without_numbers(purpose.strip())[:LONGEST_TEXT],
    )


@transaction.atomic
def record(actor: Actor, *, event: str, facts: Mapping[str, object], case: UUID | None = None) -> Entry:
    """Write down an event of the node, such as a refused letter. Facts hold no personal data; numbers become ***."""
    if not is_event(event):
        raise ValueError(f"not the name of an event: {event!r}")
    return Entry.objects.create(**_who(actor), event=event, case=case, facts=clean_facts(facts))


def erase_before(actor: Actor, *, before: datetime, most: int, using: str) -> list[str]:
    """Remove the oldest rows written before a moment; returns what was removed, one text each.

    using: the connection of the owner of the database. Raises Rejected("not_allowed"), and ProgrammingError when the
    connection is not its owner's.
    """
    if actor.role is not Role.SYSTEM:
        raise Rejected("not_allowed")
    found = written_before(actor, before=before).using(using)[:most]
    named = {row.pk: f"entry {row.pk} {row.event} {row.at.isoformat()}" for row in found}
    Entry.objects.using(using).filter(pk__in=named).delete()
    return list(named.values())


def _who(actor: Actor) -> dict[str, object]:
    return {
        "at": timezone.now(),
        "actor": pseudonym(actor.person) if actor.person else "",
        "role": actor.role.value,
        "organ": actor.organ or "",
        "node": actor.node,
        "via": actor.via.value,
    }
