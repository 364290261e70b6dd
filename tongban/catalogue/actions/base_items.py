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
    for entry in entries:
        values = {name: value for name, value in entry.items() if name not in ("key", "successor")}
        BaseItem.objects.update_or_create(key=entry["key"], defaults=values)
    for entry in entries:
        BaseItem.objects.filter(key=entry["key"]).update(successor=entry["successor"] or None)
    return len(entries)


@transaction.atomic
def index_items(actor: Actor, *, synonyms: Groups) -> None:
    """Make the search words of all base items again, after items, synonyms or this province's topics changed."""
    check_may_publish(actor)
    topics = {
        row.item_id: " ".join(queries.definition_in(row).topics) for row in queries.published_items(settings.NODE)
    }
    for item in BaseItem.objects.all():
        texts = (item.name, topics.get(item.key, ""), item.scenario, f"{item.lead_unit} {item.cooperating_units}")
        BaseItem.objects.filter(key=item.key).update(search=vector(texts, synonyms))
