"""Items and their versions. The catalogue is public: nothing here depends on who asks."""

import functools
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.contrib.postgres.search import SearchQueryField
from django.db.models import BooleanField, F, FloatField, Func, Q, QuerySet, Value
from django.db.models.functions import Cast

from tongban.base.actor import Actor
from tongban.base.canonical import parse_json
from tongban.base.errors import Rejected
from tongban.calendar.queries import today
from tongban.catalogue.models import BaseItem, ItemVersion
from tongban.catalogue.rules import Definition, definition_of
from tongban.catalogue.rules.words import queries as search_queries

PUBLISHED = ItemVersion.Status.PUBLISHED


@dataclass(frozen=True, slots=True)
class Found:
    """A base item, and the provinces of which a standard is known here."""

    item: BaseItem
    provinces: tuple[str, ...]


def search(_actor: Actor, text: str, *, batch: int | None = None, most: int = 20, skip: int = 0) -> list[Found]:
    """Items by words, best first; those with every word come before those with some. Empty text lists all in order."""
    items: QuerySet[Any] = BaseItem.objects.all() if batch is None else BaseItem.objects.filter(batch=batch)
    wanted = search_queries(text)
    if wanted is not None:
        every, some = (Cast(Value(query), SearchQueryField()) for query in wanted)
        items = items.filter(matches(some)).annotate(
            complete=matches(every), rank=Func(F("search"), some, function="ts_rank", output_field=FloatField())
        )
        items = items.order_by("-complete", "-rank", "batch", "number")
    elif text.strip():
        return []
    else:
        items = items.order_by("batch", "number")
    page = list(items.select_related("successor")[skip : skip + most])
    known = _provinces([item.key for item in page])
    return [Found(item, known.get(item.key, ())) for item in page]


def matches(query: Cast) -> Func:
    """The operator itself: Django's lookup would send the query through a parser that does not know Chinese."""
    return Func(F("search"), query, template="(%(expressions)s)", arg_joiner=" @@ ", output_field=BooleanField())


def _provinces(keys: Sequence[str]) -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    rows = ItemVersion.objects.filter(item__in=keys, status=PUBLISHED).order_by("item", "province")
    for key, province in rows.values_list("item", "province").distinct():
        found[key] = (*found.get(key, ()), province)
    return found


def provinces_of(key: str) -> tuple[str, ...]:
    """The provinces of which a standard of the item is known here."""
    return _provinces([key]).get(key, ())


def base_items() -> QuerySet[BaseItem]:
    return BaseItem.objects.order_by("batch", "number")


def item_names() -> dict[str, str]:
    """Key -> name of every item of the plan."""
    return dict(BaseItem.objects.values_list("key", "name"))


def get_base_item(key: str) -> BaseItem:
    """Raises Rejected("item_unknown")."""
    item = BaseItem.objects.select_related("successor").filter(key=key).first()
    if item is None:
        raise Rejected("item_unknown", item=key[:40])
    return item


def versions(key: str, province: str) -> QuerySet[ItemVersion]:
    """Everything published or withdrawn, newest first."""
    return ItemVersion.objects.filter(item=key, province=province).order_by("-version")


def published_items(province: str, *, on: date | None = None) -> QuerySet[ItemVersion]:
    """The version of each item that applies in the province on the day."""
    newest = _applying(on or today()).filter(province=province).order_by("item_id", "-version").distinct("item_id")
    return (
        ItemVersion.objects.filter(pk__in=newest.values("pk"))
        .select_related("item")
        .defer("content", "item__search")
        .order_by("item__batch", "item__number")
    )


def find_version(key: str, province: str, version: int | None = None, on: date | None = None) -> ItemVersion | None:
    """The version named, or else the newest that applies on the day (today), with its base item.

    heard_at tells how old our copy is. The content stays in the table: what it says is `definition_in`.
    """
    rows = ItemVersion.objects.all() if version is not None else _applying(on or today())
    rows = rows.filter(item=key, province=province, **({} if version is None else {"version": version}))
    return rows.select_related("item").defer("content", "item__search").order_by("-version").first()


def get_definition(
    key: str, province: str, version: int | None = None, on: date | None = None
) -> tuple[int, Definition]:
    """The number and content of the version named, or of the newest that applies on the day.

    Raises Rejected("item_not_defined") where the province has published none.
    """
    row = find_version(key, province, version, on)
    if row is None:
        raise Rejected("item_not_defined", item=key[:40], province=province[:2])
    return row.version, definition_in(row)


def is_valid_on(key: str, province: str, version: int, on: date) -> bool:
    """Whether an application received on the day may rest on this version."""
    return _applying(on).filter(item=key, province=province, version=version).exists()


def applying(wanted: Collection[tuple[str, str]], on: date) -> dict[tuple[str, str], dict[int, bool]]:
    """(item, province) -> the versions that apply on the day -> whether new matters are taken under them."""
    items, provinces = {item for item, _ in wanted}, {province for _, province in wanted}
    rows = _applying(on).filter(item__in=items, province__in=provinces)
    found: dict[tuple[str, str], dict[int, bool]] = {}
    for row in rows.select_related("item").defer("content", "item__search"):
        taken = not is_suspended(row, on) and not is_over(row.item, on)
        found.setdefault((row.item_id, row.province), {})[row.version] = taken
    return found


def is_over(item: BaseItem, on: date) -> bool:
    """Whether the hub has ended the item, or merged it into another, by the day."""
    return item.state != BaseItem.OPEN and (item.state_from is None or item.state_from <= on)


def is_suspended(row: ItemVersion, on: date) -> bool:
    """Whether nothing new is taken under the version on the day."""
    if row.suspended_from is None or on < row.suspended_from:
        return False
    return row.suspended_until is None or on <= row.suspended_until


def definition_in(row: ItemVersion) -> Definition:
    """What the version says; read from the table once a process, for it never changes under its digest."""
    return _parsed(row.digest)


def _applying(on: date) -> QuerySet[ItemVersion]:
    return ItemVersion.objects.filter(Q(withdrawn_on=None) | Q(withdrawn_on__gt=on), effective_from__lte=on)


@functools.lru_cache(maxsize=2000)
def _parsed(digest: str) -> Definition:
    content = ItemVersion.objects.filter(digest=digest).values_list("content", flat=True)[:1].get()
    return definition_of(parse_json(bytes(content)))
