"""Where our standard differs from another province's: noted when either is published, followed until it is settled."""

from django.conf import settings
from django.db import transaction

from tongban.base.actor import Actor, Role
from tongban.base.canonical import canonical_json, digest
from tongban.base.errors import Rejected
from tongban.calendar.queries import now
from tongban.catalogue import queries
from tongban.catalogue.models import Discrepancy
from tongban.catalogue.rules.comparing import Difference, differences

State = Discrepancy.State
BY_HAND = (State.OPEN, State.RAISED, State.KEPT)


def note_discrepancies(item: str, province: str) -> None:
    """Compare both newest standards, within the caller's transaction; what no longer differs is gone by itself."""
    ours, theirs = queries.find_version(item, settings.NODE), queries.find_version(item, province)
    if ours is None or theirs is None or province == settings.NODE:
        return
    found = {_key(entry): entry for entry in differences(queries.definition_in(ours), queries.definition_in(theirs))}
    known = {row.key: row for row in Discrepancy.objects.filter(item=item, province=province)}
    at = now()
    Discrepancy.objects.bulk_create(
        Discrepancy(
            item_id=item,
            province=province,
            key=key,
            path=entry.path,
            here=entry.here,
            there=entry.there,
            breaks_four_same=entry.breaks_four_same,
            since=at,
            changed_at=at,
        )
        for key, entry in found.items()
        if key not in known
    )
    gone = [row.pk for key, row in known.items() if key not in found and row.state != State.GONE]
    back = [row.pk for key, row in known.items() if key in found and row.state == State.GONE]
    Discrepancy.objects.filter(pk__in=gone).update(state=State.GONE, changed_at=at)
    Discrepancy.objects.filter(pk__in=back).update(state=State.OPEN, changed_at=at)


def _key(entry: Difference) -> str:
    return digest(canonical_json({"path": entry.path, "here": entry.here, "there": entry.there}))


@transaction.atomic
def follow_discrepancy(actor: Actor, *, discrepancy: int, state: str, note: str) -> Discrepancy:
    """Say what is being done about it: raised with the other province, or kept for a reason, or open again.

    Raises Rejected("not_allowed"), ("not_found"), ("invalid") without a note or with another state.
    """
    if actor.role is not Role.OPERATOR:
        raise Rejected("not_allowed")
    row = Discrepancy.objects.select_for_update().filter(pk=discrepancy).exclude(state=State.GONE).first()
    if row is None:
        raise Rejected("not_found")
    wrong = {} if state in BY_HAND else {"state": "not_a_choice"}
    if not note.strip():
        wrong["note"] = "required"
    if wrong:
        raise Rejected("invalid", fields=wrong)
    row.state, row.note, row.changed_at = State(state), note.strip()[:200], now()
    row.save()
    return row
