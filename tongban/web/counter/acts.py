"""What a counter does for a case elsewhere: hands in supplements and choices, takes back, hands out, notes."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from tongban.applications.actions import supply
from tongban.applications.models import Supplement
from tongban.applications.queries import content_of
from tongban.base.actor import Role
from tongban.base.errors import NotYet, Rejected
from tongban.base.words import has, say
from tongban.cases.actions import move
from tongban.cases.models import Ask, Step
from tongban.cases.rules.table import Act, Status
from tongban.web.boxes import Box, Fault, box_of, faults_of, read_field
from tongban.web.counter.case import Received, corrections_of, page_of, read_received
from tongban.web.counter.scans import Scan, read_scans, scans_for
from tongban.web.door import Visit, only
from tongban.web.mishaps import CONFLICTS, Refusal, sentence_of, sentences, status_of
from tongban.web.seen import read_seen
from tongban.web.uploads import ACCEPT

TEXTS: dict[Act, Box] = {
    Act.GO_ON: Box("text", say("counter.go_on"), "long_text", required=False, hint=say("counter.choice_hint")),
    Act.WITHDRAW: Box("reason", say("counter.withdraw"), "long_text", required=False, hint=say("counter.choice_hint")),
    Act.RECALL: Box("reason", say("counter.recall"), "long_text"),
    Act.DELIVER: Box("text", say("counter.deliver"), "long_text", required=False, hint=say("counter.deliver_hint")),
    Act.RECORD: Box("text", say("record.note"), "long_text", hint=say("counter.record_hint")),
}
FIXED: dict[Act, dict[str, str]] = {
    Act.DELIVER: {"event": "delivery", "way": "counter"},
    Act.RECORD: {"event": "note"},
}


@dataclass
class Typed:
    """What stands on the form."""

    answers: dict[str, Any] = field(default_factory=dict)
    scans: list[Scan] = field(default_factory=list)
    text: str = ""


@require_http_methods(["GET", "POST"])
@only(Role.CLERK)
def act(request: Visit, case_id: UUID, name: str) -> HttpResponse:
    received = read_received(request.actor, case_id)
    wanted = next((possible for possible in (Act.SUPPLY, *TEXTS) if possible == name), None)
    if wanted is None:
        raise Rejected("not_found")
    typed = _typed(request, received, wanted)
    faults = {f"material:{scan.key}": scan.wrong for scan in typed.scans if scan.wrong}
    if request.method != "POST":
        if wanted not in received.acts:
            raise Rejected("not_allowed")
        return _form(request, received, wanted, typed)
    if faults or "narrow" in request.POST or "more" in request.POST:
        return _form(request, received, wanted, typed, status=422 if faults else 200)
    try:
        done = _do(request, case_id, wanted, _content(wanted, received, typed))
    except (Rejected, NotYet) as refusal:
        return _form(request, read_received(request.actor, case_id), wanted, typed, refusal=refusal)
    if isinstance(done, Supplement):
        messages.success(request, say("counter.supplement_asked"))
        return redirect("counter:sign", done.id)
    where = page_of(request, received)["home"]
    name = say(f"act.{wanted}")
    asked = isinstance(done, Ask)
    messages.success(request, say("counter.sent_on", home=where) if asked else say("staff.done", act=name))
    return redirect("counter:case", case_id)


def _do(request: Visit, case_id: UUID, act: Act, content: Mapping[str, Any]) -> Step | Ask | Supplement:
    """A supplement to what several signed waits here until they have signed it again."""
    seen = read_seen(request.POST)
    if act is Act.SUPPLY:
        return supply(request.actor, case_id, seen=seen, content=content)
    return move(request.actor, case_id, act, seen=seen, content=content)


def _typed(request: Visit, received: Received, act: Act) -> Typed:
    text = request.POST.get(TEXTS[act].name, "").strip() if act in TEXTS else ""
    if act is not Act.SUPPLY:
        return Typed(text=text)
    scans = scans_for(received, corrections_of(received))
    if request.method != "POST":
        return Typed(answers=dict(content_of(received.application)["answers"]), scans=scans)
    answers = {entry.name: read_field(entry, request.POST) for entry in _asked_fields(received)}
    if _bounced(received):
        answers = {"account": request.POST.get("account", "").strip()}
    return Typed(answers=answers, scans=read_scans(request, scans))


def _content(act: Act, received: Received, typed: Typed) -> dict[str, Any]:
    if act is Act.GO_ON and received.view:
        asked = {"parts": [part.id for part in received.view.state.asked]}
        return {**asked, **({"text": typed.text} if typed.text else {})}
    if act is not Act.SUPPLY:
        return {**FIXED.get(act, {}), **({TEXTS[act].name: typed.text} if typed.text else {})}
    if _bounced(received):
        return {"account": typed.answers.get("account", "")}
    return {"answers": typed.answers, "materials": [scan.as_material() for scan in typed.scans if scan.digest]}


def _bounced(received: Received) -> bool:
    """A payment came back: what is supplied is another account."""
    return received.view is not None and received.view.state.status is Status.GRANTED


def _asked_fields(received: Received) -> list[Any]:
    targets = received.view.state.targets if received.view else ()
    return [entry for entry in received.definition.fields if f"field:{entry.name}" in targets]


def _boxes(request: Visit, received: Received, act: Act, typed: Typed, wrong: Mapping[str, str]) -> list[Box]:
    if act is not Act.SUPPLY:
        box = TEXTS[act]
        return [replace(box, value=typed.text, wrong=wrong.get(box.name, ""))]
    if _bounced(received):
        number, fault = typed.answers.get("account", ""), wrong.get("account", "")
        return [Box("account", say("label.account"), value=number, wrong=fault)]
    problems = {label: problem for label, problem in corrections_of(received)}
    grow = request.POST.get("more", "")
    boxes = []
    for entry in _asked_fields(received):
        named = {entry.name: wrong.get(f"field:{entry.name}", "")}
        box = box_of(entry, typed.answers.get(entry.name), named, grow=entry.name == grow)
        problem = problems.get(entry.label, "")
        boxes.append(replace(box, required=True, hint=say("counter.problem", problem=problem) if problem else box.hint))
    return boxes


def _form(
    request: Visit, received: Received, act: Act, typed: Typed, *, refusal: Refusal | None = None, status: int = 200
) -> HttpResponse:
    wrong = sentences(refusal) if refusal else {}
    boxes = _boxes(request, received, act, typed, wrong)
    scans = [replace(scan, wrong=scan.wrong or wrong.get(f"material:{scan.key}", "")) for scan in typed.scans]
    content = page_of(request, received)
    head = received.view.case.head if received.view else 0
    seen = read_seen(request.POST) if request.method == "POST" else head
    back = reverse("counter:case", args=[received.application.id])
    content |= {
        "act": act,
        "act_name": say(f"act.{act}"),
        "explain": say(f"counter.explain_{act}") if has(f"counter.explain_{act}") else "",
        "grave": act is Act.RECALL,
        "back": back,
        "head": head if received.view else "",
        "number": received.application.number,
        "crumbs": [(say("counter.desk"), "/counter/"), (received.application.number, back), (say(f"act.{act}"), "")],
        "boxes": boxes,
        "scans": scans,
        "accept": ACCEPT,
        "errors": [*faults_of(boxes), *(Fault(f"m-{scan.key}", scan.name, scan.wrong) for scan in scans if scan.wrong)],
        "changed": [moment for moment in content["moments"] if seen is not None and moment.no > seen],
        "still_possible": act in received.acts,
        "typed": [(box.label, str(box.value)) for box in boxes if box.value and box.kind in ("text", "long_text")],
    }
    if refusal and refusal.reason not in CONFLICTS and not content["errors"]:
        content["refused"] = sentence_of(refusal)
    return render(request, "web/staff/act.html", content, status=status_of(refusal) if refusal else status)
