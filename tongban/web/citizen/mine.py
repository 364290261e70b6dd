"""My matters: drafts, what waits to be registered, cases; the merged answer of a query."""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from tongban.applications.models import Application
from tongban.applications.queries import (
    bundles_of,
    get_application,
    moved,
    my_drafts,
    siblings,
    states_of,
    to_sign,
    unregistered,
    unregistered_with,
)
from tongban.base.errors import Rejected
from tongban.base.words import say
from tongban.bundles.queries import my_bundles
from tongban.cases.models import Case
from tongban.cases.queries import get_view, my_cases, waiting_asks
from tongban.cases.queries.news import mark_of
from tongban.cases.rules.state import from_json
from tongban.cases.rules.table import Act
from tongban.catalogue.models import BaseItem
from tongban.catalogue.queries import base_items, get_definition
from tongban.orgs.queries import place_name, place_names
from tongban.web.citizen.signing import lines_to_sign
from tongban.web.context import nodes
from tongban.web.door import Visit, for_persons
from tongban.web.paging import PAGE, Pager, cursor_of, read_cursor
from tongban.web.signing import stage_of
from tongban.web.timeline import ask_line, status_word

MOST_DRAFTS = 20
MOST_TO_SIGN = 5
MOST_BUNDLES = 5


@dataclass(frozen=True, slots=True)
class Reply:
    """What one home of a query said. state: answered, open (registered, no answer yet), waiting or refused."""

    place: str
    home: str
    phone: str
    application: Application
    state: str
    records: tuple[dict[str, str], ...] = ()
    text: str = ""


@require_safe
@for_persons
def mine(request: Visit) -> HttpResponse:
    after = read_cursor(request.GET.get("after", ""))
    found = list(my_cases(request.actor, after=after)[: PAGE + 1])
    cases = found[:PAGE]
    drafts = [] if after else list(my_drafts(request.actor)[:MOST_DRAFTS])
    waiting = [] if after else _unregistered(request)
    made = [] if after else list(my_bundles(request.actor)[: MOST_BUNDLES + 1])
    signs = [] if after else list(to_sign(request.actor)[: MOST_TO_SIGN + 1])
    items = _item_names([*(case.item for case in cases), *(entry.item for entry in (*drafts, *waiting))])
    places = place_names([*(case.place for case in cases), *(entry.place for entry in (*drafts, *waiting))])
    signed = _signed([entry.id for entry in drafts])
    changed = {draft: say(f"draft_moved.{how}") for draft, how in moved(drafts).items()}
    bundles = bundles_of(request.actor, [case.id for case in cases])
    more = len(found) > PAGE
    content = {
        "drafts": [
            (entry, items.get(entry.item, ""), places[entry.place], signed.get(entry.id), changed.get(entry.id))
            for entry in drafts
        ],
        "bundles": made[:MOST_BUNDLES],
        "more_bundles": len(made) > MOST_BUNDLES,
        "to_sign": lines_to_sign(signs[:MOST_TO_SIGN]) if signs else [],
        "more_to_sign": len(signs) > MOST_TO_SIGN,
        "waiting": [
            (entry, items.get(entry.item, ""), places[entry.place], nodes().get(entry.place[:2], ("", "")))
            for entry in waiting
        ],
        "cases": [_case_line(case, items.get(case.item, ""), places[case.place], bundles) for case in cases],
        "pager": Pager(
            "/my/" if after else "", f"/my/?after={cursor_of(cases[-1].received_at, cases[-1].id)}" if more else ""
        ),
        "first": after is None,
    }
    return render(request, "web/citizen/mine.html", content)


def _unregistered(request: Visit) -> list[Application]:
    """Handed in by the person, or by one who applies with him; the last first."""
    found = [*unregistered(request.actor)[:MOST_DRAFTS], *unregistered_with(request.actor)[:MOST_DRAFTS]]
    return sorted(found, key=lambda entry: entry.changed_at, reverse=True)


@dataclass(frozen=True, slots=True)
class Signed:
    """How far the signatures of a draft have come."""

    word: str
    tag: str


def _signed(drafts: list[UUID]) -> dict[UUID, Signed]:
    states: dict[UUID, set[str]] = {}
    for matter, state in states_of(drafts):
        states.setdefault(matter, set()).add(state)
    stages = {matter: stage_of(had) for matter, had in states.items()}
    tags = {"void": "tag-warn", "waiting": "tag-wait", "done": "tag-good"}
    return {matter: Signed(say(f"draft_signed.{stage}"), tags[stage]) for matter, stage in stages.items()}


def _item_names(keys: list[str]) -> dict[str, str]:
    rows: list[BaseItem] = list(base_items().filter(key__in=set(keys)))
    return {row.key: row.name for row in rows}


def _case_line(case: Case, item: str, place: str, bundles: Mapping[UUID, UUID]) -> dict[str, object]:
    state = from_json(case.state)
    bounced = state.status == "granted" and state.money == "bounced"
    return {
        "case": case,
        "item": item,
        "place": place,
        "word": status_word(state),
        "yours": state.status == "correcting" or bool(state.asked) or bounced,
        "bundle": bundles.get(case.id),
    }


@require_safe
@for_persons
def query(request: Visit, bundle: UUID) -> HttpResponse:
    """The answers of several homes as one, and who has not replied. With ?seen only when something has changed."""
    first = get_application(request.actor, bundle)
    made = list(siblings(request.actor, first))
    mark = "-".join(mark_of(request.actor, entry.id) for entry in made)
    if request.GET.get("seen") == mark:
        return HttpResponse(status=204)
    definition = get_definition(first.item, first.standard, first.version)[1]
    replies = [_reply(request, entry) for entry in made]
    content = {
        "first": first,
        "definition": definition,
        "replies": replies,
        "answered": [reply for reply in replies if reply.state == "answered"],
        "silent": [reply for reply in replies if reply.state != "answered"],
        "mark": mark,
    }
    page = "query_news" if "seen" in request.GET else "query"
    return render(request, f"web/citizen/{page}.html", content)


def _reply(request: Visit, entry: Application) -> Reply:
    place = place_name(entry.place)
    home, phone = nodes().get(entry.place[:2], (entry.place[:2], ""))
    try:
        view = get_view(request.actor, entry.id)
    except Rejected:
        return _silent(request, entry, place, (home, phone))
    answer = next((step for step in view.timeline if step.act == Act.ANSWER), None)
    if answer is None:
        return Reply(place, home, phone, entry, "open")
    records = tuple(
        {"label": str(row["label"]), "value": str(row["value"])} for row in answer.said.get("records") or ()
    )
    return Reply(place, home, phone, entry, "answered", records, str(answer.said.get("text") or ""))


def _silent(request: Visit, entry: Application, place: str, home: tuple[str, str]) -> Reply:
    asks = waiting_asks(request.actor, entry.id)
    refused = next((ask for ask in asks if ask.outcome not in ("waiting", "taken")), None)
    if refused is None:
        return Reply(place, *home, entry, "waiting")
    return Reply(place, *home, entry, "refused", text=ask_line(refused, home[0]).details[0][1])
