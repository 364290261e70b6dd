"""Lists of cases, a page at a time by keyset: none of them grows with the number of rows."""

from datetime import datetime
from functools import reduce
from operator import or_
from uuid import UUID

from django.db.models import Q, QuerySet

from tongban.base.actor import Actor, Role
from tongban.cases.models import Case
from tongban.cases.queries.relations import relations
from tongban.cases.rules.table import OPEN_STATUSES, Status
from tongban.orgs.queries import permissions_of
from tongban.orgs.rules import EVERYTHING

Cursor = tuple[datetime, UUID] | None


def my_cases(actor: Actor, *, after: Cursor = None) -> QuerySet[Case]:
    """The person's own cases that this node knows, also those he applies for with others, the newest first."""
    if actor.subject is None:
        return Case.objects.none()
    # By the columns of the party's row, which alone has an index that begins with the person.
    found = Case.objects.filter(party__person=actor.subject)
    if after:
        older = Q(party__received_at__lt=after[0]) | Q(party__received_at=after[0], party__case__lt=after[1])
        found = Case.objects.filter(older, party__person=actor.subject, party__received_at__lte=after[0])
    return found.order_by("-party__received_at", "-party__case")


def received_cases(actor: Actor, *, after: Cursor = None) -> QuerySet[Case]:
    """What the clerk's counter received for anybody, the newest first."""
    if actor.stands_for is not Role.CLERK or not actor.organ:
        return Case.objects.none()
    return _older(Case.objects.filter(receiving_organ=actor.organ), after)


def work_list(actor: Actor, *, after: Cursor = None, status: Status | None = None) -> QuerySet[Case]:
    """Cases of this home that the officer's grants cover, the oldest first. Each act checks its own grant again.

    status: of this status alone, an ended one too; None for all that are open.
    """
    if actor.role is not Role.OFFICER or actor.person is None:
        return Case.objects.none()
    scopes = {(permission.region, permission.item) for permission in permissions_of(actor.person)}
    if not scopes:
        return Case.objects.none()
    found = Case.objects.filter(is_home=True)
    found = found.filter(status=status) if status else found.filter(status__in=sorted(OPEN_STATUSES))
    if ("", EVERYTHING) not in scopes:
        found = found.filter(reduce(or_, (_within(region, item) for region, item in sorted(scopes))))
    if after:
        # The first condition alone lets the index begin at the page.
        found = found.filter(
            Q(received_at__gt=after[0]) | Q(received_at=after[0], id__gt=after[1]), received_at__gte=after[0]
        )
    return found.order_by("received_at", "id")


def _within(region: str, item: str) -> Q:
    return Q(place__startswith=region) if item == EVERYTHING else Q(place__startswith=region, item=item)


def informed_cases(actor: Actor, *, after: Cursor = None) -> QuerySet[Case]:
    """Cases of other homes of which this place was informed (抄告), for officers who may act on the item at all."""
    if actor.role is not Role.OFFICER or actor.person is None:
        return Case.objects.none()
    items = {permission.item for permission in permissions_of(actor.person)}
    found = Case.objects.filter(is_informed=True)
    if EVERYTHING not in items:
        found = found.filter(item__in=items)
    return _older(found, after)


def find_numbered(actor: Actor, number: str) -> Case | None:
    """A case by its 办件编号, within what the officer's grants cover or the clerk's counter received."""
    found = Case.objects.filter(number=number).first()
    return found if found and relations(actor, found) else None


def _older(cases: QuerySet[Case], after: Cursor) -> QuerySet[Case]:
    if after:
        cases = cases.filter(
            Q(received_at__lt=after[0]) | Q(received_at=after[0], id__lt=after[1]), received_at__lte=after[0]
        )
    return cases.order_by("-received_at", "-id")
