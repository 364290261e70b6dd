"""What a peer remembers after this node was restored (protocol, section 16), and when it is believed."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from tongban.base.seal import Sealed
from tongban.exchange.rules.belief import check_letter, check_receipt
from tongban.exchange.rules.directory import Directory
from tongban.exchange.rules.letters import Event, Heard, Part, Receipt, read_receipt

STILL_WRITING = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Recalled:
    """A letter between this node and a peer, with the receipt that was given for it before the restore.

    ours: this node wrote it and the peer answered; else the peer wrote it and this node answered. letter.parts: the
    bodies that the peer still holds.
    """

    letter: Heard
    peer: str
    ours: bool
    receipt: Receipt


def check_recalled(
    directory: Directory, sealed: Sealed, parts: tuple[Part, ...], answer: Sealed, *, sender: str, receiver: str
) -> tuple[Event, Receipt]:
    """What letter and receipt say, if both are genuine and belong to each other. A key revoked after the answer counts.

    Raises Rejected as `check_letter` and `check_receipt` do.
    """
    answered_at = read_receipt(answer.payload).at
    event = check_letter(directory, sealed, parts, peer=sender, known_since=answered_at)
    receipt = check_receipt(
        directory,
        answer,
        sender=sender,
        receiver=receiver,
        letter=event.id,
        digest=sealed.digest,
        known_since=answered_at,
    )
    return event, receipt


def is_from_another_life(event: Event, receipt: Receipt, *, begun_at: datetime, now: datetime) -> bool:
    """Whether a letter of ours that is unknown here was written after the recovery began and answered just now: the
    node that was given up is still running somewhere."""
    return event.at > begun_at and receipt.at > now - STILL_WRITING


def gaps(seen: Iterable[int], *, above: int) -> list[tuple[int, int]]:
    """The ranges of numbers above one and below the highest seen that nobody has shown: first and last of each."""
    found: list[tuple[int, int]] = []
    last = above
    for number in sorted(set(seen)):
        if number > last + 1:
            found.append((last + 1, number - 1))
        last = max(last, number)
    return found
