"""Agreements, and the question put to them."""

import functools
from datetime import date

from tongban.base.canonical import parse_json
from tongban.calendar.queries import today
from tongban.catalogue.models import Agreement as AgreementRow
from tongban.catalogue.queries.items import definition_in, find_version, get_base_item
from tongban.catalogue.rules.agreements import Agreement, Route, agreement_of, route


def agreements_in_force(on: date | None = None) -> list[Agreement]:
    """Of every agreement the newest version that has begun by the day, or else the first that will begin."""
    day = on or today()
    chosen: dict[str, AgreementRow] = {}
    for row in AgreementRow.objects.order_by("key", "version"):
        if row.key not in chosen or row.starts <= day:
            chosen[row.key] = row
    return [_agreement(row.digest, bytes(row.content)) for row in chosen.values()]


def find_route(*, item: str, place: str, authority_place: str, on: date | None = None) -> Route:
    """Whether a person at `place` may be served for the authority at `authority_place`; places are 12-digit codes.

    Raises Rejected("item_unknown"). An item that the authority's province has not published is answered, not raised.
    """
    day = on or today()
    base = get_base_item(item)
    row = find_version(item, authority_place[:2], on=day)
    if row is None:
        why = "ended_item" if base.state != "open" else "not_published"
        facts = {"province": authority_place[:2], "note": base.state_note}
        return Route(False, (), (), None, why, facts)
    return route(
        agreements_in_force(day), place=place, authority_place=authority_place, definition=definition_in(row), on=day
    )


@functools.lru_cache(maxsize=200)
def _agreement(_digest: str, content: bytes) -> Agreement:
    return agreement_of(parse_json(content))
