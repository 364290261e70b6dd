"""What authorities add to their province's standards: published here, or heard from their province."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction

from tongban.base.actor import Actor
from tongban.base.canonical import canonical_json, digest
from tongban.base.errors import NotYet, Rejected
from tongban.calendar.queries import now
from tongban.catalogue import queries
from tongban.catalogue.actions.publishing import check_may_publish, peers
from tongban.catalogue.models import Implementation
from tongban.catalogue.rules.bodies import IMPLEMENTATION, implementation_subject
from tongban.catalogue.rules.implementation import EVERY_ITEM, implementation_of, tightening
from tongban.exchange import actions as exchange


@transaction.atomic
def publish_implementation(actor: Actor, *, content: Mapping[str, Any]) -> Implementation:
    """Say what is local at a place, as the version that its content names, and send it to every node.

    The same content again changes nothing. Raises Rejected("definition_faults"), ("item_not_theirs"),
    ("implementation_differs") for another content of a known version, ("implementation_tightens") when it asks more of
    a person than the standard.
    """
    check_may_publish(actor)
    said = implementation_of(content)
    if said.place[:2] != settings.NODE:
        raise Rejected("item_not_theirs", item=said.item, province=said.place[:2])
    if said.item != EVERY_ITEM:
        standard = queries.get_definition(said.item, settings.NODE)[1]
        if faults := tightening(standard, said):
            raise Rejected("implementation_tightens", fields=faults, first=": ".join(next(iter(faults.items()))))
    known = _known(content)
    if known is not None:
        return known
    subject = implementation_subject(said.item, said.place)
    letter = exchange.send(kind=IMPLEMENTATION, subject=subject, data={"content": dict(content)}, receivers=peers())
    return _keep(content, letter=letter.id)


def keep_implementation(content: Mapping[str, Any], *, letter: UUID) -> Implementation:
    """Keep what another province sent, within the caller's transaction.

    Raises NotYet("item_unreadable") for a form that only a newer program reads, Rejected("implementation_differs").
    """
    try:
        implementation_of(content)
    except Rejected as error:
        first = str(error.facts.get("first", ""))[:200]
        raise NotYet("item_unreadable", item=str(content.get("item"))[:40], first=first) from error
    return _known(content) or _keep(content, letter=letter)


def _known(content: Mapping[str, Any]) -> Implementation | None:
    said = implementation_of(content)
    row = Implementation.objects.filter(item=said.item, place=said.place, version=said.version).first()
    if row is not None and row.digest != digest(canonical_json(dict(content))):
        raise Rejected("implementation_differs", item=said.item, version=said.version)
    return row


def _keep(content: Mapping[str, Any], *, letter: UUID) -> Implementation:
    said, stored = implementation_of(content), canonical_json(dict(content))
    return Implementation.objects.create(
        item=said.item,
        place=said.place,
        version=said.version,
        content=stored,
        digest=digest(stored),
        starts=said.starts,
        until=said.until,
        letter=letter,
        heard_at=now(),
    )
