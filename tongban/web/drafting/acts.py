"""Each step is a form of its own; what was typed is never lost."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from tongban.base.actor import Role
from tongban.base.errors import Rejected
from tongban.base.words import say
from tongban.calendar.queries import today
from tongban.catalogue.actions import take_step
from tongban.catalogue.queries import Drafted, get_draft
from tongban.catalogue.rules import Option
from tongban.catalogue.rules.drafting import (
    ANSWERS,
    FEWEST_DAYS,
    MOST_DAYS,
    OPINIONS,
    USUAL_DAYS,
    Act,
    Given,
    Position,
    Status,
    check,
)
from tongban.web.boxes import Box, choices_of, faults_of
from tongban.web.door import Visit, only
from tongban.web.drafting.draft import GRAVE, crumbs, frame
from tongban.web.drafting.text import number
from tongban.web.mishaps import sentence_of, sentences, status_of

DONE_HERE = tuple(act for act in Act if act not in (Act.BEGIN, Act.SAVE, Act.PUBLISH, Act.FAIL))
SOMETIMES_SAID = (Act.OPINE, Act.ANSWER, Act.SCHEDULE)


@require_http_methods(["GET", "POST"])
@only(Role.OFFICER)
def act(request: Visit, draft_id: UUID, name: str) -> HttpResponse:
    wanted = _act(name)
    found = get_draft(request.actor, draft_id)
    if request.method != "POST":
        check(wanted, Status(found.draft.status), found.part)
        return _form(request, found, wanted, request.GET)
    try:
        seen = number(request.POST.get("seen", ""))
        take_step(request.actor, draft_id, act=wanted, seen=seen, given=_given(request.POST))
    except Rejected as refusal:
        return _form(request, get_draft(request.actor, draft_id), wanted, request.POST, refusal)
    messages.success(request, say(f"draft_done.{wanted}"))
    return redirect("drafts:draft", draft_id)


def _act(name: str) -> Act:
    """Raises Rejected("not_found")."""
    found = next((act for act in DONE_HERE if act == name), None)
    if found is None:
        raise Rejected("not_found")
    return found


def _given(typed: QueryDict) -> Given:
    return Given(
        said=typed.get("said", ""),
        unit=typed.get("unit", ""),
        verdict=typed.get("verdict", ""),
        answers=number(typed.get("answers", "")) or None,
        days=number(typed.get("days", "")) or None,
        on=_day(typed.get("on", "")),
    )


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        return None


def _form(
    request: Visit, found: Drafted, wanted: Act, typed: QueryDict, refusal: Rejected | None = None
) -> HttpResponse:
    wrong = sentences(refusal) if refusal else {}
    boxes = [replace(box, wrong=wrong.get(box.name, "")) for box in _boxes(found, wanted, typed)]
    errors = faults_of(boxes)
    page, title = reverse("drafts:draft", args=[found.draft.id]), say(f"draft_act.{wanted}")
    content = {
        **frame(found),
        "title": title,
        "boxes": boxes,
        "errors": errors,
        "refused": sentence_of(refusal) if refusal and not errors else "",
        "line_faults": _line_faults(wrong),
        "opinion": _opinion(found, number(typed.get("answers", ""))) if wanted is Act.ANSWER else None,
        "answers": typed.get("answers", "") if wanted is Act.ANSWER else "",
        "grave": wanted in GRAVE,
        "back": page,
        "crumbs": crumbs((found.draft.item.name, page), (title, "")),
    }
    return render(request, "web/drafting/act.html", content, status=status_of(refusal) if refusal else 200)


def _line_faults(wrong: Mapping[str, str]) -> list[tuple[str, str]]:
    """What a text that was to be sent is refused for: line and sentence."""
    return [(name.partition(":")[2], what) for name, what in wrong.items() if name.startswith("text:")]


def _opinion(found: Drafted, no: int) -> Position | None:
    return next((place for place in found.positions if place.spoken and place.spoken.no == no), None)


def _boxes(found: Drafted, wanted: Act, typed: QueryDict) -> list[Box]:
    hint = say(f"draft.hint_{wanted}") if wanted in SOMETIMES_SAID else ""
    words = Box("said", say(f"draft.said_{wanted}"), "long_text", typed.get("said", ""), hint=hint)
    boxes = [replace(words, required=wanted is not Act.CONSULT)]
    if wanted in (Act.OPINE, Act.RECORD):
        boxes.insert(0, _choice("verdict", say("draft.verdict"), OPINIONS, typed))
    if wanted is Act.ANSWER:
        boxes.insert(0, _choice("verdict", say("draft.answer"), ANSWERS, typed))
    if units := _units(found, wanted):
        options = [Option(unit, unit) for unit in units]
        boxes.insert(0, Box("unit", say("draft.unit"), "choice", choices=choices_of(options, typed.get("unit", ""))))
    if wanted is Act.CONSULT:
        hint = say("draft.days_hint", least=FEWEST_DAYS, most=MOST_DAYS)
        boxes.insert(0, Box("days", say("draft.days"), "integer", typed.get("days", USUAL_DAYS), hint=hint))
    if wanted is Act.SCHEDULE:
        day = typed.get("on") or str(found.draft.publish_on or today())
        boxes.insert(0, Box("on", say("draft.on"), "date", day, hint=say("draft.on_hint")))
    return boxes


def _units(found: Drafted, wanted: Act) -> list[str]:
    """The units that can be chosen; none where the officer speaks for one alone."""
    silent = [place.unit for place in found.positions if place.is_silent]
    if wanted is Act.OPINE:
        return [unit for unit in silent if unit in found.part.units] if len(found.part.units) > 1 else []
    if wanted is Act.RECORD:
        return [unit for unit in silent if unit not in found.organs]
    return silent if wanted is Act.DEEM else []


def _choice(name: str, label: str, values: tuple[str, ...], typed: QueryDict) -> Box:
    options = [Option(value, say(f"draft_verdict.{value}")) for value in values]
    return Box(name, label, "choice", choices=choices_of(options, typed.get(name, "")))
