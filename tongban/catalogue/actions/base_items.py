"""The items of the plan, what the hub says of them, and the words by which they are found."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction

from tongban.base.actor import Actor
from tongban.base.errors import NotYet, Rejected
from tongban.calendar.queries import today
from tongban.catalogue import queries
from tongban.catalogue.actions.changes import log
from tongban.catalogue.actions.publishing import HUB, check_may_publish, peers
from tongban.catalogue.models import BaseItem, ItemChange
from tongban.catalogue.rules.bodies import BASE_ITEM, LONGEST_WHY, BaseItemBody, base_item_subject
from tongban.catalogue.rules.words import Groups, vector
from tongban.exchange import actions as exchange

GOVERNED = ("state", "successor", "state_note")
"""Columns that the hub's letters change; a row that is there already keeps them."""
STATES = {"open": ItemChange.What.OPENED, "merged": ItemChange.What.MERGED, "ended": ItemChange.What.ENDED}


@transaction.atomic
def load_base_items(actor: Actor, *, rows: Iterable[Mapping[str, Any]]) -> int:
    """Put the items of the plan into the catalogue as they stand in the rows; returns how many there are.

    A row names the columns of BaseItem except `search`; successor is a key. What the hub has said of an item since
    (`change_base_item`) stays. Index them afterwards.
    """
    check_may_publish(actor)
    entries = list(rows)
    items = [
        BaseItem(successor_id=entry["successor"] or None, **{key: entry[key] for key in entry if key != "successor"})
        for entry in entries
    ]
    columns = sorted(set(entries[0]) - {"key", *GOVERNED}) if entries else []
    BaseItem.objects.bulk_create(items, update_conflicts=True, unique_fields=["key"], update_fields=columns)
    return len(items)


@transaction.atomic
def change_base_item(
    actor: Actor, *, item: str, state: str, successor: str | None = None, since: date | None = None, why: str
) -> BaseItem:
    """At the hub: end an item, merge it into its successor, or open it again, from a day on; every node is told.

    Cases received before go on. Raises Rejected("not_allowed") elsewhere, ("item_unknown"), ("invalid").
    """
    check_may_publish(actor)
    if settings.NODE != HUB:
        raise Rejected("not_allowed")
    wrong = {} if why.strip() else {"why": "required"}
    if state not in STATES:
        wrong["state"] = "not_a_choice"
    if state == "merged" and (not successor or successor == item):
        wrong["successor"] = "required"
    if wrong:
        raise Rejected("invalid", fields=wrong)
    queries.get_base_item(item)
    if successor:
        queries.get_base_item(successor)
    body = BaseItemBody(item, state, successor or None, since or today(), why.strip()[:LONGEST_WHY])
    subject = base_item_subject(item)
    letter = exchange.send(kind=BASE_ITEM, subject=subject, data=body.as_json(), receivers=peers())
    return keep_base_item(body, letter=letter.id)


def keep_base_item(body: BaseItemBody, *, letter: UUID) -> BaseItem:
    """Keep what the hub says of an item, within the caller's transaction. Raises NotYet("item_unknown_yet")."""
    row = BaseItem.objects.select_for_update().filter(key=body.item).first()
    if row is None or (body.successor and not BaseItem.objects.filter(key=body.successor).exists()):
        raise NotYet("item_unknown_yet", item=body.item[:40])
    row.state, row.successor_id, row.state_from = body.state, body.successor, body.state_from
    row.state_note = body.why
    row.save()
    log(row.key, HUB, STATES[body.state], version=None, on=body.state_from, why=body.why, letter=letter)
    return row


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
