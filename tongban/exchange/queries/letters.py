"""Letters as they were signed."""

from uuid import UUID

from tongban.base.seal import Sealed
from tongban.exchange.models import Inbox, Letter


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
