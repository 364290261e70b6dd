"""The items of the plan, and the words by which they are found."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.conf import settings
from django.db import transaction

from tongban.base.actor import Actor
from tongban.catalogue import queries
from tongban.catalogue.actions.publishing import check_may_publish
from tongban.catalogue.models import BaseItem
from tongban.catalogue.rules.words import Groups, vector


@transaction.atomic
def load_base_items(actor: Actor, *, rows: Iterable[Mapping[str, Any]]) -> int:
    """Put the items of the plan into the catalogue as they stand in the rows; returns how many there are.

    A row names the columns of BaseItem except `search`; successor is a key. Index them afterwards.
    """
    check_may_publish(actor)
    entries = list(rows)
    items = [
        BaseItem(successor_id=entry["successor"] or None, **{key: entry[key] for key in entry if key != "successor"})
        for entry in entries
    ]
    columns = sorted(set(entries[0]) - {"key"}) if entries else []
    BaseItem.objects.bulk_create(items, update_conflicts=True, unique_fields=["key"], update_fields=columns)
    return len(items)


@transaction.atomic
def index_items(actor: Actor, *, synonyms: Groups) -> None:
    """Make the search words of all base items again, after items, synonyms or this province's topics changed."""
    check_may_publish(actor)
    topics = {
        row.item_id: " ".join(queries.definition_in(row).topics) for row in queries.published_items(settings.NODE)
    }
    items = list(BaseItem.objects.all())
    for item in items:
        texts = (item.name, topics.get(item.key, ""), item.scenario, f"{item.lead_unit} {item.cooperating_units}")
        item.search = vector(texts, synonyms)
    BaseItem.objects.bulk_update(items, ["search"])
