"""A case as the counter that received it sees it: how it stands, what to pass on, which originals it keeps."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from tongban.applications.actions import note_custody
from tongban.applications.models import Application, Custody
from tongban.applications.queries import custody_of, get_application, siblings, waiting_supplement
from tongban.base.actor import Actor, Role
from tongban.base.errors import Rejected
from tongban.base.words import has, say
from tongban.calendar.queries import days, today
from tongban.cases.queries import find_document, get_view, waiting_asks
from tongban.cases.queries.views import View
from tongban.cases.rules.table import Act
from tongban.catalogue.queries import get_definition
from tongban.catalogue.rules import Definition
from tongban.orgs.queries import place_name
from tongban.people.queries import find_people, masked
from tongban.web.chronicle import chronicle
from tongban.web.counter.sheet import write_down_look
from tongban.web.door import Visit, only
from tongban.web.lines import clock_of, desk_phone, node_name
from tongban.web.mishaps import sentence_of
from tongban.web.papers import paper_page
from tongban.web.questions import paper_notes, question_of
from tongban.web.signing import signer_lines, stage_of
from tongban.web.templatetags.wording import words
from tongban.web.timeline import ask_line, target_labels

NEXT = {
    Custody.Place.HERE: ("custody_sent", "custody_returned"),
    Custody.Place.SENT: ("custody_arrived",),
    Custody.Place.ARRIVED: ("custody_returned",),
    Custody.Place.RETURNED: (),
}
OFFERED = frozenset({Act.SUPPLY, Act.GO_ON, Act.WITHDRAW, Act.RECALL, Act.DELIVER, Act.RECORD})
CHOICES = (Act.GO_ON, Act.WITHDRAW)


@dataclass(frozen=True, slots=True)
class Held:
    """An original in custody. moves: what can be noted of it next, event and word."""

    row: Custody
    name: str
    place: str
    moves: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Received:
    """An application of this counter. view: None until the home has registered it."""

    application: Application
    definition: Definition
    view: View | None

    @property
    def acts(self) -> tuple[Act, ...]:
        """Before the home has answered, the counter can only take the application back."""
        if self.application.state != Application.State.SUBMITTED:
            return ()
        return tuple(act for act in self.view.acts if act in OFFERED) if self.view else (Act.RECALL,)


def read_received(actor: Actor, case_id: UUID) -> Received:
    """Raises Rejected("not_found") for what this counter did not receive."""
    application = get_application(actor, case_id)
    definition = get_definition(application.item, application.standard, application.version)[1]
    return Received(application, definition, _view(actor, case_id))


def _view(actor: Actor, case_id: UUID) -> View | None:
    try:
        return get_view(actor, case_id)
    except Rejected:
        return None


@require_safe
@only(Role.CLERK)
def show(request: Visit, case_id: UUID) -> HttpResponse:
    received = read_received(request.actor, case_id)
    if received.application.state == Application.State.DRAFT:
        return redirect("counter:intake", case_id)
    return render(request, "web/counter/case.html", page_of(request, received))


def page_of(request: Visit, received: Received) -> dict[str, Any]:
    application, view = received.application, received.view
    place = place_name(application.place)
    people = find_people(request.actor, [application.applicant] if application.applicant else [])
    return {
        "application": application,
        "case": view.case if view else None,
        "state": view.state if view else None,
        "item": received.definition,
        "place": place,
        "applicant": masked(people[application.applicant]) if application.applicant in people else {},
        "status": status_of(received),
        "clock": clock_of(view.case, view.state, day=today(), calendar=days()) if view else None,
        "home": node_name(application.place[:2]),
        "home_phone": desk_phone(application.place[:2]),
        "far": application.place[:2] != settings.NODE,
        "buttons": [{"act": str(act), "name": _button(act)} for act in received.acts if act not in CHOICES],
        "choices": [{"act": str(act), "name": _button(act)} for act in received.acts if act in CHOICES],
        "question": question_of(view, received.definition) if view else None,
        "papers": paper_notes(view.case, received.definition) if view else [],
        "corrections": corrections_of(received),
        **_supplement(application),
        "asks": [
            ask_line(ask, node_name(application.place[:2])) for ask in waiting_asks(request.actor, application.id)
        ],
        "moments": chronicle(view.timeline, received.definition) if view else [],
        "originals": originals_of(request.actor, received),
        "takeable": _takeable(request.actor, received),
        "others": [other for other in siblings(request.actor, application) if other.id != application.id],
        "crumbs": [(say("counter.desk"), "/counter/"), (application.number, "")],
    }


def _supplement(application: Application) -> dict[str, Any]:
    """What waits here for the signatures of all who applied."""
    waiting = waiting_supplement(application.id)
    lines = signer_lines(waiting.id) if waiting else []
    return {
        "supplement": waiting,
        "supplement_lines": lines,
        "supplement_stage": stage_of(line.state for line in lines),
    }


def status_of(received: Received) -> str:
    if received.view:
        return words("status", received.view.case.status)
    waiting = received.application.state == Application.State.SUBMITTED
    return say("state.waiting" if waiting else f"state.{received.application.state}")


def corrections_of(received: Received) -> list[tuple[str, str]]:
    """What the person has to be told, as long as it is open: label and problem."""
    if received.view is None or not received.view.state.targets:
        return []
    labels = target_labels(received.definition)
    asked = next((entry for entry in reversed(received.view.timeline) if entry.act == Act.ASK_CORRECTION), None)
    rows = [row for row in (asked.said.get("targets") or [] if asked else []) if isinstance(row, dict)]
    problems = {row.get("target"): str(row.get("problem", "")) for row in rows}
    return [(labels.get(target, target), problems.get(target, "")) for target in received.view.state.targets]


def originals_of(actor: Actor, received: Received) -> list[Held]:
    names = {material.key: material.name for material in received.definition.materials}
    passed = received.view is not None and received.view.state.precheck == "passed"
    return [
        Held(
            row=row,
            name=names.get(row.material, row.material),
            place=say(f"custody.{row.place}"),
            moves=tuple(
                (event, say(f"custody.{event}"))
                for event in NEXT[Custody.Place(row.place)]
                if event != "custody_sent" or passed
            ),
        )
        for row in custody_of(actor, received.application.id)
    ]


def _takeable(actor: Actor, received: Received) -> list[tuple[str, str]]:
    """Originals that the item demands and that are not in custody."""
    if received.application.state != Application.State.SUBMITTED:
        return []
    held = {row.material for row in custody_of(actor, received.application.id).exclude(place=Custody.Place.RETURNED)}
    return [
        (entry.key, entry.name) for entry in received.definition.materials if entry.original and entry.key not in held
    ]


def _button(act: Act) -> str:
    return say(f"counter.do_{act}") if has(f"counter.do_{act}") else say(f"act.{act}")


@require_POST
@only(Role.CLERK)
def custody(request: Visit, case_id: UUID) -> HttpResponse:
    """One movement of an original. What speaks against it is told on the page it came from."""
    get_application(request.actor, case_id)
    count = request.POST.get("count", "1")
    try:
        note_custody(
            request.actor,
            case_id,
            event=request.POST.get("event", ""),
            material=request.POST.get("material", ""),
            count=int(count) if count.isascii() and count.isdigit() and len(count) < 4 else 0,
            waybill=request.POST.get("waybill", ""),
        )
    except Rejected as refusal:
        messages.error(request, say("counter.waybill") if "waybill" in refusal.fields else sentence_of(refusal))
    else:
        messages.success(request, say("counter.custody_noted"))
    return redirect("counter:case", case_id)


@require_safe
@only(Role.CLERK)
def document(request: Visit, case_id: UUID, number: str) -> HttpResponse:
    """A paper of the home, to be printed for the person."""
    application = get_application(request.actor, case_id)
    page = find_document(request.actor, case_id, number)
    if page is None:
        raise Rejected("not_found")
    write_down_look(request, application, purpose=say("purpose.print_document"))
    return paper_page(page)
