"""What differs between this province's standards and others', and what is being done about it."""

from django.db.models import QuerySet

from tongban.base.actor import Actor, Role
from tongban.base.errors import Rejected
from tongban.catalogue.models import Discrepancy


def discrepancies(actor: Actor, *, state: str, province: str = "", after: int = 0) -> QuerySet[Discrepancy]:
    """Of one state, oldest first, from the row after the one named. Raises Rejected("not_allowed")."""
    if actor.role not in (Role.OPERATOR, Role.AUDITOR):
        raise Rejected("not_allowed")
    rows = Discrepancy.objects.filter(state=state, id__gt=after)
    if province:
        rows = rows.filter(province=province)
    return rows.select_related("item").defer("item__search").order_by("id")
