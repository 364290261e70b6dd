"""Letters as they were signed."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from itertools import accumulate
from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet

from tongban.base.seal import Sealed, seal
from tongban.exchange import vault
from tongban.exchange.models import Delivery, Inbox, Letter
from tongban.exchange.models import Part as PartRow
from tongban.exchange.queries.directory import directory
from tongban.exchange.queries.keys import signer
from tongban.exchange.rules import LETTER_TYP, Part, wire_size

PAGE = 50
PAGE_BYTES = 3_900_000


def find_sealed(letter_id: UUID, *, sender: str | None = None) -> Sealed | None:
    """The signed text of a letter that this node made or took. sender: None for one of our own."""
    row: Letter | Inbox | None
    if sender is None:
        row = Letter.objects.filter(id=letter_id).first()
    else:
        row = Inbox.objects.filter(letter_id=letter_id, sender=sender).first()
    return None if row is None else sealed_of(row)


def sealed_of(row: Letter | Inbox) -> Sealed:
    return Sealed(protected=bytes(row.protected), payload=bytes(row.payload), signature=bytes(row.signature))


def presentable(sealed: Sealed, *, typ: str) -> Sealed:
    """A text of ours as it can be shown: sealed anew over the same bytes if its key has been revoked since."""
    if directory().is_revoked(sealed.kid):
        return seal(sealed.payload, signer(), typ=typ)
    return sealed


def letters_for(peer: str, *, subject: str, after: UUID | None) -> tuple[Sequence[tuple[Sealed, Sequence[Part]]], bool]:
    """What we wrote to the peer about a subject, in its order, and whether there is more.

    after: the last letter that the peer holds; an unknown one means from the beginning.
    """
    mine = Delivery.objects.filter(receiver=peer, subject=subject).order_by("id")
    known = mine.filter(letter=after).first() if after else None
    found = list(mine.filter(id__gt=known.id if known else 0).select_related("letter")[: PAGE + 1])
    parts: dict[UUID, list[Part]] = defaultdict(list)
    for part in PartRow.objects.filter(receiver=peer, letter__in=[row.letter_id for row in found]).order_by("id"):
        parts[part.letter_id].append(Part(part.audience, vault.unlock(part.content)))
    letters = [(presentable(sealed_of(row.letter), typ=LETTER_TYP), parts[row.letter_id]) for row in found[:PAGE]]
    sizes = accumulate(wire_size(sealed, theirs) for sealed, theirs in letters)
    fitting = max(1, sum(size <= PAGE_BYTES for size in sizes))
    return letters[:fitting], len(found) > min(fitting, PAGE)


def last_taken(sender: str, subject: str) -> UUID | None:
    """The latest letter that we took from a sender about a subject."""
    return (
        Inbox.objects.filter(sender=sender, subject=subject).order_by("-id").values_list("letter_id", flat=True).first()
    )


def delivered_parts(*, before: datetime) -> QuerySet[PartRow]:
    """Bodies whose receiver answered the letter before a moment, the oldest first."""
    answered = Delivery.objects.filter(
        letter=OuterRef("letter"), receiver=OuterRef("receiver"), receipted_at__lt=before
    )
    return PartRow.objects.filter(Exists(answered)).select_related("letter").order_by("id")
