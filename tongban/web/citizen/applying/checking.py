"""The last page: everything at one glance, what is missing, the promise, and handing in."""

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import redirect

from tongban.applications.actions import submit
from tongban.applications.rules import checklist, faults
from tongban.base.errors import Rejected
from tongban.base.words import say
from tongban.calendar.queries import today
from tongban.people.queries import get_person, masked
from tongban.web.boxes import Fault
from tongban.web.citizen.applying.draft import Draft, page_of, render_page
from tongban.web.door import Visit
from tongban.web.mishaps import sentence_of
from tongban.web.seen import read_seen
from tongban.web.shown import shown_fields, shown_materials, shown_situations


def check(request: Visit, draft: Draft, step: str) -> HttpResponse:
    errors = _remaining(draft)
    notice = ""
    if request.method == "POST":
        if request.POST.get("agree") != "yes":
            errors = [*errors, Fault("agree", say("citizen.promise"), say("citizen.promise_missing"))]
        if not errors:
            try:
                submit(request.actor, draft.application.id, seen=read_seen(request.POST))
                return redirect(f"/receipts/{draft.application.id}/")
            except Rejected as refusal:
                notice = sentence_of(refusal)
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
    }
    return render_page(request, draft, step, "check", content, 422 if request.method == "POST" else 200)


def _remaining(draft: Draft) -> list[Fault]:
    """Everything that is still missing, each line leading to its box on its page."""
    labels = {f"answers.{entry.name}": entry.label for entry in draft.definition.fields}
    labels |= {f"answers.{entry.key}": entry.question for entry in draft.definition.situations}
    labels |= {f"materials.{entry.key}": entry.name for entry in draft.definition.materials}
    found = []
    for path, code in faults(draft.definition, draft.content, demo=settings.DEMO, on=today()).items():
        kind, _, name = path.partition(".")
        label = labels.get(path) or labels.get(f"{kind}.{name.partition('.')[0]}", "")
        box = f"m-{name}" if kind == "materials" else "q-" + name.replace(".", "-")
        found.append(Fault(box, label, say(f"reason.{code}"), page=draft.address(page_of(draft, path))))
    return found
