"""After a restore: what the peers remember is put back, byte for byte, before this node writes again."""

import logging
from collections.abc import Sequence
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from tongban.base.canonical import canonical_json
from tongban.base.errors import Rejected
from tongban.base.seal import Sealed
from tongban.exchange import queries
from tongban.exchange.actions.alarms import raise_alarm, settle_alarms
from tongban.exchange.actions.incoming import heard_of, keep_answered
from tongban.exchange.actions.registry import kinds
from tongban.exchange.models import Delivery, Inbox, Letter
from tongban.exchange.queries.recovery import RECOVERED, RESTORED, Remembered
from tongban.exchange.rules import Event, Part, Receipt, check_letter, check_receipt

logger = logging.getLogger(__name__)

Recalled = tuple[str, Event, Sealed, tuple[Part, ...], Sealed, Receipt]


def recall(peer: str, remembered: Remembered, *, sender: str) -> Recalled:
    """A letter of the sender with its receipt, checked; of sender and receiver one is the peer, the other this node.

    Raises Rejected.
    """
    sealed, parts, answer = remembered
    receiver = settings.NODE if sender == peer else peer
    event = check_letter(queries.directory(), sealed, tuple(parts), peer=sender)
    receipt = check_receipt(
        queries.directory(), answer, sender=sender, receiver=receiver, letter=event.id, digest=sealed.digest
    )
    return receiver, event, sealed, tuple(parts), answer, receipt


@transaction.atomic
def put_back(recalled: Sequence[Recalled]) -> bool:
    """Store what is missing here and let the apps rebuild what followed from it; whether all of it could be.

    A kind without `recover` cannot rebuild: then nothing is put back and a person is told.
    """
    missing = sorted((entry for entry in recalled if not _is_here(entry)), key=lambda entry: (entry[1].at, entry[1].id))
    helpless = {entry[1].kind for entry in missing if (kind := kinds.get(entry[1].kind)) is None or not kind.recover}
    if helpless:
        raise_alarm("restored", peer=settings.NODE, facts={"letters": len(missing), "kinds": sorted(helpless)})
        return False
    for receiver, event, sealed, parts, answer, receipt in missing:
        if event.sender == settings.NODE:
            _keep_ours(receiver, event, sealed, answer, receipt)
        else:
            keep_answered(event, sealed, answer, receipt)
        recover = kinds[event.kind].recover
        if recover is not None and receipt.reason is None:
            recover(heard_of(event, sealed, parts))
    return True


def end_recovery() -> None:
    """Nothing is missing any more: the node may write."""
    restored = Path(settings.STATE) / RESTORED
    (Path(settings.STATE) / RECOVERED).write_text(restored.read_text())
    settle_alarms("restored", peer=settings.NODE)
    logger.info("recovered", extra={"at": timezone.now()})


def _is_here(entry: Recalled) -> bool:
    receiver, event, sealed, *_ = entry
    if event.sender == settings.NODE:
        sent = Delivery.objects.filter(letter=event.id, receiver=receiver)
        found = sent.values_list("letter__digest", flat=True).first()
    else:
        taken = Inbox.objects.filter(sender=event.sender, letter_id=event.id)
        found = taken.values_list("digest", flat=True).first()
    if found is not None and found != sealed.digest:
        raise Rejected("fork", letter=event.id)
    return found is not None


def _keep_ours(receiver: str, event: Event, sealed: Sealed, answer: Sealed, receipt: Receipt) -> None:
    Letter.objects.get_or_create(
        id=event.id,
        defaults={
            "kind": event.kind,
            "subject": event.subject,
            "protected": sealed.protected,
            "payload": sealed.payload,
            "signature": sealed.signature,
            "digest": sealed.digest,
            "made_at": event.at,
        },
    )
    Delivery.objects.create(
        letter_id=event.id,
        receiver=receiver,
        subject=event.subject,
        receipt=canonical_json(answer.as_json()),
        outcome=receipt.outcome,
        reason=receipt.reason or "",
        receipted_at=receipt.at,
    )
