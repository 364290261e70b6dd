"""A standard as it is met at a place."""

import functools
from datetime import date

from django.db.models import Q, QuerySet

from tongban.base.canonical import parse_json
from tongban.calendar.queries import today
from tongban.catalogue.models import Implementation as ImplementationRow
from tongban.catalogue.rules.definition import Definition
from tongban.catalogue.rules.implementation import EVERY_ITEM, Implementation, Local, implementation_of, local
from tongban.orgs.rules import nearest_first


def local_standard(definition: Definition, place: str, *, on: date | None = None) -> Local:
    """The definition with what the place and the places above it say of it on the day; one question to the database."""
    day = on or today()
    places = list(reversed(nearest_first(place)))
    rows = ImplementationRow.objects.filter(place__in=places, item__in=(definition.key, EVERY_ITEM), starts__lte=day)
    newest: dict[tuple[str, str], str] = {}
    for item, at, digest in rows.order_by("version").values_list("item", "place", "digest"):
        newest[at, item] = digest
    order = [(at, item) for at in places for item in (EVERY_ITEM, definition.key)]
    found = [_said(newest[key]) for key in order if key in newest]
    return local(definition, [row for row in found if row.until is None or day <= row.until])


def implementations(province: str, *, item: str = "") -> QuerySet[ImplementationRow]:
    """What the places of a province have said, by place; of one item (and of every item) when it is named."""
    rows = ImplementationRow.objects.filter(place__startswith=province)
    if item:
        rows = rows.filter(Q(item=item) | Q(item=EVERY_ITEM))
    return rows.order_by("place", "item", "-version")


@functools.lru_cache(maxsize=5000)
def _said(digest: str) -> Implementation:
    content = ImplementationRow.objects.filter(digest=digest).values_list("content", flat=True)[:1].get()
    return implementation_of(parse_json(bytes(content)))
