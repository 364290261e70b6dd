"""Each act is a form of its own. What was typed is never lost: neither by a mistake nor by somebody being quicker."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from tongban.base.actor import Role
from tongban.base.errors import NotYet, Rejected
from tongban.base.words import has, say
from tongban.cases.actions import move
from tongban.cases.queries import definition_of, get_view
from tongban.cases.queries.views import View
from tongban.cases.rules.table import Act
from tongban.web.boxes import Box, Fault, faults_of
from tongban.web.door import Visit, only
from tongban.web.looks import is_open
from tongban.web.mishaps import CONFLICTS, Refusal, sentence_of, sentences, status_of
from tongban.web.officer.case import GRAVE, name_of, page_of
from tongban.web.officer.correction import boxes_of, points_for, read_targets
from tongban.web.officer.inputs import boxes_for, read_content
from tongban.web.officer.persons import person_points, read_denied
from tongban.web.seen import read_seen

GROWING = ("narrow", "more")


@require_http_methods(["GET", "POST"])
@only(Role.OFFICER)
def act(request: Visit, case_id: UUID, name: str) -> HttpResponse:
    wanted = _act(name)
    view = get_view(request.actor, case_id)
    if request.method != "POST":
        if wanted not in view.acts:
            raise Rejected("not_now", status=say(f"status.{view.case.status}"), act=say(f"act.{wanted}"))
        return _form(request, view, wanted, typed={})
    typed = _typed(request, view, wanted)
    if any(button in request.POST for button in GROWING):
        return _form(request, view, wanted, typed=typed)
    try:
        move(request.actor, case_id, wanted, seen=read_seen(request.POST), content=_content(typed))
    except (Rejected, NotYet) as refusal:
        return _form(request, get_view(request.actor, case_id), wanted, typed=typed, refusal=refusal)
    messages.success(request, say("staff.done", act=name_of(wanted, view.case)))
    return redirect("office:case", case_id=case_id)


def _form(
    request: Visit, view: View, act: Act, *, typed: Mapping[str, Any], refusal: Refusal | None = None
) -> HttpResponse:
    """seen stays what the officer had before him only where nothing is new; a stale page is told what changed."""
    wrong = sentences(refusal) if refusal else {}
    definition = definition_of(view.case)
    content = page_of(request, view)
    seen = read_seen(request.POST) if request.method == "POST" else view.case.head
    boxes = _boxes(view, act, typed, wrong)
    back, title = reverse("office:case", args=[view.case.id]), name_of(act, view.case)
    content |= {
        "act": act,
        "grave": act in GRAVE,
        "back": back,
        "head": view.case.head,
        "number": view.case.number,
        "crumbs": [(say("staff.work"), reverse("office:work")), (view.case.number, back), (title, "")],
        "act_name": title,
        "explain": say(f"office_explained.{act}") if has(f"office_explained.{act}") else "",
        "boxes": boxes,
        "errors": faults_of(boxes),
        "changed": [moment for moment in content["moments"] if seen is not None and moment.no > seen],
        "still_possible": act in view.acts,
        "typed": _typed_words(boxes),
    }
    if act is Act.ASK_CORRECTION:
        points = points_for(view, definition, typed.get("targets", ()), wrong, opened=is_open(request, view.case.id))
        content["points"] = points
        content["errors"] += [Fault(point.id, point.label, point.wrong) for point in points if point.wrong]
    if act is Act.GRANT:
        opened = is_open(request, view.case.id)
        content["persons"] = person_points(view, definition, typed.get("denied"), wrong, opened=opened)
        content["errors"] += [Fault(point.id, point.name, point.wrong) for point in content["persons"] if point.wrong]
    if refusal and refusal.reason not in CONFLICTS and not content["errors"]:
        nothing = isinstance(refusal, Rejected) and refusal.fields.get("targets") == "required"
        content["refused"] = say("input.nothing_ticked") if nothing else wrong.get("targets") or sentence_of(refusal)
    return render(request, "web/staff/act.html", content, status=status_of(refusal) if refusal else 200)


def _boxes(view: View, act: Act, typed: Mapping[str, Any], wrong: Mapping[str, str]) -> list[Box]:
    if act is Act.ASK_CORRECTION:
        return boxes_of(view, typed, wrong)
    return boxes_for(act, view, definition_of(view.case), typed, wrong)


def _typed(request: Visit, view: View, act: Act) -> dict[str, Any]:
    typed = read_content(_boxes(view, act, {}, {}), request.POST)
    if act is Act.ASK_CORRECTION:
        typed["targets"] = read_targets(request.POST)
    if act is Act.GRANT:
        typed["denied"] = read_denied(request.POST)
    return typed


def _content(typed: Mapping[str, Any]) -> dict[str, Any]:
    content = dict(typed)
    if "partial" in content:
        content["partial"] = content["partial"] == "yes"
    if not content.get("denied", True):
        del content["denied"]
    return content


def _typed_words(boxes: list[Box]) -> list[tuple[str, str]]:
    """What was typed, to be copied from a page on which the act is no longer possible."""
    return [(box.label, str(box.value)) for box in boxes if box.value and box.kind in ("text", "long_text", "money")]


def _act(name: str) -> Act:
    try:
        return Act(name)
    except ValueError as error:
        raise Rejected("not_found") from error
