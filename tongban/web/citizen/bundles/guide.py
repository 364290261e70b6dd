"""The events of life, and what one of them means: which parts, who handles each, in which order, with what papers."""

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from tongban.applications.rules import SERVED_AS
from tongban.bundles.actions import start
from tongban.bundles.queries import get_bundle, prospect_at, shipped
from tongban.bundles.queries.prospects import find_standard
from tongban.bundles.rules.asking import AnyPaper, all_papers
from tongban.bundles.rules.definition import Bundle, Part
from tongban.bundles.rules.planning import Fate, Prospect, visits
from tongban.catalogue.queries import base_items
from tongban.orgs.queries import place_name
from tongban.people.queries import get_person
from tongban.web.citizen.bundles.telling import after_of, condition_of, span_of, span_words, why_apart
from tongban.web.citizen.guide import node_address
from tongban.web.citizen.zone import Where, where_boxes, where_of
from tongban.web.door import Visit, for_persons


@dataclass(frozen=True, slots=True)
class Line:
    """A part on the page of the event. apart: why it is not handed in here, empty where it is."""

    prospect: Prospect
    item_name: str
    needed_when: list[str]
    after: str
    apart: str


@require_safe
def events(request: Visit) -> HttpResponse:
    """All bundles, those of persons before those of enterprises."""
    found = sorted(shipped().values(), key=lambda bundle: "1" not in bundle.served)
    return render(request, "web/citizen/bundles/events.html", {"bundles": found})


@require_safe
def show_event(request: Visit, event: str) -> HttpResponse:
    """One event, for a person at a place and matters that lie at a place; without places, as it stands here."""
    bundle, where = get_bundle(event), where_of(request.GET)
    found = [_prospect(part, where) for part in bundle.parts]
    here, there = where_boxes(where, narrow_at=request.path)
    content: dict[str, Any] = {
        "bundle": bundle,
        "where": where,
        "here": here,
        "there": there,
        "here_name": place_name(where.here) if where.here else "",
        "there_name": place_name(where.there) if where.there else "",
        "served_here": where.here[:2] in ("", settings.NODE),
        "elsewhere_address": node_address(where.here[:2]) if where.here else "",
        **_lines(bundle, found),
    }
    return render(request, "web/citizen/bundles/event.html", content)


def _prospect(part: Part, where: Where) -> Prospect:
    if where.there:
        return prospect_at(part, where.there, where.here or where.there)
    definition = find_standard(part.item, where.here[:2])
    why = "" if definition else "not_published"
    return Prospect(part, Fate.UNKNOWN if definition else Fate.APART, "", definition, why, {})


def _lines(bundle: Bundle, found: list[Prospect]) -> dict[str, Any]:
    names = dict(base_items().values_list("key", "name"))
    open_parts = [entry.part for entry in found if entry.fate is not Fate.APART]
    open_keys = {part.key for part in open_parts}
    definitions = [(entry.part, entry.definition) for entry in found if entry.definition]
    span = span_of(open_parts, {entry.part.key: entry.limit for entry in found})
    part_names = {part.key: part.name for part in bundle.parts}
    papers: list[AnyPaper] = all_papers(bundle, definitions)
    return {
        "lines": [
            Line(
                entry,
                names.get(entry.part.item, entry.part.item),
                condition_of(bundle, entry.part.when),
                after_of(bundle, entry.part, open_keys),
                why_apart(entry.why, entry.facts or {}) if entry.fate is Fate.APART else "",
            )
            for entry in found
        ],
        "elsewhere": [
            (entry, condition_of(bundle, entry.when), after_of(bundle, entry, open_keys)) for entry in bundle.elsewhere
        ],
        "papers": papers,
        "uploads": sum(not paper.shared for paper in papers),
        "span": span_words(span),
        "span_parts": [part_names[key] for key in span.parts],
        "visits": visits([definition for part, definition in definitions if part.key in open_keys]),
    }


@require_http_methods(["GET", "POST"])
@for_persons
def begin(request: Visit, event: str) -> HttpResponse:
    """A draft begins, for a person at the place that was chosen."""
    bundle = get_bundle(event)
    where = where_of(request.POST if request.method == "POST" else request.GET)
    person = get_person(request.actor, request.actor.subject or request.actor.person)  # type: ignore[arg-type]
    served = SERVED_AS[person.kind] in bundle.served
    if where.here[:2] != settings.NODE or request.method != "POST" or not served:
        content = {"bundle": bundle, "here": where_boxes(where, narrow_at=request.path)[0], "served": served}
        content |= {"where": where, "elsewhere_address": node_address(where.here[:2]) if where.here else ""}
        content |= {"served_here": where.here[:2] in ("", settings.NODE)}
        return render(request, "web/citizen/bundles/begin.html", content)
    made = start(request.actor, key=event, place=where.here)
    return redirect(f"/my/bundles/{made.id}/")
