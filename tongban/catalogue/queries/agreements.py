"""Agreements, and the question put to them."""

import functools
from datetime import date

from django.conf import settings
from django.db.models import QuerySet

from tongban.base.canonical import parse_json
from tongban.base.errors import Rejected
from tongban.calendar.queries import today
from tongban.catalogue.models import Agreement as AgreementRow
from tongban.catalogue.queries.items import (
    definition_in,
    find_version,
    get_base_item,
    is_over,
    is_suspended,
    published_items,
)
from tongban.catalogue.rules.agreements import HUB, Agreement, Concluded, Route, agreement_of, route
from tongban.catalogue.rules.effects import Effect, effects
from tongban.exchange.queries import directory


def agreements() -> list[Concluded]:
    """Every version of every agreement, each with the nodes that have signed it, in the order of keys and versions.

    The contents are read from the table once a process: they never change under their digest.
    """
    rows = AgreementRow.objects.order_by("key", "version").values_list("digest", "signatures")
    return [_concluded(digest, frozenset(entry["node"] for entry in signatures)) for digest, signatures in rows]


def agreement_rows() -> QuerySet[AgreementRow]:
    """The versions of all agreements, the newest of each first."""
    return AgreementRow.objects.order_by("key", "-version")


def get_agreement(key: str, version: int) -> tuple[AgreementRow, Concluded]:
    """Raises Rejected("agreement_unknown")."""
    row = AgreementRow.objects.filter(key=key, version=version).first()
    if row is None:
        raise Rejected("agreement_unknown")
    return row, concluded_in(row)


def concluded_in(row: AgreementRow) -> Concluded:
    return _concluded(row.digest, frozenset(entry["node"] for entry in row.signatures))


def effects_of(proposed: Agreement, *, on: date | None = None) -> tuple[Effect, ...]:
    """What the agreement would open and close for people and authorities of this province.

    At the hub, which has none, for those of the first of the provinces that it binds.
    """
    provinces = sorted(set(directory().nodes) - {HUB})
    bound = [code for code in provinces if code in proposed.signers or HUB in proposed.signers]
    standards = {code: [definition_in(row) for row in published_items(code)] for code in bound}
    seen_from = settings.NODE if settings.NODE in standards else next(iter(standards), settings.NODE)
    day = max(on or today(), proposed.starts)
    return effects(agreements(), proposed, standards, seen_from=seen_from, on=day)


def find_route(*, item: str, place: str, authority_place: str, on: date | None = None) -> Route:
    """Whether a person at `place` may be served for the authority at `authority_place`; places are 12-digit codes.

    Raises Rejected("item_unknown"). An item that the authority's province has not published is answered, not raised.
    """
    day = on or today()
    row = find_version(item, authority_place[:2], on=day)
    base = row.item if row is not None else get_base_item(item)
    if row is None or is_over(base, day):
        why = "ended_item" if is_over(base, day) else "not_published"
        facts = {"province": authority_place[:2], "note": base.state_note}
        return Route(False, (), (), None, why, facts)
    if is_suspended(row, day):
        until = row.suspended_until.isoformat() if row.suspended_until else ""
        return Route(False, (), (), None, "suspended_until" if until else "suspended", {"until": until})
    definition, known = definition_in(row), agreements()
    return route(known, place=place, authority_place=authority_place, definition=definition, on=day)


def _concluded(digest: str, signed: frozenset[str]) -> Concluded:
    return Concluded(_agreement(digest), signed)


@functools.lru_cache(maxsize=1000)
def _agreement(digest: str) -> Agreement:
    content = AgreementRow.objects.filter(digest=digest).values_list("content", flat=True)[:1].get()
    return agreement_of(parse_json(bytes(content)))
