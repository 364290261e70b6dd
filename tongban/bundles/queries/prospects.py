"""What becomes of each part for these answers: whether its item is open for a person here, and under which standard."""

from collections.abc import Mapping
from typing import Any

from django.conf import settings

from tongban.applications.rules import SERVED_AS, Channel, modes_for
from tongban.bundles.rules.asking import home_of
from tongban.bundles.rules.definition import Bundle, Part
from tongban.bundles.rules.planning import Fate, Prospect
from tongban.catalogue.queries import definition_in, find_route, find_version
from tongban.catalogue.rules.definition import Definition
from tongban.orgs.queries import find_division


def prospects(bundle: Bundle, answers: Mapping[str, Any], here: str, *, kind: str = "") -> list[Prospect]:
    """here: where the person is. kind: what sort of person; nobody is turned away as long as that is not known."""
    return [prospect(part, answers, here, kind=kind) for part in bundle.parts]


def prospect(part: Part, answers: Mapping[str, Any], here: str, *, kind: str = "") -> Prospect:
    if part.when is not None and not part.when.holds(answers):
        return Prospect(part, Fate.SKIPPED)
    place = home_of(part, answers, here)
    if not place or find_division(place) is None:
        return Prospect(part, Fate.UNKNOWN, definition=find_standard(part.item, here[:2]))
    return prospect_at(part, place, here, kind=kind)


def prospect_at(part: Part, place: str, here: str, *, kind: str = "") -> Prospect:
    """The part, where its home is known."""
    row = find_version(part.item, place[:2])
    if row is None:
        return Prospect(part, Fate.APART, place, None, "not_published", {"province": place[:2]})
    definition = definition_in(row)
    route = find_route(item=part.item, place=here or place, authority_place=place)
    why, facts = ("", dict[str, str]()) if route.allowed else (route.why, dict(route.facts))
    if not why and not modes_for(Channel.PORTAL, route.modes):
        why = "counter_only"
    if not why and kind and SERVED_AS[kind] not in definition.served:
        why = "not_served"
    return Prospect(part, Fate.APART if why else Fate.OPEN, place, definition, why, facts)


def find_standard(item: str, province: str) -> Definition | None:
    """The item as it stands in the province, or else here; None where neither has published it."""
    rows = (find_version(item, code) for code in dict.fromkeys((province, settings.NODE)) if code)
    found = next((row for row in rows if row is not None), None)
    return definition_in(found) if found else None
