"""After a restore: what the peers remember is asked for and laid beside, before anything is rebuilt from it."""

import logging
from collections.abc import Sequence

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from tongban.base.canonical import canonical_json
from tongban.base.errors import NotYet, Rejected
from tongban.base.seal import Sealed, b64url
from tongban.exchange import queries, vault
from tongban.exchange.actions.alarms import raise_alarm, settle_alarms
from tongban.exchange.models import Memory, Recovery, Telling
from tongban.exchange.queries.remembering import Remembered
from tongban.exchange.rules import Event, Part, Receipt, check_recalled, is_from_another_life

logger = logging.getLogger(__name__)

UNTOLD = "untold"


@transaction.atomic
def begin_recovery() -> Recovery | None:
    """The recovery of this restore, begun when it is new; None on a node that has forgotten nothing.

    From when on to ask is written down once, by what the backup holds: what is put back later must not move it.
    """
    mark = queries.recovery_mark()
    if mark is None:
        return None
    recovery, _ = Recovery.objects.get_or_create(mark=mark)
    known = set(recovery.tellings.values_list("peer", flat=True))
    for peer in sorted(set(queries.directory().nodes) - {settings.NODE} - known):
        if recovery.looked_at is None:
            written, taken = queries.remembers_until(peer)
            Telling.objects.create(recovery=recovery, peer=peer, written_since=written, taken_since=taken)
    return recovery


@transaction.atomic
def keep_told(telling: Telling, page: Sequence[Remembered], *, ours: bool) -> None:
    """Check what a peer told and keep what this node has forgotten. The same again changes nothing.

    Raises Rejected for what cannot be believed, NotYet("other_life") while somebody else still writes in our name.
    """
    rows = [_row(telling, remembered, ours=ours) for remembered in page]
    Memory.objects.bulk_create([row for row in rows if row is not None], ignore_conflicts=True)


def _row(telling: Telling, remembered: Remembered, *, ours: bool) -> Memory | None:
    sealed, parts, answer = remembered
    event, receipt = _believed(telling.peer, sealed, tuple(parts), answer, ours=ours)
    held = queries.is_told_already(event.id, sealed.digest, peer=telling.peer, ours=ours)
    if held is None:
        raise_alarm("fork", peer=telling.peer, subject=event.subject, facts={"letter": str(event.id)})
    if held is not False:
        return None
    begun_at = telling.recovery.begun_at
    if ours and is_from_another_life(event, receipt, begun_at=begun_at, now=timezone.now()):
        raise NotYet("other_life", letter=event.id)
    return Memory(
        peer=telling.peer,
        ours=ours,
        letter_id=event.id,
        kind=event.kind,
        subject=event.subject,
        protected=sealed.protected,
        payload=sealed.payload,
        signature=sealed.signature,
        receipt=canonical_json(answer.as_json()),
        parts=vault.lock(canonical_json({part.audience: b64url(part.content) for part in parts})),
    )


def _believed(
    peer: str, sealed: Sealed, parts: tuple[Part, ...], answer: Sealed, *, ours: bool
) -> tuple[Event, Receipt]:
    sender, receiver = (settings.NODE, peer) if ours else (peer, settings.NODE)
    return check_recalled(queries.directory(), sealed, parts, answer, sender=sender, receiver=receiver)


def note_told(telling: Telling) -> None:
    """The peer has told everything."""
    Telling.objects.filter(id=telling.id).update(told_at=timezone.now(), trouble="")
    settle_alarms(UNTOLD, peer=telling.peer)
    logger.info("peer_told", extra={"peer": telling.peer})


def note_trouble(telling: Telling, refusal: Rejected | NotYet) -> None:
    """The peer did not tell, or not what can be believed: a person sees it, and it is asked again."""
    if telling.trouble != refusal.reason:
        logger.warning("recovery_waits", extra={"peer": telling.peer, "reason": refusal.reason})
    Telling.objects.filter(id=telling.id).update(trouble=refusal.reason[:60])
    raise_alarm(UNTOLD, peer=telling.peer, facts={"reason": refusal.reason})


def note_looked(recovery: Recovery) -> None:
    """Every peer has told, and was asked once more for what was still on its way."""
    Recovery.objects.filter(id=recovery.id).update(looked_at=timezone.now())
