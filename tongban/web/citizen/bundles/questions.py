"""The pages that ask: first what decides which parts apply, then all questions, each once."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect

from tongban.base.errors import Rejected
from tongban.base.words import say
from tongban.bundles.actions import fill
from tongban.bundles.rules.asking import Group, example_answers
from tongban.catalogue.queries import get_definition
from tongban.catalogue.rules import fill_example
from tongban.web.boxes import Box, box_of, faults_of, read_answers, situation_box
from tongban.web.citizen.bundles.draft import Draft, read_draft, render_page, with_answers
from tongban.web.door import Visit
from tongban.web.mishaps import sentence_of
from tongban.web.seen import read_seen

ELSEWHERE = ("310104000000", "310101000000")
"""Places that the examples of a demonstration name besides the person's own."""


@dataclass(frozen=True, slots=True)
class Asked:
    heading: str
    boxes: list[Box]


def ask(request: Visit, draft: Draft, step: str) -> HttpResponse:
    if request.method != "POST":
        return _show(request, draft, step, {})
    if request.POST.get("example"):
        return _fill_example(request, draft)
    shown = set(request.POST.getlist("shown"))
    asked = _asked(draft, step)
    situations = [entry for group in asked for entry in group.situations if entry.key in shown]
    fields = [entry for group in asked for entry in group.fields if entry.name in shown]
    answers = {**draft.answers, **read_answers(fields, situations, request.POST)}
    try:
        fill(request.actor, draft.row.id, answers=answers, seen=read_seen(request.POST))
    except Rejected as refusal:
        notice = sentence_of(refusal)
        return _show(request, with_answers(draft, answers), step, {}, notice=notice, status=409)
    draft = read_draft(request, draft.row.id)
    for button in ("narrow", "more"):
        if name := request.POST.get(button):
            again = f"?more={name}" if button == "more" else ""
            return redirect(f"{draft.address(step)}{again}#q-{name.replace('.', '-')}")
    names = [name for group in _asked(draft, step) for name in group.names]
    if set(names) - shown:
        messages.info(request, say("citizen.more_to_fill"))
        return redirect(draft.address(step))
    if wrong := _wrong(draft, step):
        return _show(request, draft, step, wrong, status=422)
    return redirect(draft.after(step))


def _asked(draft: Draft, step: str) -> Sequence[Group]:
    return [draft.first] if step == "situations" else draft.groups


def _wrong(draft: Draft, step: str) -> dict[str, str]:
    """What is wrong on this page, by the names of its boxes."""
    found = {path: code for path, code in draft.faults.items() if path.startswith("answers.")}
    return {
        path.removeprefix("answers."): say(f"reason.{code}")
        for path, code in found.items()
        if draft.page_of(path) == step
    }


def _show(
    request: Visit, draft: Draft, step: str, wrong: dict[str, str], *, notice: str = "", status: int = 200
) -> HttpResponse:
    grow = request.GET.get("more", "")
    asked = [Asked(_heading(group, step), _boxes(group, draft.answers, wrong, grow)) for group in _asked(draft, step)]
    content = {
        "asked": asked,
        "errors": faults_of(box for entry in asked for box in entry.boxes),
        "notice": notice,
        "shown": [name for group in _asked(draft, step) for name in group.names],
        "examples": draft.bundle.examples if settings.DEMO and step == "situations" else (),
        "first": step == "situations",
    }
    return render_page(request, draft, step, "questions", content, status)


def _heading(group: Group, step: str) -> str:
    if group.part is not None:
        return say("bundle.own", part=group.part.name)
    return say("bundle_step.situations" if step == "situations" else "bundle.together")


def _boxes(group: Group, answers: dict[str, Any], wrong: dict[str, str], grow: str) -> list[Box]:
    boxes = [situation_box(entry, answers.get(entry.key), wrong) for entry in group.situations]
    return boxes + [box_of(entry, answers.get(entry.name), wrong, grow=entry.name == grow) for entry in group.fields]


def _fill_example(request: Visit, draft: Draft) -> HttpResponse:
    """In a demonstration a whole valid set of answers can be filled in at once."""
    chosen = next((entry for entry in draft.bundle.examples if entry.key == request.POST["example"]), None)
    if chosen is None or not settings.DEMO:
        raise Rejected("not_found")
    here, (other, third) = draft.row.place, ELSEWHERE
    places = {"home_place": here, "applicant_place": here, "other_place": other, "third_place": third}
    items = {part.item: get_definition(part.item, settings.NODE)[1] for part in draft.bundle.parts}
    answers = fill_example(example_answers(draft.bundle, chosen, items), places)
    fill(request.actor, draft.row.id, answers=answers)
    messages.info(request, say("citizen.example_filled", name=chosen.label))
    return redirect(draft.address("situations"))
