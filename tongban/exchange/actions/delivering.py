"""Letters on their way: claimed by a lease that ends by itself, finished by a receipt, tried again for ever."""

import logging
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from django.db import connection, transaction
from django.db.models.functions import Now
from django.utils import timezone

from tongban.base.seal import Sealed
from tongban.exchange import queries, vault
from tongban.exchange.actions.alarms import raise_alarm
from tongban.exchange.models import Delivery
from tongban.exchange.models import Part as PartRow
from tongban.exchange.rules import LETTER_TYP, LetterRef, Part, wait_after

logger = logging.getLogger(__name__)

LEASE_SECONDS = 15

CLAIM = """
WITH due AS (
    SELECT found.id
    FROM unnest(%(peers)s::text[]) AS peer (code)
    CROSS JOIN LATERAL (
        SELECT mine.id
        FROM exchange_delivery AS mine
        WHERE mine.receiver = peer.code
          AND mine.receipt IS NULL
          AND mine.next_try_at <= statement_timestamp()
          AND (mine.lease_until IS NULL OR mine.lease_until <= statement_timestamp())
          AND (%(in_order)s IS FALSE OR NOT EXISTS (
              SELECT 1
              FROM exchange_delivery AS earlier
              WHERE earlier.receiver = mine.receiver
                AND earlier.subject = mine.subject
                AND earlier.receipt IS NULL
                AND earlier.id < mine.id))
        ORDER BY mine.id
        LIMIT %(most)s
        FOR UPDATE SKIP LOCKED
    ) AS found
)
UPDATE exchange_delivery AS delivery
SET lease_until = statement_timestamp() + make_interval(secs => %(lease)s), attempts = delivery.attempts + 1
FROM due, exchange_letter AS letter
WHERE delivery.id = due.id AND letter.id = delivery.letter_id
RETURNING delivery.id, delivery.receiver, delivery.attempts, letter.id, letter.kind, letter.subject, letter.digest,
          letter.protected, letter.payload, letter.signature
"""


@dataclass(frozen=True, slots=True)
class Parcel:
    """A claimed delivery with everything that goes over the wire. attempts: this one included."""

    delivery: int
    receiver: str
    attempts: int
    letter: LetterRef
    sealed: Sealed
    parts: tuple[Part, ...]


def claim(peers: Sequence[str], *, most: int = 10, in_order: bool = True) -> list[Parcel]:
    """Lease the next letters of each peer: only the first unreceipted one of a (receiver, subject).

    in_order: False only where a test wants disorder.
    """
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(CLAIM, {"peers": list(peers), "most": most, "lease": LEASE_SECONDS, "in_order": in_order})
            rows = sorted(cursor.fetchall())
        parts = _parts({row[3] for row in rows})
    return [
        Parcel(
            delivery=row[0],
            receiver=row[1],
            attempts=row[2],
            letter=LetterRef(id=row[3], kind=row[4], subject=row[5], digest=row[6]),
            sealed=queries.presentable(
                Sealed(protected=bytes(row[7]), payload=bytes(row[8]), signature=bytes(row[9])), typ=LETTER_TYP
            ),
            parts=tuple(parts[row[3], row[1]]),
        )
        for row in rows
    ]


def _parts(letters: set[UUID]) -> dict[tuple[UUID, str], list[Part]]:
    found: dict[tuple[UUID, str], list[Part]] = defaultdict(list)
    if letters:
        for part in PartRow.objects.filter(letter__in=letters).order_by("id"):
            found[part.letter_id, part.receiver].append(Part(part.audience, vault.unlock(part.content)))
    return found


def postpone(parcel: Parcel, *, trouble: str, seconds: float | None = None) -> None:
    """Let the letter rest; later ones of its subject rest with it. seconds: what the receiver asked for."""
    wait = wait_after(parcel.attempts)
    if seconds is not None:
        wait = max(min(wait, timedelta(seconds=30)), timedelta(seconds=min(seconds, 300)))
    Delivery.objects.filter(id=parcel.delivery, receipt=None).update(
        lease_until=None, next_try_at=timezone.now() + wait, trouble=trouble[:300]
    )


def refused(parcel: Parcel, *, reason: str) -> None:
    """The peer will not have the letter as it is: a person has to look, meanwhile it is offered again."""
    facts = {"letter": str(parcel.letter.id), "kind": parcel.letter.kind, "reason": reason}
    raise_alarm("refused", peer=parcel.receiver, subject=parcel.letter.subject, facts=facts)
    postpone(parcel, trouble=reason)


def release(parcels: Sequence[Parcel], *, trouble: str) -> None:
    """The peer did not answer at all: give the leases back; the worker leaves the peer alone for a while."""
    Delivery.objects.filter(id__in=[parcel.delivery for parcel in parcels], receipt=None).update(
        lease_until=None, trouble=trouble[:300]
    )


def try_now(peer: str) -> int:
    """Offer everything that rests for a peer again at once; how many letters that are."""
    return Delivery.objects.filter(receiver=peer, receipt=None).update(next_try_at=Now(), lease_until=None)
