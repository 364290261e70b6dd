"""Taking letters: each exactly once, each answered by a signed receipt."""

import logging
from collections.abc import Callable, Mapping
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone

from tongban.base.canonical import canonical_json, parse_json
from tongban.base.errors import NotYet, Rejected
from tongban.base.seal import Sealed, parse_sealed, seal
from tongban.exchange import queries
from tongban.exchange.actions.alarms import raise_alarm
from tongban.exchange.actions.registry import Kind, kinds
from tongban.exchange.models import Gap, Inbox
from tongban.exchange.queries import presentable
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


def receive(peer: str, sealed: Sealed, parts: tuple[Part, ...] = ()) -> bytes:
    """Take a letter that the peer brought and return our receipt, a flattened JWS as JSON.

    A repeat gets the receipt it got before. Nothing is kept of a letter that raises.
    Rejected: no proper letter of the peer ("malformed", "unknown_key", "key_expired", "key_revoked", "wrong_signature",
    "not_the_sender", "part_changed", "fork"). NotYet: it has to come again ("unknown_kind", "gap", "from_the_future",
    "halted", "defect", and what the app says).
    """
    event = check_letter(queries.directory(), sealed, parts, peer=peer)
    try:
        check_time(event, now=timezone.now())
        taken, before = _take(_kind_of(event), event, sealed, parts)
    except NotYet as refusal:
        _note(event, refusal)
        raise
    except Exception as defect:
        logger.exception("letter_failed", extra={"letter": str(event.id), "kind": event.kind, "peer": peer})
        halted = NotYet("defect", letter=event.id)
        _note(event, halted)
        raise halted from defect
    return _same_receipt(taken, sealed) if before else bytes(taken.receipt)


def _kind_of(event: Event) -> Kind:
    kind = kinds.get(event.kind)
    if kind is None:
        raise NotYet("unknown_kind", kind=event.kind)
    return kind


def _same_receipt(before: Inbox, sealed: Sealed) -> bytes:
    if before.digest != sealed.digest:
        facts = {"letter": str(before.letter_id), "taken": before.digest, "brought": sealed.digest}
        raise_alarm("fork", peer=before.sender, subject=before.subject, facts=facts)
        raise Rejected("fork", letter=before.letter_id)
    return canonical_json(presentable(_sealed(bytes(before.receipt)), typ=RECEIPT_TYP).as_json())


def _sealed(receipt: bytes) -> Sealed:
    return parse_sealed(parse_json(receipt))


@transaction.atomic
def _take(kind: Kind, event: Event, sealed: Sealed, parts: tuple[Part, ...]) -> tuple[Inbox, bool]:
    """Hear the letter and store it with our receipt, all or nothing; letters of one subject one after the other.

    The row, and whether it stood there before.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 7))", [f"{event.sender} {event.subject}"])
    before = Inbox.objects.filter(sender=event.sender, letter_id=event.id).first()
    if before is not None:
        return before, True
    heard = Heard(
        id=event.id,
        kind=event.kind,
        sender=event.sender,
        subject=event.subject,
        at=event.at,
        data=event.data,
        digest=sealed.digest,
        parts=parts,
    )
    outcome, reason, facts = _ask(kind, heard)
    taken = Inbox.objects.create(
        letter_id=event.id,
        sender=event.sender,
        kind=event.kind,
        subject=event.subject,
        protected=sealed.protected,
        payload=sealed.payload,
        signature=sealed.signature,
        digest=sealed.digest,
        made_at=event.at,
        receipt=_receipt(event, sealed, outcome, reason, facts),
        outcome=outcome,
        reason=reason or "",
        at=timezone.now(),
    )
    return taken, False


def _ask(kind: Kind, heard: Heard) -> tuple[Outcome, str | None, Mapping[str, str]]:
    """What the app says to the letter. A rejection undoes whatever `hear` had written."""
    if not kind.may_reject:
        _without_rejecting(kind.hear, heard)
        return Outcome.TAKEN, None, {}
    try:
        with transaction.atomic():
            kind.hear(heard)
    except Rejected as refusal:
        return Outcome.REJECTED, refusal.reason, _as_text({**refusal.facts, **refusal.fields})
    return Outcome.TAKEN, None, {}


def _without_rejecting(hear: Callable[[Heard], None], heard: Heard) -> None:
    try:
        hear(heard)
    except Rejected as refusal:
        raise NotYet("halted", because=refusal.reason) from refusal


def _as_text(facts: Mapping[str, object]) -> dict[str, str]:
    return {name: str(value)[:200] for name, value in facts.items() if name.isascii()}


def _receipt(event: Event, sealed: Sealed, outcome: Outcome, reason: str | None, facts: Mapping[str, str]) -> bytes:
    payload = receipt_payload(
        Receipt(
            letter=sealed.digest,
            id=event.id,
            sender=event.sender,
            receiver=settings.NODE,
            outcome=outcome,
            reason=reason,
            facts=facts,
            at=timezone.now(),
        )
    )
    return canonical_json(seal(payload, queries.signer(), typ=RECEIPT_TYP).as_json())


def _note(event: Event, refusal: NotYet) -> None:
    """A letter that waits: missing ones are pulled, everything else reaches a person."""
    if refusal.reason == GAP:
        Gap.objects.bulk_create([Gap(sender=event.sender, subject=event.subject)], ignore_conflicts=True)
        return
    facts: dict[str, Any] = {"letter": str(event.id), "kind": event.kind, "reason": refusal.reason}
    facts |= _as_text(refusal.facts)
    if raise_alarm("waiting", peer=event.sender, subject=event.subject, facts=facts):
        logger.warning("letter_waits", extra=facts)
