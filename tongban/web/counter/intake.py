"""An intake on one page, in one form: whatever is pressed, what was typed, ticked and scanned is kept first."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from tongban.applications.actions import (
    adopt_version,
    ask_signatures,
    attach,
    compare,
    fill,
    identify,
    note_custody,
    remove_material,
    submit,
)
from tongban.applications.models import Application
from tongban.applications.queries import content_of, definition_of, get_application
from tongban.applications.rules import checklist
from tongban.base.actor import Role
from tongban.base.errors import NotYet, Rejected
from tongban.base.words import say
from tongban.catalogue.rules import Definition
from tongban.web.boxes import Fault, read_answers
from tongban.web.counter.person import TYPED, read_person
from tongban.web.counter.sheet import Intake, render_intake
from tongban.web.door import Visit, only
from tongban.web.mishaps import CONFLICTS, Refusal, sentence_of, sentences
from tongban.web.seen import read_seen
from tongban.web.uploads import keep_upload


@dataclass
class Trouble:
    """What could not be kept or done. wrong: path of a box -> sentence; papers: key of a material -> sentence."""

    wrong: dict[str, str] = field(default_factory=dict)
    papers: dict[str, str] = field(default_factory=dict)
    notice: str = ""
    status: int = 422

    def __bool__(self) -> bool:
        return bool(self.wrong or self.papers or self.notice)


@require_http_methods(["GET", "POST"])
@only(Role.CLERK)
def intake(request: Visit, application_id: UUID) -> HttpResponse:
    found = read_intake(request, application_id)
    if found.application.state != Application.State.DRAFT:
        return redirect("counter:case", application_id)
    if request.method != "POST":
        return render_intake(request, found)
    trouble = _keep_everything(request, found)
    found = read_intake(request, application_id)
    if trouble.status == 409:
        return _show(request, found, trouble, answers=_answers(request, found))
    button, _, key = request.POST.get("do", "save").partition(":")
    if not trouble:
        trouble = _press(request, found, button, key)
    if trouble:
        return _show(request, read_intake(request, application_id), trouble)
    return _lead_on(request, application_id, button, key)


def read_intake(request: Visit, application_id: UUID) -> Intake:
    """Raises Rejected("not_found")."""
    application = get_application(request.actor, application_id)
    definition = definition_of(application)
    return Intake(application, definition, content_of(application))


def _keep_everything(request: Visit, found: Intake) -> Trouble:
    """Answers, scans, comparisons and the person, each by itself: what is wrong with one does not lose the others."""
    trouble = Trouble()
    try:
        fill(request.actor, found.application.id, answers=_answers(request, found), seen=read_seen(request.POST))
    except Rejected as refusal:
        status = 409 if refusal.reason in CONFLICTS else 422
        wrong = {path.removeprefix("answers."): text for path, text in sentences(refusal).items()}
        trouble = Trouble(wrong=wrong, notice=sentence_of(refusal), status=status)
    _keep_papers(request, found, trouble)
    if trouble.status != 409:
        _keep_person(request, found.application.id, trouble)
    return trouble


def _answers(request: Visit, found: Intake) -> dict[str, Any]:
    """The answers so far, with those of the questions that this page showed."""
    shown = set(request.POST.getlist("shown"))
    situations = [entry for entry in found.definition.situations if entry.key in shown]
    fields = [entry for entry in found.definition.fields if entry.name in shown]
    return {**found.content["answers"], **read_answers(fields, situations, request.POST)}


def _keep_papers(request: Visit, found: Intake, trouble: Trouble) -> None:
    for material in found.definition.materials:
        upload = request.FILES.get(f"material.{material.key}")
        ticked = request.POST.get(f"compared.{material.key}") == "yes"
        try:
            if upload:
                file = keep_upload(request.actor, upload)
                attach(
                    request.actor,
                    found.application.id,
                    material=material.key,
                    digest=file.digest,
                    name=upload.name or material.name,
                    compared=ticked,
                )
            elif ticked:
                compare(request.actor, found.application.id, material=material.key)
        except Rejected as refusal:
            trouble.papers[material.key] = sentence_of(refusal)


def _keep_person(request: Visit, application_id: UUID, trouble: Trouble) -> None:
    typed = read_person(request.POST)
    if not any(typed[name] for name in TYPED):
        return
    way, note = request.POST.get("way", ""), request.POST.get("way_note", "")
    try:
        identify(request.actor, application_id, identity=typed, way=way, note=note)
    except Rejected as refusal:
        wrong = {f"person.{name}": text for name, text in sentences(refusal).items()}
        trouble.wrong |= wrong or {"person.id_number": sentence_of(refusal)}


def _press(request: Visit, found: Intake, button: str, key: str) -> Trouble:
    application = found.application.id
    try:
        if button == "submit":
            submit(request.actor, application)
        elif button == "adopt":
            adopt_version(request.actor, application)
        elif button == "ask":
            ask_signatures(request.actor, application)
        elif button == "remove":
            remove_material(request.actor, application, material=key)
        elif button in ("take", "giveback"):
            event = "custody_taken" if button == "take" else "custody_returned"
            count = request.POST.get(f"count.{key}", "1")
            number = int(count) if count.isascii() and count.isdigit() and len(count) < 4 else 0
            note_custody(request.actor, application, event=event, material=key, count=number)
    except (Rejected, NotYet) as refusal:
        return _trouble_of(refusal, found.definition, key)
    return Trouble()


def _trouble_of(refusal: Refusal, definition: Definition, key: str) -> Trouble:
    """Everything that stands in the way of handing it in, each at its place on the page."""
    trouble = Trouble()
    for path, text in sentences(refusal).items():
        kind, _, name = path.partition(".")
        if kind == "materials":
            trouble.papers[name] = text
        elif kind == "answers":
            trouble.wrong[name] = text
        elif kind == "applicant":
            trouble.wrong["person.id_number"] = sentence_of(refusal)
    if not trouble and key in {material.key for material in definition.materials}:
        trouble.papers[key] = sentence_of(refusal)
    if not trouble:
        trouble.notice = sentence_of(refusal)
    return trouble


def _lead_on(request: Visit, application_id: UUID, button: str, key: str) -> HttpResponse:
    here = reverse("counter:intake", args=[application_id])
    for grower in ("narrow", "more"):
        if name := request.POST.get(grower):
            again = f"?more={name}" if grower == "more" else ""
            return HttpResponseRedirect(f"{here}{again}#q-{name.replace('.', '-')}")
    if button == "leave":
        messages.success(request, say("counter.left"))
        return redirect("counter:desk")
    if button == "submit":
        messages.success(request, say("counter.received"))
        return redirect("counter:case", application_id)
    if button == "return":
        return redirect("counter:return", application_id)
    if button == "ask":
        messages.success(request, say("counter.asked"))
        return redirect("counter:sign", application_id)
    messages.success(request, say("counter.version_adopted" if button == "adopt" else "counter.saved"))
    anchor = "#situations" if button == "refresh" else f"#m-{key}" if key else ""
    return HttpResponseRedirect(here + anchor)


def _show(request: Visit, found: Intake, trouble: Trouble, *, answers: Mapping[str, Any] | None = None) -> HttpResponse:
    if answers is not None:
        found = Intake(found.application, found.definition, {**found.content, "answers": dict(answers)})
    names = {line.key: line.name for line in checklist(found.definition, found.content)}
    errors = [Fault(f"m-{key}", names.get(key, key), text) for key, text in trouble.papers.items()]
    return render_intake(
        request,
        found,
        wrong=trouble.wrong,
        papers=trouble.papers,
        more_errors=errors,
        notice=trouble.notice,
        status=trouble.status,
    )
