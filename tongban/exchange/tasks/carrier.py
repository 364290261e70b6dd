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

logger = logging.getLogger(__name__)

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
        for parcel, answer in zip(self.parcels, self.answers, strict=True):
            if answer is not None:
                _settle(parcel, answer)


def _settle(parcel: Parcel, answer: Answer) -> None:
    if answer.receipt is not None:
        actions.finish(parcel, answer.receipt)
    elif answer.status in LATER:
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
    if len(parcels) == 1:
        return [client.post_letter(connection, peer, parcels[0].sealed, parcels[0].parts)]
    return client.post_batch(connection, peer, [(parcel.sealed, parcel.parts) for parcel in parcels])


def _connection() -> requests.Session:
    if not hasattr(_own, "session"):
        _own.session = client.session()
    session: requests.Session = _own.session
    return session
