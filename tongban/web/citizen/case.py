"""The page of a case for the person whose matter it is: one number, whose turn it is, what happened."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.http import FileResponse, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from tongban.applications.models import Application
from tongban.applications.queries import bundles_of, content_of, get_application, waiting_supplement
from tongban.base.actor import Actor
from tongban.base.errors import Rejected
from tongban.bundles.queries import bundles_of_cases
from tongban.cases.queries import View, find_document, get_view, open_material, waiting_asks
from tongban.cases.queries.news import mark_of
from tongban.cases.queries.relations import party_number
from tongban.cases.rules.table import Act, Status
from tongban.catalogue.queries import get_definition
from tongban.catalogue.rules import Definition
from tongban.catalogue.rules.taking_part import subject
from tongban.orgs.queries import find_organ, place_name
from tongban.web.boxes import Box, Fault
from tongban.web.citizen.correction import correction_boxes, handed_in, notice_of
from tongban.web.context import nodes
from tongban.web.door import Visit, for_persons
from tongban.web.papers import paper_file, paper_page
from tongban.web.persons import person_lines
from tongban.web.questions import paper_notes, question_of
from tongban.web.shown import shown_answers, shown_materials
from tongban.web.signing import party_lines, signer_lines, stage_of
from tongban.web.timeline import ask_line, lines_of, pending, standing_of


@dataclass(frozen=True, slots=True)
class Attempt:
    """What the person tried on this page and did not get through: shown again with the faults."""

    boxes: tuple[Box, ...] = ()
    errors: tuple[Fault, ...] = ()
    notice: str = ""
    account: str = ""


@require_safe
@for_persons
def show(request: Visit, case_id: UUID) -> HttpResponse:
    return case_page(request, case_id)


def case_page(request: Visit, case_id: UUID, attempt: Attempt | None = None, *, status: int = 200) -> HttpResponse:
    """The page of the case, or of the application as long as its home has not registered it."""
    try:
        view = get_view(request.actor, case_id)
    except Rejected:
        return render(request, "web/citizen/unregistered.html", _unregistered(request, case_id))
    definition = definition_of(view)
    content = _live(request, view, definition) | _still(request.actor, view, definition)
    content |= _parties(request.actor, view, definition)
    content |= {"attempt": attempt or Attempt(), "forms": _forms(view, definition, attempt or Attempt())}
    return render(request, "web/citizen/case.html", content, status=status)


def definition_of(view: View) -> Definition:
    return get_definition(view.case.item, view.case.standard, view.case.version)[1]


@require_safe
@for_persons
def news(request: Visit, case_id: UUID) -> HttpResponse:
    """What changes by itself while the page is open; 204 as long as ?seen is the newest."""
    mark = mark_of(request.actor, case_id)
    if request.GET.get("seen") == mark:
        return HttpResponse(status=204)
    try:
        view = get_view(request.actor, case_id)
    except Rejected:
        return render(request, "web/citizen/unregistered_news.html", _unregistered(request, case_id))
    return render(request, "web/citizen/case_news.html", _live(request, view, definition_of(view)))


def _live(request: Visit, view: View, definition: Definition) -> dict[str, Any]:
    place = place_name(view.case.place)
    last = view.timeline[-1].day if view.timeline else None
    home, phone = nodes().get(view.case.home, (view.case.home, ""))
    return {
        "case": view.case,
        "state": view.state,
        "case_id": view.case.id,
        "definition": definition,
        "place": place,
        "standing": pending(view, home, phone)
        or standing_of(view.case, view.state, definition, place=place, since=last),
        "lines": lines_of(view, definition, place=place),
        "home_name": home,
        "home_phone": phone,
        "organ": find_organ(view.case.organ),
        "papers": paper_notes(view.case, definition),
        "answer": next((entry.said for entry in reversed(view.timeline) if entry.act == Act.ANSWER), None),
        "mark": mark_of(request.actor, view.case.id),
        "doing": " ".join([*view.acts, *sorted(_waiting_acts(view))]),
    }


def _still(actor: Actor, view: View, definition: Definition) -> dict[str, Any]:
    answers, materials = handed_in(view)
    named = shown_materials(definition, answers, materials)
    return {
        "answers": shown_answers(definition, answers) if answers else [],
        "materials": list(zip(named, materials, strict=True)),
        "received": view.timeline[0].received if view.timeline else None,
        "bundle": bundles_of(actor, [view.case.id]).get(view.case.id),
        "event": bundles_of_cases(actor, [view.case.id]).get(view.case.id),
        "may_withdraw": Act.WITHDRAW in view.acts and "withdraw" not in _waiting_acts(view) and not _is_asked(view),
    }


def _parties(actor: Actor, view: View, definition: Definition) -> dict[str, Any]:
    """Who applies together and how one of them withdraws; whom it is about; what waits for signatures here."""
    said = [entry.said["parties"] for entry in view.timeline if entry.said.get("parties")]
    answers = handed_in(view)[0]
    waiting = waiting_supplement(view.case.id) if view.state.applicants > 1 or said else None
    lines = signer_lines(waiting.id) if waiting else []
    alone = definition.parties is not None and definition.parties.withdraws_alone
    return {
        "parties": party_lines(said[-1], opened=True) if said else [],
        "subject": subject(definition, answers),
        "persons": person_lines(view, definition, answers),
        "several": view.state.applicants > 1,
        "withdraws_alone": alone,
        "withdrawing": party_number(actor, view.case.id) in view.state.withdrawing,
        "supplement": waiting,
        "supplement_lines": lines,
        "supplement_stage": stage_of(line.state for line in lines),
    }


def _forms(view: View, definition: Definition, attempt: Attempt) -> dict[str, Any]:
    """What the person is asked to do here and now."""
    if _is_asked(view):
        return {"question": question_of(view, definition)}
    if Act.SUPPLY not in view.acts or "supply" in _waiting_acts(view):
        return {}
    if view.state.status is Status.GRANTED:
        return {"account": view.state.money == "bounced"}
    if waiting_supplement(view.case.id) is not None:
        return {}
    boxes = attempt.boxes or correction_boxes(view, definition)
    return {"correction": boxes, "reason": notice_of(view).get("reason", "")}


def _is_asked(view: View) -> bool:
    """Whether the question stands open; what the person has answered is on its way to the home."""
    return Act.GO_ON in view.acts and not {"go_on", "withdraw"} & _waiting_acts(view)


def _waiting_acts(view: View) -> set[str]:
    return {ask.act for ask in view.waiting if ask.outcome == "waiting"}


def _unregistered(request: Visit, case_id: UUID) -> dict[str, Any]:
    """Handed in here, and on its way: the person has a number, a telephone and a date."""
    application = get_application(request.actor, case_id)
    if application.state != Application.State.SUBMITTED:
        raise Rejected("not_found")
    definition = get_definition(application.item, application.standard, application.version)[1]
    content = content_of(application)
    home, phone = nodes().get(application.place[:2], (application.place[:2], ""))
    asks = waiting_asks(request.actor, case_id)
    refused = next((ask for ask in asks if ask.act == Act.OPEN and ask.outcome not in ("waiting", "taken")), None)
    return {
        "application": application,
        "case_id": case_id,
        "definition": definition,
        "place": place_name(application.place),
        "home_name": home,
        "home_phone": phone,
        "refused": ask_line(refused, home) if refused else None,
        "lines": [ask_line(ask, home) for ask in reversed(asks)],
        "mark": mark_of(request.actor, case_id),
        "doing": "unregistered",
        "erased": content.get("erased", False),
        "answers": shown_answers(definition, content["answers"]),
        "materials": shown_materials(definition, content["answers"], content["materials"]),
    }


@require_safe
@for_persons
def document(request: Visit, case_id: UUID, number: str) -> HttpResponse:
    """A numbered paper: framed, alone (?plain), or its bytes to keep (?save)."""
    html = find_document(request.actor, case_id, number)
    if html is None:
        raise Rejected("not_found")
    if "save" in request.GET:
        return paper_file(html, name=number)
    if "plain" in request.GET:
        return paper_page(html)
    return render(request, "web/citizen/document.html", {"case_id": case_id, "number": number})


@require_safe
@for_persons
def material(request: Visit, case_id: UUID, digest: str) -> HttpResponseBase:
    """A file that was handed in, to be kept by him who handed it in."""
    file, content = open_material(request.actor, case_id, digest)
    return FileResponse(content, as_attachment=True, filename=digest[:12], content_type=file.media_type)


def back_to(case_id: UUID) -> HttpResponse:
    return redirect(f"/cases/{case_id}/")
