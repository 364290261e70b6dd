"""The last page: everything at one glance, what is missing, the promise, who signs, and handing in."""

from collections.abc import Mapping

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect

from tongban.applications.actions import ask_signatures, submit
from tongban.applications.rules import checklist, faults
from tongban.base.actor import Role
from tongban.base.errors import NotYet, Rejected
from tongban.base.words import say
from tongban.calendar.queries import today
from tongban.catalogue.rules.taking_part import signers
from tongban.people.queries import get_person, masked
from tongban.web.boxes import Fault
from tongban.web.citizen.applying.draft import Draft, page_of, render_page
from tongban.web.door import Visit
from tongban.web.mishaps import sentence_of, sentences
from tongban.web.seen import read_seen
from tongban.web.shown import shown_fields, shown_materials, shown_situations
from tongban.web.signing import signer_lines, stage_of


def check(request: Visit, draft: Draft, step: str) -> HttpResponse:
    errors = _remaining(draft)
    notice, status = "", 422 if request.method == "POST" else 200
    if request.method == "POST":
        if request.POST.get("agree") != "yes":
            errors = [*errors, Fault("agree", say("citizen.promise"), say("citizen.promise_missing"))]
        if not errors:
            try:
                return _press(request, draft, step)
            except (Rejected, NotYet) as refusal:
                errors = _lines(draft, sentences(refusal))
                notice, status = "" if errors else sentence_of(refusal), 503 if isinstance(refusal, NotYet) else status
    person = get_person(request.actor, draft.application.applicant or draft.application.id)
    content = {
        "errors": errors,
        "notice": notice,
        "person": masked(person),
        "person_kind": say(f"kind.{person.kind}"),
        "situations": shown_situations(draft.definition, draft.answers),
        "fields": shown_fields(draft.definition, draft.answers),
        "materials": shown_materials(draft.definition, draft.answers, draft.content["materials"]),
        "shared": [line.name for line in checklist(draft.definition, draft.content) if line.shared and not line.given],
        **_signing(draft),
    }
    return render_page(request, draft, step, "check", content, status)


def _press(request: Visit, draft: Draft, step: str) -> HttpResponse:
    """Ask for the signatures where others sign, or hand in."""
    if request.POST.get("do") == "sign":
        ask_signatures(request.actor, draft.application.id, seen=read_seen(request.POST))
        helped = request.actor.role is not Role.APPLICANT
        messages.success(request, say("signing.asked_helped" if helped else "signing.asked"))
        return redirect(draft.address(step))
    submit(request.actor, draft.application.id, seen=read_seen(request.POST))
    return redirect(f"/receipts/{draft.application.id}/")


def _signing(draft: Draft) -> dict[str, object]:
    """Who has to sign and who has; signs: whether anybody besides the applicant must."""
    wanted = signers(draft.definition, draft.answers, on=today())
    lines = signer_lines(draft.application.id) if wanted else []
    return {
        "signs": len(wanted) + 1 if wanted else 0,
        "signers": lines,
        "stage": stage_of(line.state for line in lines),
    }


def _remaining(draft: Draft) -> list[Fault]:
    found = faults(draft.definition, draft.content, demo=settings.DEMO, on=today())
    return _lines(draft, {path: say(f"reason.{code}") for path, code in found.items()})


def _lines(draft: Draft, wrong: Mapping[str, str]) -> list[Fault]:
    """Everything that stands in the way, each line leading to its box on its page."""
    labels = {f"answers.{entry.name}": entry.label for entry in draft.definition.fields}
    labels |= {f"answers.{entry.key}": entry.question for entry in draft.definition.situations}
    labels |= {f"materials.{entry.key}": entry.name for entry in draft.definition.materials}
    found = []
    for path, sentence in wrong.items():
        kind, _, name = path.partition(".")
        label = labels.get(path) or labels.get(f"{kind}.{name.partition('.')[0]}", "")
        box = f"m-{name}" if kind == "materials" else "q-" + name.replace(".", "-")
        if kind in ("materials", "answers"):
            found.append(Fault(box, label, sentence, page=draft.address(page_of(draft, path))))
    return found
