"""What a person has to look at: raised once, settled when it is over."""

from collections.abc import Mapping

from django.utils import timezone

from tongban.base.actor import Actor, Role
from tongban.base.errors import Rejected
from tongban.exchange.models import Alarm


def raise_alarm(kind: str, *, peer: str, subject: str = "", facts: Mapping[str, object] | None = None) -> bool:
    """Open an alarm unless the same one is open; tells whether it is new. facts: nothing personal."""
    made = Alarm(kind=kind, peer=peer, subject=subject, facts=dict(facts or {}))
    before = Alarm.objects.filter(kind=kind, peer=peer, subject=subject, settled_at=None).exists()
    if not before:
        Alarm.objects.bulk_create([made], ignore_conflicts=True)
    return not before


def settle_alarms(kind: str, *, peer: str, subject: str = "") -> None:
    Alarm.objects.filter(kind=kind, peer=peer, subject=subject, settled_at=None).update(settled_at=timezone.now())


def settle_by_hand(actor: Actor, *, alarm: int) -> None:
    """An operator has looked at it and spoken with the peer. Raises Rejected("not_allowed" or "not_found")."""
    if actor.role is not Role.OPERATOR:
        raise Rejected("not_allowed")
    if not Alarm.objects.filter(id=alarm, settled_at=None).update(settled_at=timezone.now()):
        raise Rejected("not_found")
