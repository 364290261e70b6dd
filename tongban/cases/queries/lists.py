"""Lists of cases, a page at a time by keyset: none of them grows with the number of rows."""

from datetime import datetime
from functools import reduce
from operator import or_
from uuid import UUID

from django.db.models import Q, QuerySet

from tongban.base.actor import Actor, Role
from tongban.cases.models import Case
from tongban.cases.rules.table import Status
from tongban.orgs.queries import permissions_of

Cursor = tuple[datetime, UUID] | None
OPEN = [Status.SUBMITTED, Status.CORRECTING, Status.ACCEPTED, Status.GRANTED, Status.DENIED]


def my_cases(actor: Actor, *, after: Cursor = None) -> QuerySet[Case]:
    """The person's own cases that this node knows, the newest first."""
    if actor.subject is None:
        return Case.objects.none()
    return _older(Case.objects.filter(applicant=actor.subject, lead__isnull=True), after)


def received_cases(actor: Actor, *, after: Cursor = None) -> QuerySet[Case]:
    """What the clerk's counter received for anybody, the newest first."""
    if actor.stands_for is not Role.CLERK or not actor.organ:
        return Case.objects.none()
    return _older(Case.objects.filter(receiving_organ=actor.organ), after)


def work_list(actor: Actor, *, after: Cursor = None) -> QuerySet[Case]:
    """Open cases of this home in the officer's regions, the oldest first. Each act checks its own grant again."""
    if actor.role is not Role.OFFICER:
        return Case.objects.none()
    regions = {permission.region for permission in permissions_of(actor.person)} if actor.person else set()
    if not regions:
        return Case.objects.none()
    found = Case.objects.filter(is_home=True, status__in=OPEN)
    if "" not in regions:
        found = found.filter(reduce(or_, (Q(place__startswith=region) for region in sorted(regions))))
    if after:
        found = found.filter(Q(received_at__gt=after[0]) | Q(received_at=after[0], id__gt=after[1]))
    return found.order_by("received_at", "id")


def _older(cases: QuerySet[Case], after: Cursor) -> QuerySet[Case]:
    if after:
        cases = cases.filter(Q(received_at__lt=after[0]) | Q(received_at=after[0], id__lt=after[1]))
    return cases.order_by("-received_at", "-id")
