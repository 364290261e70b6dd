"""Which cases have reached the end of the time for which their contents are kept."""

from collections.abc import Collection
from datetime import datetime

from django.db.models import Q, QuerySet

from tongban.base.actor import Actor, Role
from tongban.base.errors import Rejected
from tongban.cases.models import Case
from tongban.cases.rules.table import ENDS


def to_erase(actor: Actor, *, home: bool, before: datetime, patterns: Collection[str] | None = None) -> QuerySet[Case]:
    """Cases ended before a moment whose contents still lie here, the longest ended first.

    home: those whose home is here, or else copies; to a copy that gets no steps any more its last step was its end.
    patterns: of these patterns alone. A case that is open anywhere in the table of acts is never among the others,
    however old it is.
    """
    if actor.role is not Role.SYSTEM:
        raise Rejected("not_allowed")
    over = Q(status__in=sorted(ENDS)) if home else Q(status__in=sorted(ENDS)) | Q(left_at__isnull=False)
    found = Case.objects.filter(over, is_home=home, erased_at=None, changed_at__lt=before)
    if patterns is not None:
        found = found.filter(pattern__in=sorted(patterns))
    return found.order_by("changed_at")
