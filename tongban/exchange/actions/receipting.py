"""Receipts of our letters: believed, stored, told to the app that wrote the letter."""

import logging
from collections.abc import Sequence

from django.conf import settings
from django.db import connection, transaction

from tongban.base.canonical import canonical_json
from tongban.base.errors import Rejected
from tongban.base.seal import Sealed
from tongban.exchange import queries
from tongban.exchange.actions.alarms import raise_alarm
from tongban.exchange.actions.delivering import Parcel, postpone
from tongban.exchange.registry import kinds
from tongban.exchange.rules import Receipt, check_receipt

logger = logging.getLogger(__name__)

STORE = """
UPDATE exchange_delivery AS delivery
SET receipt = came.receipt, outcome = came.outcome, reason = came.reason, receipted_at = came.at, lease_until = NULL,
    trouble = ''
FROM unnest(%s::bigint[], %s::bytea[], %s::text[], %s::text[], %s::timestamptz[])
    AS came (id, receipt, outcome, reason, at)
WHERE delivery.id = came.id AND delivery.receipt IS NULL
"""

Answer = tuple[Parcel, Sealed, Receipt]


def finish(answers: Sequence[tuple[Parcel, Sealed]]) -> int:
    """Store the receipts that can be believed; how many were new.

    Where the app wants to hear of the answer, it is told in the transaction that stores the receipt; when it cannot
    take it, the receipt is fetched again later.
    """
    believed = [(parcel, answer, receipt) for parcel, answer in answers if (receipt := _believe(parcel, answer))]
    quiet = [answer for answer in believed if not _is_told(answer[0])]
    return (_store(quiet) if quiet else 0) + sum(_tell(answer) for answer in believed if _is_told(answer[0]))


def _believe(parcel: Parcel, answer: Sealed) -> Receipt | None:
    letter = parcel.letter
    try:
        return check_receipt(
            queries.directory(),
            answer,
            sender=settings.NODE,
            receiver=parcel.receiver,
            letter=letter.id,
            digest=letter.digest,
        )
    except Rejected as refusal:
        facts = {"letter": str(letter.id), "reason": refusal.reason}
        raise_alarm("wrong_receipt", peer=parcel.receiver, subject=letter.subject, facts=facts)
        postpone(parcel, trouble=f"wrong_receipt {refusal.reason}")
        return None


def _is_told(parcel: Parcel) -> bool:
    kind = kinds.get(parcel.letter.kind)
    return kind is not None and kind.answered is not None


def _tell(answer: Answer) -> int:
    parcel, _, receipt = answer
    tell = kinds[parcel.letter.kind].answered
    try:
        with transaction.atomic():
            stored = _store([answer])
            if stored and tell is not None:
                tell(parcel.letter, parcel.receiver, receipt.outcome, receipt.reason, receipt.facts)
            return stored
    except Exception:
        logger.exception("answer_failed", extra={"letter": str(parcel.letter.id), "kind": parcel.letter.kind})
        postpone(parcel, trouble="answer_failed")
        return 0


def _store(answers: Sequence[Answer]) -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            STORE,
            [
                [parcel.delivery for parcel, _, _ in answers],
                [canonical_json(sealed.as_json()) for _, sealed, _ in answers],
                [str(receipt.outcome) for _, _, receipt in answers],
                [receipt.reason or "" for _, _, receipt in answers],
                [receipt.at for _, _, receipt in answers],
            ],
        )
        return int(cursor.rowcount)
