"""The pages that ask: the situation first, then the fields that it leads to."""

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect

from tongban.applications.actions import fill
from tongban.base.errors import Rejected
from tongban.base.words import say
from tongban.calendar.queries import today
from tongban.catalogue.rules import Field, Situation, check_answers, fill_example, visible_fields, visible_situations
from tongban.web.boxes import box_of, faults_of, read_answers, situation_box
from tongban.web.citizen.applying.draft import Draft, read_draft, render_page
from tongban.web.door import Visit
from tongban.web.mishaps import sentence_of
from tongban.web.seen import read_seen

SHANGHAI = ("310104000000", "310101000000")
ANHUI = ("340123000000", "340102000000")
"""Places that the examples of a demonstration name besides those of the application."""


def ask(request: Visit, draft: Draft, step: str) -> HttpResponse:
    if request.method != "POST":
        return _show_questions(request, draft, step, {})
    if request.POST.get("example"):
        return _fill_example(request, draft)
    shown = set(request.POST.getlist("shown"))
    situations, fields = _asked(draft, step)
    situations = [entry for entry in draft.definition.situations if entry.key in shown] if situations else []
    fields = [entry for entry in draft.definition.fields if entry.name in shown] if fields else []
    posted = read_answers(fields, situations, request.POST)
    answers = {**draft.answers, **posted}
    try:
        fill(request.actor, draft.application.id, answers=answers, seen=read_seen(request.POST))
    except Rejected as refusal:
        kept = Draft(draft.application, draft.definition, {**draft.content, "answers": answers})
        wrong = {path.removeprefix("answers."): say(f"reason.{code}") for path, code in refusal.fields.items()}
        return _show_questions(request, kept, step, wrong, notice=sentence_of(refusal), status=409)
    draft = read_draft(request, draft.application.id)
    for button in ("narrow", "more"):
        if name := request.POST.get(button):
            again = f"?more={name}" if button == "more" else ""
            return redirect(f"{draft.address(step)}{again}#q-{name.replace('.', '-')}")
    situations, fields = _asked(draft, step)
    names = [entry.key for entry in situations] + [entry.name for entry in fields]
    if set(names) - shown:
        messages.info(request, say("citizen.more_to_fill"))
        return redirect(draft.address(step))
    wrong = _wrong(draft, names)
    if wrong:
        return _show_questions(request, draft, step, wrong, status=422)
    return redirect(draft.after(step))


def _asked(draft: Draft, step: str) -> tuple[list[Situation], list[Field]]:
    if step == "situations":
        return list(visible_situations(draft.definition, draft.answers)), []
    return [], list(visible_fields(draft.definition, draft.answers))


def _wrong(draft: Draft, names: list[str]) -> dict[str, str]:
    found = check_answers(draft.definition, draft.answers, demo=settings.DEMO, on=today())
    return {path: say(f"reason.{code}") for path, code in found.items() if path.partition(".")[0] in names}


def _show_questions(
    request: Visit, draft: Draft, step: str, wrong: dict[str, str], *, notice: str = "", status: int = 200
) -> HttpResponse:
    situations, fields = _asked(draft, step)
    grow = request.GET.get("more", "")
    boxes = [situation_box(entry, draft.answers.get(entry.key), wrong) for entry in situations]
    boxes += [box_of(entry, draft.answers.get(entry.name), wrong, grow=entry.name == grow) for entry in fields]
    content = {
        "boxes": boxes,
        "errors": faults_of(boxes),
        "notice": notice,
        "shown": [entry.key for entry in situations] + [entry.name for entry in fields],
        "examples": draft.definition.examples if settings.DEMO else (),
    }
    return render_page(request, draft, step, "questions", content, status)


def _fill_example(request: Visit, draft: Draft) -> HttpResponse:
    """In a demonstration a whole valid set of answers can be filled in at once."""
    chosen = next((entry for entry in draft.definition.examples if entry.key == request.POST["example"]), None)
    if chosen is None or not settings.DEMO:
        raise Rejected("not_found")
    here, there = draft.application.receiving_place, draft.application.place
    other, third = SHANGHAI if there[:2] != SHANGHAI[0][:2] else ANHUI
    places = {"home_place": there, "applicant_place": here, "other_place": other, "third_place": third}
    fill(request.actor, draft.application.id, answers=fill_example(chosen.answers, places), seen=None)
    messages.info(request, say("citizen.example_filled", name=chosen.label))
    return redirect(draft.address(draft.steps[0]))
