"""Letters as they were signed."""

from uuid import UUID

from tongban.base.seal import Sealed, seal
from tongban.exchange.models import Inbox, Letter
from tongban.exchange.queries.directory import directory
from tongban.exchange.queries.keys import signer


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
