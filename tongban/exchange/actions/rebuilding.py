"""After a restore: forgotten letters are put back byte for byte, and what followed from them is rebuilt, subject by
subject; then is done what the old life had not come to. Killed at any moment, it goes on where it was.
"""

import logging
from collections.abc import Callable
from datetime import timedelta

from django.db import DatabaseError, InterfaceError, transaction
from django.db.models import Q
from django.utils import timezone

from tongban.base.canonical import canonical_json, parse_json
from tongban.base.errors import NotYet, Rejected
from tongban.base.seal import parse_sealed
from tongban.exchange import queries
from tongban.exchange.actions.alarms import raise_alarm, settle_alarms
from tongban.exchange.actions.incoming import keep_answered
from tongban.exchange.actions.outgoing import while_recovering
from tongban.exchange.models import Delivery, Letter, Memory, Recovery
from tongban.exchange.registry import Rebuilding, rebuildings
from tongban.exchange.rules import read_event

logger = logging.getLogger(__name__)

STUCK, UNSETTLED = "not_rebuilt", "unsettled"
AGAIN = timedelta(seconds=30)


def rebuild_next() -> bool:
    """Rebuild one subject; whether there was one. What cannot be rebuilt is marked, and keeps the node read-only."""
    for rebuilding in rebuildings:
        waiting = Memory.objects.filter(kind__in=rebuilding.kinds, rebuilt=False, trouble="")
        row = waiting.order_by("id").first()
        if row is not None:
            _try(row, rebuilding, _rebuild)
            return True
    strange = Memory.objects.filter(rebuilt=False, trouble="").first()
    if strange is not None:
        _mark(strange, (strange.kind,), "unknown_kind")
    return strange is not None


@transaction.atomic
def _rebuild(subject: str, rebuilding: Rebuilding) -> None:
    rows = list(queries.forgotten_of(subject, rebuilding.kinds).filter(rebuilt=False).select_for_update())
    for row in rows:
        _put_back(row)
    with while_recovering():
        rebuilding.rebuild(subject, [queries.as_recalled(row) for row in rows])
    Memory.objects.filter(id__in=[row.id for row in rows]).update(rebuilt=True)


def _put_back(row: Memory) -> None:
    """Raises Rejected("fork") when another content stands here under the letter's id."""
    sealed, answer = queries.sealed_of_memory(row), parse_sealed(parse_json(bytes(row.receipt)))
    event, receipt = read_event(sealed.payload), queries.as_recalled(row).receipt
    if not row.ours:
        keep_answered(event, sealed, answer, receipt)
        return
    letter, _ = Letter.objects.get_or_create(
        id=event.id,
        defaults={
            "kind": event.kind,
            "subject": event.subject,
            "protected": sealed.protected,
            "payload": sealed.payload,
            "signature": sealed.signature,
            "digest": sealed.digest,
            "made_at": event.at,
        },
    )
    if letter.digest != sealed.digest:
        raise Rejected("fork", letter=event.id)
    answered = {"receipt": canonical_json(answer.as_json()), "outcome": receipt.outcome, "reason": receipt.reason or ""}
    Delivery.objects.get_or_create(
        letter=letter,
        receiver=row.peer,
        defaults={**answered, "subject": event.subject, "receipted_at": receipt.at},
    )


def count_up(recovery: Recovery) -> None:
    """Have the apps go on with their numbers above the highest that anybody has seen."""
    for rebuilding in rebuildings:
        for count in rebuilding.count:
            told = Memory.objects.filter(kind__in=rebuilding.kinds).order_by("id")
            count(queries.as_recalled(row) for row in told.iterator(500))
    Recovery.objects.filter(id=recovery.id).update(counted_at=timezone.now())


def settle_next() -> bool:
    """Settle one subject; whether there was one whose turn it is."""
    for rebuilding in rebuildings:
        due = Q(put_off_at=None) | Q(put_off_at__lt=timezone.now() - AGAIN)
        waiting = Memory.objects.filter(due, kind__in=rebuilding.kinds, rebuilt=True, trouble="")
        row = waiting.order_by("id").first()
        if row is not None:
            _try(row, rebuilding, _settle)
            return True
    return False


@transaction.atomic
def _settle(subject: str, rebuilding: Rebuilding) -> None:
    rows = list(queries.forgotten_of(subject, rebuilding.kinds).filter(rebuilt=True).select_for_update())
    recalled = [queries.as_recalled(row) for row in rows]
    with while_recovering():
        for settle in rebuilding.settle:
            settle(subject, recalled)
    Memory.objects.filter(id__in=[row.id for row in rows]).delete()
    settle_alarms(UNSETTLED, peer=rows[0].peer, subject=subject)


def _try(row: Memory, rebuilding: Rebuilding, work: Callable[[str, Rebuilding], None]) -> None:
    """Do it for the row's subject; what fails is marked with the reason."""
    try:
        work(row.subject, rebuilding)
    except (DatabaseError, InterfaceError):
        raise
    except NotYet as refusal:
        if row.rebuilt:
            _put_off(row, rebuilding, refusal)
        else:
            _mark(row, rebuilding.kinds, refusal.reason)
    except Rejected as refusal:
        _mark(row, rebuilding.kinds, refusal.reason)
    except Exception:
        logger.exception("not_rebuilt", extra={"subject": row.subject})
        _mark(row, rebuilding.kinds, "defect")


def _put_off(row: Memory, rebuilding: Rebuilding, refusal: NotYet) -> None:
    """What has to wait does not keep the node from writing; only a peer that has still to tell is no matter to tell."""
    queries.forgotten_of(row.subject, rebuilding.kinds).update(put_off_at=timezone.now())
    if refusal.reason != "recovering":
        raise_alarm(UNSETTLED, peer=row.peer, subject=row.subject, facts={"reason": refusal.reason})


def _mark(row: Memory, kinds: tuple[str, ...], trouble: str) -> None:
    queries.forgotten_of(row.subject, kinds).update(trouble=trouble[:60])
    raise_alarm(STUCK, peer=row.peer, subject=row.subject, facts={"kind": row.kind, "reason": trouble})
