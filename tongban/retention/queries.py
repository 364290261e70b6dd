"""What is kept how long, what would go today, and the proofs of what has gone."""

from django.conf import settings
from django.db.models import QuerySet

from tongban.base.actor import Actor, Role
from tongban.base.errors import Rejected
from tongban.retention.models import Erasure
from tongban.retention.rules import Periods, read_periods

READERS = frozenset({Role.OPERATOR, Role.AUDITOR, Role.SYSTEM})


def periods() -> Periods:
    """As the node's file says now. Raises ValueError with a sentence for the operator."""
    return read_periods(settings.RETENTION.read_text("utf-8"))


def erasures(actor: Actor) -> QuerySet[Erasure]:
    """The proofs, newest first. Raises Rejected("not_allowed") for anybody but operators and auditors."""
    if actor.role not in READERS:
        raise Rejected("not_allowed")
    return Erasure.objects.order_by("-id")
