"""When a letter or a receipt is believed (protocol, sections 4 and 5): pure decisions over a directory."""

from datetime import datetime
from uuid import UUID

from tongban.base.errors import Rejected
from tongban.base.seal import Sealed
from tongban.exchange.rules.directory import Directory
from tongban.exchange.rules.letters import (
    LETTER_TYP,
    RECEIPT_TYP,
    Event,
    Part,
    Receipt,
    check_parts,
    read_event,
    read_receipt,
)


def check_letter(
    directory: Directory,
    sealed: Sealed,
    parts: tuple[Part, ...],
    *,
    peer: str,
    known_since: datetime | None = None,
) -> Event:
    """What the letter says, if the peer that brought it has signed it.

    known_since: when it is proved to have been taken before; a key revoked later does not count against it.
    Raises Rejected("malformed", "protocol_version", "unknown_key", "key_revoked", "wrong_signature", "not_the_sender",
    "key_expired" or "part_changed").
    """
    node, key = directory.check_seal(sealed, typ=LETTER_TYP, known_since=known_since)
    event = read_event(sealed.payload)
    if not node.code == event.sender == peer:
        raise Rejected("not_the_sender", source=event.sender, peer=peer)
    if not key.covers(event.at):
        raise Rejected("key_expired", kid=key.kid)
    check_parts(event, parts)
    return event


def check_receipt(
    directory: Directory,
    sealed: Sealed,
    *,
    sender: str,
    receiver: str,
    letter: UUID,
    digest: str,
    known_since: datetime | None = None,
) -> Receipt:
    """What the receipt says, if it answers exactly this letter of the sender and its receiver has signed it.

    Raises Rejected as `check_letter` does, and "wrong_receipt".
    """
    node, key = directory.check_seal(sealed, typ=RECEIPT_TYP, known_since=known_since)
    receipt = read_receipt(sealed.payload)
    said = (node.code, receipt.receiver, receipt.sender, receipt.id, receipt.letter)
    if said != (receiver, receiver, sender, letter, digest):
        raise Rejected("wrong_receipt", letter=letter)
    if not key.covers(receipt.at):
        raise Rejected("key_expired", kid=key.kid)
    return receipt
