"""The duty of a restored node: ask every peer what it remembers, and write nothing before all have answered."""

import logging
from datetime import datetime

from django.conf import settings

from tongban.base.errors import NotYet, Rejected
from tongban.exchange import actions, client, queries
from tongban.exchange.actions.recovering import Recalled

logger = logging.getLogger(__name__)


def recover(now: datetime) -> bool:
    """Nothing to do on a node that was not restored."""
    del now
    if not queries.is_recovering():
        return False
    recalled: list[Recalled] = []
    for peer in sorted(set(queries.directory().nodes) - {settings.NODE}):
        try:
            recalled += _from(peer)
        except (Rejected, NotYet) as refusal:
            logger.warning("recovery_waits", extra={"peer": peer, "reason": refusal.reason})
            return False
    if actions.put_back(recalled):
        actions.end_recovery()
    return False


def _from(peer: str) -> list[Recalled]:
    written, answered = queries.remembers_until(peer)
    with client.session() as connection:
        theirs = client.remembered(connection, peer, "written", since=written)
        ours = client.remembered(connection, peer, "taken", since=answered)
        return [
            *(actions.recall(peer, entry, sender=peer) for entry in theirs),
            *(actions.recall(peer, entry, sender=settings.NODE) for entry in ours),
        ]


def register() -> None:
    actions.register_duty("exchange.recover", 2, recover)
