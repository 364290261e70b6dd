"""Whether a page of a case is still the newest: one short text that changes with everything the page shows."""

from uuid import UUID

from tongban.base.actor import Actor
from tongban.base.canonical import digest
from tongban.base.errors import Rejected
from tongban.cases.queries.views import get_readable, waiting_asks


def mark_of(actor: Actor, case_id: UUID) -> str:
    """For a case not registered yet it is the mark of the waiting asks alone. Two short questions to the database.

    Raises Rejected("not_found") for what the actor has nothing to do with.
    """
    asks = waiting_asks(actor, case_id)
    try:
        case, _ = get_readable(actor, case_id)
        standing = f"{case.head} {case.notice_due} {case.decision_due}"
    except Rejected:
        if not asks:
            raise
        standing = ""
    return digest(" ".join([standing, *(f"{ask.letter} {ask.outcome}" for ask in asks)]).encode())[:16]
