"""Taking letters: each exactly once, each answered by a signed receipt."""

import logging
from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone

from tongban.base.canonical import canonical_json, parse_json
from tongban.base.errors import NotYet, Rejected
from tongban.base.seal import Sealed, parse_sealed, seal
from tongban.exchange import queries
from tongban.exchange.actions.alarms import raise_alarm
from tongban.exchange.models import Gap, Inbox
from tongban.exchange.queries import presentable
from tongban.exchange.registry import Kind, kinds
from tongban.exchange.rules import (
    RECEIPT_TYP,
    Event,
    Heard,
    Outcome,
    Part,
    Receipt,
    check_letter,
    check_time,
    receipt_payload,
)

logger = logging.getLogger(__name__)
GAP = "gap"

STORE = """
INSERT INTO exchange_inbox (letter_id, sender, kind, subject, protected, payload, signature, digest, made_at, receipt,
                            outcome, reason, at)
VALUES (%(letter_id)s, %(sender)s, %(kind)s, %(subject)s, %(protected)s, %(payload)s, %(signature)s, %(digest)s,
        %(made_at)s, %(receipt)s, %(outcome)s, %(reason)s, %(at)s)
ON CONFLICT (sender, letter_id) DO NOTHING
"""


def receive(peer: str, sealed: Sealed, parts: tuple[Part, ...] = ()) -> bytes:
    """Take a letter that the peer brought and return our receipt, a flattened JWS as JSON.

    A repeat gets the receipt it got before. Nothing is kept of a letter that raises.
    Rejected: no proper letter of the peer ("malformed", "unknown_key", "key_expired", "key_revoked", "wrong_signature",
    "not_the_sender", "part_changed", "fork"). NotYet: it has to come again ("unknown_kind", "gap", "from_the_future",
    "halted", "defect", "recovering", and what the app says).
    """
    event = check_letter(queries.directory(), sealed, parts, peer=peer)
    if queries.is_recovering() or peer in queries.owing():
        raise NotYet("recovering")
    try:
        check_time(event, now=timezone.now())
        receipt = _take(_kind_of(event), event, sealed, parts)
    except NotYet as refusal:
        _note(event, refusal)
        raise
    except Exception as defect:
        logger.exception("letter_failed", extra={"letter": str(event.id), "kind": event.kind, "peer": peer})
        halted = NotYet("defect", letter=event.id)
        _note(event, halted)
        raise halted from defect
    return _same_receipt(event, sealed) if receipt is None else receipt


def _kind_of(event: Event) -> Kind:
    kind = kinds.get(event.kind)
    if kind is None:
        raise NotYet("unknown_kind", kind=event.kind)
    return kind


def _same_receipt(event: Event, sealed: Sealed) -> bytes:
    before = Inbox.objects.get(sender=event.sender, letter_id=event.id)
    if before.digest != sealed.digest:
        facts = {"letter": str(before.letter_id), "taken": before.digest, "brought": sealed.digest}
        raise_alarm("fork", peer=before.sender, subject=before.subject, facts=facts)
        raise Rejected("fork", letter=before.letter_id)
    return canonical_json(presentable(_sealed(bytes(before.receipt)), typ=RECEIPT_TYP).as_json())


def _sealed(receipt: bytes) -> Sealed:
    return parse_sealed(parse_json(receipt))


@transaction.atomic
def _take(kind: Kind, event: Event, sealed: Sealed, parts: tuple[Part, ...]) -> bytes | None:
    """Store the letter with our receipt and hear it, all or nothing; None when it was answered before.

    The row comes first, so that the same letter brought twice at once waits here for itself.
    """
    try:
        with transaction.atomic(savepoint=kind.may_reject):
            receipt = _store(event, sealed, Outcome.TAKEN)
            if receipt is not None:
                kind.hear(heard_of(event, sealed, parts))
            return receipt
    except Rejected as refusal:
        if not kind.may_reject:
            raise NotYet("halted", because=refusal.reason) from refusal
        return _store(event, sealed, Outcome.REJECTED, refusal.reason, _as_text({**refusal.facts, **refusal.fields}))


def heard_of(event: Event, sealed: Sealed, parts: tuple[Part, ...]) -> Heard:
    """The letter as the apps hear it."""
    return Heard(
        id=event.id,
        kind=event.kind,
        sender=event.sender,
        subject=event.subject,
        at=event.at,
        data=event.data,
        digest=sealed.digest,
        parts=parts,
    )


def _store(
    event: Event,
    sealed: Sealed,
    outcome: Outcome,
    reason: str | None = None,
    facts: Mapping[str, str] = MappingProxyType({}),
) -> bytes | None:
    """Our receipt, stored with the letter; None when the letter stands there already."""
    said = Receipt(
        letter=sealed.digest,
        id=event.id,
        sender=event.sender,
        receiver=settings.NODE,
        outcome=outcome,
        reason=reason,
        facts=facts,
        at=timezone.now(),
    )
    answer = seal(receipt_payload(said), queries.signer(), typ=RECEIPT_TYP)
    return keep_answered(event, sealed, answer, said)


def keep_answered(event: Event, sealed: Sealed, answer: Sealed, said: Receipt) -> bytes | None:
    """Keep a letter with the receipt that was given for it; None when it stands here already."""
    receipt = canonical_json(answer.as_json())
    row: dict[str, str | bytes | UUID | datetime] = {
        "letter_id": event.id,
        "sender": event.sender,
        "kind": event.kind,
        "subject": event.subject,
        "protected": sealed.protected,
        "payload": sealed.payload,
        "signature": sealed.signature,
        "digest": sealed.digest,
        "made_at": event.at,
        "receipt": receipt,
        "outcome": str(said.outcome),
        "reason": said.reason or "",
        "at": said.at,
    }
    with connection.cursor() as cursor:
        cursor.execute(STORE, row)
        return receipt if cursor.rowcount else None


def _as_text(facts: Mapping[str, object]) -> dict[str, str]:
    return {name: str(value)[:200] for name, value in facts.items() if name.isascii()}


def _note(event: Event, refusal: NotYet) -> None:
    """A letter that waits: missing ones are pulled, everything else reaches a person."""
    if refusal.reason == GAP:
        Gap.objects.bulk_create([Gap(sender=event.sender, subject=event.subject)], ignore_conflicts=True)
        return
    facts: dict[str, Any] = {"letter": str(event.id), "kind": event.kind, "reason": refusal.reason}
    facts |= _as_text(refusal.facts)
    if raise_alarm("waiting", peer=event.sender, subject=event.subject, facts=facts):
        logger.warning("letter_waits", extra=facts)
