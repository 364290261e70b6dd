"""What other nodes have told and has been kept long enough."""

from datetime import datetime

from django.db.models import QuerySet

from tongban.base.actor import Actor, Role
from tongban.base.errors import Rejected
from tongban.looks.models import Inquiry, Told


def long_unasked(actor: Actor, *, before: datetime) -> QuerySet[Inquiry]:
    """Inquiries last made before a moment. Raises Rejected("not_allowed")."""
    _only_the_node(actor)
    return Inquiry.objects.filter(asked_at__lt=before).order_by("asked_at")


def told_before(actor: Actor, *, before: datetime) -> QuerySet[Told]:
    """Looks older than a moment. Raises Rejected("not_allowed")."""
    _only_the_node(actor)
    return Told.objects.filter(at__lt=before).order_by("at")


def _only_the_node(actor: Actor) -> None:
    if actor.role is not Role.SYSTEM:
        raise Rejected("not_allowed")
