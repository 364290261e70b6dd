"""A province's standards: published, suspended, withdrawn; and those heard from others."""

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction

from tongban.base.actor import Actor
from tongban.base.canonical import canonical_json, digest, parse_json
from tongban.base.errors import NotYet, Rejected
from tongban.calendar.queries import now, today
from tongban.catalogue import queries
from tongban.catalogue.actions.changes import log
from tongban.catalogue.actions.discrepancies import note_discrepancies
from tongban.catalogue.actions.publishing import HUB, check_may_publish, peers
from tongban.catalogue.models import BaseItem, ItemChange, ItemVersion
from tongban.catalogue.rules import Definition, definition_of
from tongban.catalogue.rules.bodies import ITEM, LONGEST_WHY, ItemBody, item_subject
from tongban.catalogue.rules.guide import guide_faults
from tongban.exchange import actions as exchange

Status = ItemVersion.Status
Change = ItemChange.What


@transaction.atomic
def publish(
    actor: Actor, *, content: Mapping[str, Any], effective_from: date | None = None, why: str = ""
) -> ItemVersion:
    """Publish this province's standard of an item and send it to every node; the same content again changes nothing.

    why: what the public change log says.

    Raises Rejected("definition_faults"), ("guide_faults"), ("item_unknown"), ("item_name_differs"), ("item_ended"),
    ("hub_has_no_standard").
    """
    check_may_publish(actor)
    if settings.NODE == HUB:
        raise Rejected("hub_has_no_standard")
    definition = definition_of(content)
    item = _lock(definition.key)
    _check_base(item, definition)
    if faults := guide_faults(definition):
        raise Rejected("guide_faults", fields=faults, count=len(faults), first=": ".join(next(iter(faults.items()))))
    stored = canonical_json(dict(content))
    last = queries.versions(item.key, settings.NODE).first()
    if last is not None and last.digest == digest(stored) and last.status == Status.PUBLISHED:
        return last
    row = ItemVersion(
        item=item,
        province=settings.NODE,
        version=_next_version(item),
        status=Status.PUBLISHED,
        content=stored,
        digest=digest(stored),
        effective_from=effective_from or today(),
        published_at=now(),
    )
    _send(row, Change.PUBLISHED, on=row.effective_from or today(), why=why)
    for province in queries.provinces_of(item.key):
        note_discrepancies(item.key, province)
    return row


@transaction.atomic
def withdraw(actor: Actor, *, item: str, version: int, on: date | None = None, why: str = "") -> ItemVersion:
    """End a version from the day on; what was received before is still handled by it.

    Raises Rejected("item_unknown"), ("item_not_defined") or ("already_withdrawn").
    """
    row = _own(actor, item, version)
    row.status = Status.WITHDRAWN
    row.withdrawn_on = on or today()
    _send(row, Change.WITHDRAWN, on=row.withdrawn_on, why=why)
    return row


@transaction.atomic
def suspend(
    actor: Actor, *, item: str, version: int, since: date | None = None, until: date | None = None, why: str
) -> ItemVersion:
    """Take nothing new under the version from a day on, to a last day or until it is resumed; running cases go on.

    Raises Rejected("item_unknown"), ("item_not_defined"), ("already_withdrawn"), ("invalid") without a reason or with a
    last day before the first.
    """
    row = _own(actor, item, version)
    since = since or today()
    if not why.strip():
        raise Rejected("invalid", fields={"why": "required"})
    if until is not None and until < since:
        raise Rejected("invalid", fields={"until": "days_out_of_range"})
    row.suspended_from, row.suspended_until = since, until
    _send(row, Change.SUSPENDED, on=since, why=why)
    return row


@transaction.atomic
def resume(actor: Actor, *, item: str, version: int, why: str = "") -> ItemVersion:
    """Take applications again from today on. Raises Rejected("standard_not_suspended")."""
    row = _own(actor, item, version)
    if row.suspended_from is None:
        raise Rejected("standard_not_suspended")
    row.suspended_from = row.suspended_until = None
    _send(row, Change.RESUMED, on=today(), why=why)
    return row


def _own(actor: Actor, item: str, version: int) -> ItemVersion:
    check_may_publish(actor)
    _lock(item)
    row = queries.find_version(item, settings.NODE, version)
    if row is None:
        raise Rejected("item_not_defined", item=item[:40], province=settings.NODE)
    if row.status == Status.WITHDRAWN:
        raise Rejected("already_withdrawn")
    return row


def keep_version(body: ItemBody, *, letter: UUID) -> ItemVersion:
    """Keep a version that its province sent, within the caller's transaction; the same letter again changes nothing.

    One of this node's own is given back by a peer, after a restore. Raises NotYet("item_unknown_yet") or
    ("item_unreadable"); Rejected("item_differs") for another content.
    """
    item = BaseItem.objects.filter(key=body.item).first()
    if item is None:
        raise NotYet("item_unknown_yet", item=body.item[:40])
    try:
        definition_of(body.content)
    except Rejected as error:
        raise NotYet("item_unreadable", item=body.item, first=str(error.facts.get("first", ""))[:200]) from error
    stored = canonical_json(dict(body.content))
    row, made = ItemVersion.objects.select_for_update().get_or_create(
        item=item,
        province=body.province,
        version=body.version,
        defaults={
            "content": stored,
            "digest": digest(stored),
            "status": body.status,
            "effective_from": body.effective_from,
            "published_at": now(),
            "heard_at": None if body.province == settings.NODE else now(),
        },
    )
    if not made and row.digest != digest(stored):
        raise Rejected("item_differs", item=body.item, version=body.version)
    if str(letter) in row.letters:
        return row
    what, on = _what_changed(row, body, made=made)
    row.status, row.withdrawn_on = body.status, body.withdrawn_on
    row.suspended_from, row.suspended_until = body.suspended_from, body.suspended_until
    row.letters = [*row.letters, str(letter)]
    row.save()
    log(item.key, body.province, what, version=body.version, on=on, why=body.why, letter=letter)
    note_discrepancies(item.key, body.province)
    return row


def _what_changed(row: ItemVersion, body: ItemBody, *, made: bool) -> tuple[Change, date]:
    """What the letter brings, and from which day."""
    if body.withdrawn_on is not None:
        return Change.WITHDRAWN, body.withdrawn_on
    if body.suspended_from is not None:
        return Change.SUSPENDED, body.suspended_from
    if not made and row.suspended_from is not None:
        return Change.RESUMED, today()
    return Change.PUBLISHED, body.effective_from


def _send(row: ItemVersion, what: Change, *, on: date, why: str) -> None:
    """Save the row, tell every node, and write the line of the change log."""
    if row.effective_from is None:
        raise ValueError("a version is sent with the day from which it applies")
    body = ItemBody(
        item=row.item_id,
        province=row.province,
        version=row.version,
        status=row.status,
        effective_from=row.effective_from,
        withdrawn_on=row.withdrawn_on,
        suspended_from=row.suspended_from,
        suspended_until=row.suspended_until,
        why=why[:LONGEST_WHY],
        content=parse_json(bytes(row.content)),
    )
    subject = item_subject(row.item_id, row.province)
    letter = exchange.send(kind=ITEM, subject=subject, data=body.as_json(), receivers=peers())
    row.letters = [*row.letters, str(letter.id)]
    row.save()
    log(row.item_id, row.province, what, version=row.version, on=on, why=why, letter=letter.id)


def _lock(key: str) -> BaseItem:
    item = BaseItem.objects.select_for_update().filter(key=key).first()
    if item is None:
        raise Rejected("item_unknown", item=key[:40])
    return item


def _next_version(item: BaseItem) -> int:
    last = queries.versions(item.key, settings.NODE).first()
    return 1 if last is None else last.version + 1


def _check_base(item: BaseItem, definition: Definition) -> None:
    if item.name != definition.name:
        raise Rejected("item_name_differs", item=item.key, name=item.name)
    if queries.is_over(item, today()):
        raise Rejected("item_ended", item=item.key, note=item.state_note)
