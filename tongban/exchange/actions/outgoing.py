"""Writing letters: always in the transaction of their cause."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import connection
from django.db.transaction import TransactionManagementError
from django.utils import timezone

from tongban.base import seal
from tongban.base.errors import NotYet
from tongban.base.uuid7 import uuid7
from tongban.exchange import queries, vault
from tongban.exchange.models import Delivery, Letter
from tongban.exchange.models import Part as PartRow
from tongban.exchange.rules import LETTER_TYP, Event, Part, check_size, event_payload

_rebuilding: ContextVar[bool] = ContextVar("rebuilding", default=False)


def send(
    *,
    kind: str,
    subject: str,
    data: Mapping[str, Any],
    receivers: Sequence[str],
    parts: Mapping[str, Sequence[Part]] | None = None,
    letter_id: UUID | None = None,
) -> Letter:
    """Sign a letter and put it on its way, within the caller's transaction.

    The caller holds the lock of the subject, so that the order of letters is the order of their causes. This node is
    never a receiver of its own letters: leave it out. parts: receiver -> the bodies that go to it, each named with its
    digest in data["bodies"]. The letter's `digest` is what other texts name it by.
    Raises NotYet("recovering") on a node just restored, and to a peer that still has to tell; Rejected("too_large") for
    a letter that no receiver would take.
    """
    check_may_write(receivers)
    event = Event(
        id=letter_id or uuid7(), kind=kind, sender=settings.NODE, subject=subject, at=timezone.now(), data=data
    )
    sealed = seal.seal(event_payload(event), queries.signer(), typ=LETTER_TYP)
    for theirs in [(), *(parts or {}).values()]:
        check_size(sealed, theirs)
    letter = Letter.objects.create(
        id=event.id,
        kind=kind,
        subject=subject,
        protected=sealed.protected,
        payload=sealed.payload,
        signature=sealed.signature,
        digest=sealed.digest,
        made_at=event.at,
    )
    _deliver(letter, receivers, parts or {})
    return letter


def forward(letter_id: UUID, *, receiver: str, parts: Sequence[Part] = ()) -> None:
    """Send the same bytes to one more receiver, after everything it was already sent about the subject.

    Forwarding again changes nothing.
    """
    check_may_write([receiver])
    letter = Letter.objects.get(id=letter_id)
    if Delivery.objects.filter(letter=letter, receiver=receiver).exists():
        return
    _deliver(letter, [receiver], {receiver: parts})


def _deliver(letter: Letter, receivers: Iterable[str], parts: Mapping[str, Sequence[Part]]) -> None:
    named = list(dict.fromkeys(receivers))
    if settings.NODE in named:
        raise ValueError("a node does not write to itself")
    if strangers := set(parts) - set(named):
        raise ValueError(f"parts for {sorted(strangers)}, who do not receive the letter")
    Delivery.objects.bulk_create(
        Delivery(letter=letter, receiver=receiver, subject=letter.subject) for receiver in named
    )
    PartRow.objects.bulk_create(
        PartRow(letter=letter, receiver=receiver, audience=part.audience, content=vault.lock(part.content))
        for receiver, theirs in parts.items()
        for part in theirs
    )


def check_may_write(receivers: Iterable[str] = ()) -> None:
    """Whether this node may write letters now: a restored one not before it has heard what it forgot.

    Numbers that people are given are asked for after it. Raises NotYet("recovering").
    """
    if not connection.in_atomic_block:
        raise TransactionManagementError("a letter is written in the transaction of its cause")
    if not _rebuilding.get() and queries.is_recovering():
        raise NotYet("recovering")
    if (queries.unheard() if _rebuilding.get() else queries.owing()).intersection(receivers):
        raise NotYet("recovering")


@contextmanager
def while_recovering() -> Iterator[None]:
    """For what rebuilds a restored node: inside, letters may be written although nobody else may yet."""
    before = _rebuilding.set(True)
    try:
        yield
    finally:
        _rebuilding.reset(before)
