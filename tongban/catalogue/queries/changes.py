"""The list as it holds today, and everything that became of its items."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet

from tongban.calendar.queries import today
from tongban.catalogue.models import BaseItem, ItemChange, ItemVersion
from tongban.catalogue.queries.items import definition_in, is_over, is_suspended, published_items
from tongban.catalogue.rules.definition import Definition


@dataclass(frozen=True, slots=True)
class Listed:
    """An item of the list on a day. version: of the province's standard that applies; None where it has none.

    standing: open, suspended, over or undefined.
    """

    item: BaseItem
    version: ItemVersion | None
    standing: str

    @property
    def definition(self) -> Definition | None:
        return definition_in(self.version) if self.version is not None else None


def the_list(province: str, *, on: date | None = None) -> list[Listed]:
    """All items of the plan as they stand in the province on the day, in the plan's order; two questions."""
    day = on or today()
    versions = {row.item_id: row for row in published_items(province, on=day)}
    items = BaseItem.objects.select_related("successor").defer("search", "successor__search")
    return [_listed(item, versions.get(item.key), day) for item in items.order_by("batch", "number")]


def _listed(item: BaseItem, version: ItemVersion | None, day: date) -> Listed:
    if is_over(item, day):
        return Listed(item, version, "over")
    if version is None:
        return Listed(item, None, "undefined")
    return Listed(item, version, "suspended" if is_suspended(version, day) else "open")


def item_changes(*, item: str = "", provinces: Sequence[str] = (), before: int = 0) -> QuerySet[ItemChange]:
    """The change log, newest first: of one item, of some provinces, from before the line named."""
    rows = ItemChange.objects.select_related("item").defer("item__search").order_by("-id")
    if item:
        rows = rows.filter(item=item)
    if provinces:
        rows = rows.filter(province__in=provinces)
    return rows.filter(id__lt=before) if before else rows
