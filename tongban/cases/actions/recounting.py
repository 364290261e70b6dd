"""Due dates after the calendar has changed: a new holiday notice moves them, and touches no chain."""

import logging
from uuid import UUID

from django.db import DatabaseError, InterfaceError, transaction

from tongban.calendar.queries import version
from tongban.cases.actions.projecting import project
from tongban.cases.actions.taking import lock_home_case
from tongban.cases.models import Case, Reckoning
from tongban.cases.queries.situations import definition_of
from tongban.cases.rules.table import OPEN_STATUSES

logger = logging.getLogger(__name__)

DUE = ["notice_due", "decision_due", "statutory_due", "wait_until", "due_is_provisional"]


@transaction.atomic
def recount(case_id: UUID) -> None:
    """Work the due dates of a case out anew; its followers are told where they changed."""
    case = lock_home_case(case_id)
    project(case, definition_of(case))
    case.save(update_fields=DUE)


def recount_some(most: int) -> bool:
    """Go on with the open cases of this home that were counted by an older calendar; whether any are left.

    Each case for itself; stopped half-way, it begins again where it was.
    """
    calendar = version()
    row, _ = Reckoning.objects.get_or_create(id=1, defaults={"counted": calendar})
    if row.counted == calendar:
        return False
    if row.counting != calendar:
        row.counting, row.after = calendar, None
    open_here = Case.objects.filter(is_home=True, status__in=sorted(OPEN_STATUSES)).order_by("id")
    left = open_here.filter(id__gt=row.after) if row.after else open_here
    page = list(left.values_list("id", flat=True)[:most])
    for case_id in page:
        try:
            recount(case_id)
        except (DatabaseError, InterfaceError):
            raise
        except Exception:
            logger.exception("not_recounted", extra={"case": str(case_id)})
    row.after = page[-1] if page else None
    if len(page) < most:
        row.counted = calendar
    row.save()
    return len(page) == most
