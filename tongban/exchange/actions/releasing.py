"""The end of a recovery, and what an operator may let go of before; what is gone for good is written down by name."""

import logging
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from tongban.base.actor import Actor, Role
from tongban.base.errors import NotYet, Rejected
from tongban.exchange import queries
from tongban.exchange.actions.alarms import settle_alarms
from tongban.exchange.actions.outgoing import while_recovering
from tongban.exchange.actions.rebuilding import STUCK, UNSETTLED
from tongban.exchange.models import Loss, Memory, Recovery, Telling
from tongban.exchange.queries.recovery import RECOVERED
from tongban.exchange.registry import rebuildings

logger = logging.getLogger(__name__)


def open_node(recovery: Recovery) -> None:
    """Everything that could be heard is rebuilt: the node writes again; the recovery ends when nobody owes anything."""
    if recovery.opened_at is None:
        _tell_opened()
        Recovery.objects.filter(id=recovery.id).update(opened_at=timezone.now())
        logger.info("recovered", extra={"mark": recovery.mark})
    if queries.untold(recovery) or Memory.objects.exists():
        return
    _tell_opened()
    Recovery.objects.filter(id=recovery.id).update(ended_at=timezone.now())
    (Path(settings.STATE) / RECOVERED).write_text(recovery.mark)


def _tell_opened() -> None:
    """What an app cannot do now does not keep the node from working; it is logged, and done at the next start."""
    for rebuilding in rebuildings:
        if rebuilding.opened is None:
            continue
        try:
            with while_recovering():
                rebuilding.opened()
        except (Rejected, NotYet) as refusal:
            logger.error("not_opened", extra={"kinds": rebuilding.kinds, "reason": refusal.reason})


@transaction.atomic
def release_peer(actor: Actor, *, peer: str) -> None:
    """Let the node go on without a peer that does not tell. Nothing is written to it, nor taken from it, until it has.

    Raises Rejected("not_allowed"), ("not_recovering"), or ("told_already").
    """
    telling = _recovery_of(actor).tellings.filter(peer=peer).first()
    if telling is None or telling.told_at is not None:
        raise Rejected("told_already", peer=peer[:8])
    Telling.objects.filter(id=telling.id).update(released_at=timezone.now())


@transaction.atomic
def release_subject(actor: Actor, *, subject: str) -> int:
    """Let go of what peers told about a subject and could not be rebuilt or settled; how many letters that are.

    Raises Rejected("not_allowed"), ("not_recovering") or ("not_found").
    """
    _recovery_of(actor)
    stuck = Memory.objects.filter(subject=subject).exclude(trouble="")
    for kind, trouble in stuck.order_by("kind").values_list("kind", "trouble").distinct():
        note_loss("not_rebuilt", subject=subject, detail=f"{kind} {trouble}")
    gone = stuck.delete()[0]
    if not gone:
        raise Rejected("not_found")
    for peer in queries.directory().nodes:
        settle_alarms(STUCK, peer=peer, subject=subject)
        settle_alarms(UNSETTLED, peer=peer, subject=subject)
    return gone


def _recovery_of(actor: Actor) -> Recovery:
    if actor.role is not Role.OPERATOR:
        raise Rejected("not_allowed")
    recovery = Recovery.objects.filter(mark=queries.recovery_mark() or "").first()
    if recovery is None:
        raise Rejected("not_recovering")
    return recovery


def note_loss(kind: str, *, subject: str, detail: str) -> None:
    """Write down what is gone for good; the same again changes nothing. kind: a key of `[loss]` in the words."""
    Loss.objects.bulk_create([Loss(kind=kind, subject=subject, detail=detail[:100])], ignore_conflicts=True)


def found_again(kind: str, *, subject: str, detail: str) -> None:
    """What was written down as lost has come back."""
    Loss.objects.filter(kind=kind, subject=subject, detail=detail).delete()
