"""Carrying a batch of letters to one peer: over the wire in a thread, into the database in the loop."""

import logging
import threading
from collections.abc import Sequence
from dataclasses import dataclass

import requests

from tongban.base.errors import NotYet
from tongban.exchange import actions, client
from tongban.exchange.actions import Parcel
from tongban.exchange.chaos import Chaos
from tongban.exchange.client import Answer
from tongban.exchange.rules import MOST_LETTERS, MOST_REQUEST_BYTES, wire_size

logger = logging.getLogger(__name__)

ENVELOPE_BYTES = 100
LATER = frozenset({429, 502, 503, 504})

_own = threading.local()


@dataclass(frozen=True, slots=True)
class Carried:
    """What became of a batch. away: why the peer did not answer; empty when it did."""

    parcels: Sequence[Parcel]
    answers: Sequence[Answer | None]
    away: str = ""

    def settle(self) -> None:
        """Write down every answer; None is a receipt that got lost, its letter goes again when the lease ends."""
        if self.away:
            actions.release(self.parcels, trouble=self.away)
            return
        answered = [(parcel, answer) for parcel, answer in zip(self.parcels, self.answers, strict=True) if answer]
        actions.finish([(parcel, answer.receipt) for parcel, answer in answered if answer.receipt])
        for parcel, answer in answered:
            if answer.receipt is None:
                _try_again(parcel, answer)


def _try_again(parcel: Parcel, answer: Answer) -> None:
    if answer.status in LATER:
        actions.postpone(parcel, trouble=answer.reason or str(answer.status), seconds=answer.retry_after)
    else:
        actions.refused(parcel, reason=answer.reason or str(answer.status))


def carry(peer: str, parcels: Sequence[Parcel], chaos: Chaos) -> Carried:
    """Bring the letters to the peer and hear its answers. Touches no database and never raises."""
    chaos.wait()
    try:
        answers = _post(peer, parcels)
        if chaos.repeats():
            answers = _post(peer, parcels)
    except NotYet as refusal:
        return Carried(parcels, [], away=str(refusal.facts.get("trouble") or refusal.reason))
    except Exception:
        logger.exception("carrying_failed", extra={"peer": peer})
        return Carried(parcels, [], away="defect")
    return Carried(parcels, [None if chaos.loses_receipt() else answer for answer in answers])


def _post(peer: str, parcels: Sequence[Parcel]) -> list[Answer]:
    connection = _connection()
    answers: list[Answer] = []
    for load in loads(parcels):
        if len(load) == 1:
            answers.append(client.post_letter(connection, peer, load[0].sealed, load[0].parts))
        else:
            answers += client.post_batch(connection, peer, [(parcel.sealed, parcel.parts) for parcel in load])
    return answers


def loads(parcels: Sequence[Parcel]) -> list[list[Parcel]]:
    """The parcels in their order, each load within the limits of one request."""
    found: list[list[Parcel]] = []
    room = 0
    for parcel in parcels:
        size = wire_size(parcel.sealed, parcel.parts)
        if not found or size > room or len(found[-1]) == MOST_LETTERS:
            found.append([])
            room = MOST_REQUEST_BYTES - ENVELOPE_BYTES
        found[-1].append(parcel)
        room -= size
    return found


def _connection() -> requests.Session:
    if not hasattr(_own, "session"):
        _own.session = client.session()
    session: requests.Session = _own.session
    return session
