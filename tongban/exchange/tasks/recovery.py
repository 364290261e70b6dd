"""The duty of a restored node: ask every peer what it remembers, rebuild, settle, and only then write again."""

import logging
from datetime import datetime
from pathlib import Path
from uuid import UUID

from django.conf import settings

from tongban.base.errors import NotYet, Rejected
from tongban.exchange import actions, client, queries
from tongban.exchange.models import Recovery, Telling
from tongban.exchange.rules import HUB, read_directory, read_event
from tongban.exchange.tasks.mending import refresh_directory

logger = logging.getLogger(__name__)

AT_ONCE = 200


def recover(now: datetime) -> bool:
    """Go on with the recovery; whether more waits to be done at once. Nothing to do on a node that was not restored."""
    recovery = actions.begin_recovery()
    if recovery is None:
        return False
    if recovery.looked_at is None:
        _renew_directory(now)
    for telling in queries.untold(recovery):
        _ask(telling)
    if queries.is_held_up(recovery):
        return False
    if recovery.looked_at is None:
        _look_again(recovery)
    return _put_together(recovery)


def _put_together(recovery: Recovery) -> bool:
    """Rebuild all before anything is settled: what is settled may write steps after those that have to be there."""
    if any(not actions.rebuild_next() for _ in range(AT_ONCE)):
        if queries.is_stuck(recovery):
            return False
        if queries.is_to_be_counted(recovery):
            actions.count_up(recovery)
        if any(not actions.settle_next() for _ in range(AT_ONCE)):
            actions.open_node(recovery)
            return False
    return True


def _ask(telling: Telling) -> None:
    try:
        _hear_out(telling, "written", ours=False, since=telling.written_since)
        _hear_out(telling, "taken", ours=True, since=telling.taken_since)
    except (Rejected, NotYet) as refusal:
        actions.note_trouble(telling, refusal)
    else:
        actions.note_told(telling)


def _hear_out(telling: Telling, what: str, *, ours: bool, since: datetime) -> None:
    """Page by page; what was kept before an interruption is not asked for again. Raises Rejected, NotYet."""
    after: UUID | None = queries.last_told(telling.peer, ours=ours)
    with client.session() as connection:
        more = True
        while more:
            page, more = client.remembered(connection, telling.peer, what, since=since, after=after)
            actions.keep_told(telling, page, ours=ours)
            after = read_event(page[-1][0].payload).id if page else after
            more = more and bool(page)


def _look_again(recovery: Recovery) -> None:
    """What was still on its way while the first peers told has arrived by now; one that is away has told already."""
    for telling in queries.told(recovery):
        try:
            _hear_out(telling, "taken", ours=True, since=telling.taken_since)
        except (Rejected, NotYet) as refusal:
            logger.warning("not_asked_again", extra={"peer": telling.peer, "reason": refusal.reason})
    actions.note_looked(recovery)


def _renew_directory(now: datetime) -> None:
    """Who is to be asked, and by which keys, may have changed since the backup; the hub asks those that it knew."""
    if settings.NODE != HUB:
        refresh_directory(now)
        return
    for node in queries.directory().nodes.values():
        if node.code == HUB:
            continue
        try:
            sealed = client.fetch_directory(node.endpoint)
            newer = read_directory(sealed, queries.anchors())
        except (Rejected, NotYet):
            continue
        if newer.version > queries.directory().version:
            actions.keep_directory(sealed, Path(settings.DIRECTORY))


def register() -> None:
    actions.register_duty("exchange.recover", 2, recover, while_recovering=True)
