"""The page of a bundle that was handed in: each part in words, all their turns in one timeline, what she decides."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from tongban.base.errors import Rejected
from tongban.base.words import has, say
from tongban.bundles.actions import go_on, let_go
from tongban.bundles.models import Bundle, Part
from tongban.bundles.queries import Standing, get_bundle, get_made, my_bundles, parts_of, standings
from tongban.bundles.rules.following import HELD, TO_DECIDE, PartState
from tongban.cases.queries.timelines import turns_of
from tongban.cases.rules.table import ENDS
from tongban.catalogue.queries import get_definition, item_names
from tongban.orgs.queries import place_names
from tongban.web.citizen.bundles.draft import Draft, read_draft
from tongban.web.citizen.bundles.telling import why_apart
from tongban.web.door import Visit, for_persons
from tongban.web.paging import PAGE, Pager, cursor_of, read_cursor
from tongban.web.timeline import status_word, title_of

TONES = {"apart": "wait", "asked": "warn", "refused": "warn", "unsent": "warn", "rejected": "warn", "waiting": "blue"}
MOST_TURNS = 60


@dataclass(frozen=True, slots=True)
class Line:
    """A part in words. address: of its case or draft. decide: she says go on or let go; may_let_go: she may let go."""

    part: Part
    item: str
    place: str
    word: str
    tone: str
    told: str
    address: str
    unsent: bool
    yours: bool
    decide: bool
    may_let_go: bool


@dataclass(frozen=True, slots=True)
class Event:
    at: datetime
    part: str
    title: str
    address: str


@require_safe
@for_persons
def mine(request: Visit) -> HttpResponse:
    """All bundles of the person, the last touched first."""
    after = read_cursor(request.GET.get("after", ""))
    found = list(my_bundles(request.actor, after=after)[: PAGE + 1])
    more = (
        f"/my/bundles/?after={cursor_of(found[PAGE - 1].changed_at, found[PAGE - 1].id)}" if len(found) > PAGE else ""
    )
    content = {"bundles": found[:PAGE], "pager": Pager("/my/bundles/" if after else "", more)}
    return render(request, "web/citizen/bundles/mine.html", content)


@require_safe
@for_persons
def made(request: Visit, made_id: UUID) -> HttpResponse:
    """Where the bundle stands; a draft leads to the page at which one left off."""
    row = get_made(request.actor, made_id)
    if row.state == Bundle.State.DRAFT:
        return redirect(_left_off(read_draft(request, made_id)))
    found = standings(parts_of(row))
    mark = _mark(row, found)
    if request.GET.get("seen") == mark:
        return HttpResponse(status=204)
    items, places = item_names(), place_names({entry.part.place for entry in found if entry.part.place})
    names = {entry.part.key: entry.part.name for entry in found}
    lines = [line_of(entry, items, places, names) for entry in found]
    content = {
        "row": row,
        "lines": [line for line in lines if line.part.state not in (PartState.SKIPPED, PartState.APART)],
        "apart": [line for line in lines if line.part.state == PartState.APART],
        "skipped": [line for line in lines if line.part.state == PartState.SKIPPED],
        "elsewhere": get_bundle(row.key).elsewhere,
        "events": events_of(found, places),
        "mark": mark,
        "over": all(entry.part.state not in HELD and _ended(entry) for entry in found),
    }
    page = "made_parts" if "seen" in request.GET else "made"
    return render(request, f"web/citizen/bundles/{page}.html", content)


def _left_off(draft: Draft) -> str:
    wrong = {draft.page_of(path) for path in draft.faults}
    return draft.address(next((step for step in draft.steps if step in wrong), "check"))


def _mark(row: Bundle, found: list[Standing]) -> str:
    heads = "-".join(str(entry.case.head if entry.case else 0) for entry in found)
    return f"{row.revision}-{heads}-{sum(entry.is_unsent for entry in found)}"


def _ended(entry: Standing) -> bool:
    return entry.part.application is None or (entry.case is not None and entry.case.status in ENDS)


def line_of(entry: Standing, items: dict[str, str], places: dict[str, str], names: dict[str, str]) -> Line:
    part = entry.part
    state = _state(entry)
    before = names.get(part.after, "")
    word = status_word(entry.state) if state == "case" and entry.state else say(f"bundle_state.{state}")
    asked = entry.state is not None and (entry.state.status == "correcting" or bool(entry.state.asked))
    return Line(
        part=part,
        item=items.get(part.item, part.item),
        place=places.get(part.place, ""),
        word=word,
        tone=TONES.get(state, "warn" if asked else "blue"),
        told=_told(entry, state, before),
        address=_address(entry, state),
        unsent=state == "unsent",
        yours=asked or state in ("asked", "refused", "unsent"),
        decide=part.state in TO_DECIDE,
        may_let_go=part.state in HELD,
    )


def _state(entry: Standing) -> str:
    """A key of `[bundle_state]`, or "case" where the case speaks for itself."""
    if entry.part.state != PartState.MADE:
        return entry.part.state
    if entry.rejected:
        return "rejected"
    if entry.is_unsent:
        return "unsent"
    if entry.case is not None:
        return "case"
    return "unregistered" if entry.application and entry.application.state == "submitted" else "given_up"


def _told(entry: Standing, state: str, before: str) -> str:
    part = entry.part
    if state in ("apart", "refused"):
        return why_apart(part.why, part.facts)
    if state == "rejected":
        return why_apart(entry.rejected, {})
    key = part.why if state in ("asked", "unsent") and has(f"bundle_told.{part.why}") else state
    return say(f"bundle_told.{key}", before=before) if has(f"bundle_told.{key}") else ""


def _address(entry: Standing, state: str) -> str:
    if state == "unsent":
        return f"/apply/{entry.part.application}/"
    if state in ("case", "unregistered", "rejected"):
        return f"/cases/{entry.part.application}/"
    return f"/items/{entry.part.item}/" if state in ("apart", "let_go", "refused", "given_up") else ""


def events_of(found: list[Standing], places: dict[str, str]) -> list[Event]:
    """The turns of all parts, the newest first."""
    names = {entry.case.id: entry.part.name for entry in found if entry.case}
    turns = turns_of([entry.case for entry in found if entry.case], most=MOST_TURNS)
    cases = {case.id: case for case, _ in turns}
    described = {key: get_definition(case.item, case.standard, case.version)[1] for key, case in cases.items()}
    events = []
    for case, entry in turns:
        title = title_of(entry, described[case.id], places.get(case.place, ""))
        events.append(Event(entry.recorded_at, names[case.id], title, f"/cases/{case.id}/"))
    return events


@require_POST
@for_persons
def decide(request: Visit, made_id: UUID, part: str) -> HttpResponse:
    """Go on with a part whose earlier one failed, or let a part go that has not been handed in."""
    does = {"go_on": (go_on, "bundle.went_on"), "let_go": (let_go, "bundle.let_go")}
    chosen = does.get(request.POST.get("do", ""))
    if chosen is None:
        raise Rejected("not_found")
    row = chosen[0](request.actor, made_id, part=part)
    name = next(entry.name for entry in parts_of(row) if entry.key == part)
    messages.success(request, say(chosen[1], part=name))
    return redirect(f"/my/bundles/{made_id}/")
