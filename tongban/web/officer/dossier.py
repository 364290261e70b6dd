"""What the person handed in: opened for a purpose that is written down before anything is shown."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from tongban.base.actor import Role
from tongban.base.errors import Rejected
from tongban.base.times import legal_date
from tongban.base.words import say
from tongban.cases.queries import definition_of, find_document, get_view, open_material
from tongban.cases.queries.views import View
from tongban.cases.rules.signatures import unsigned
from tongban.catalogue.rules import Definition
from tongban.catalogue.rules.taking_part import signers, subject
from tongban.web.door import Visit, only
from tongban.web.looks import check_open, is_open, look
from tongban.web.officer.case import page_of
from tongban.web.papers import paper_page
from tongban.web.paperwork import identity_words, material_lines, sent_file
from tongban.web.persons import person_lines
from tongban.web.shown import shown_answers
from tongban.web.signing import party_lines

PURPOSES = ("examine", "identify", "contact", "review")


@require_http_methods(["GET", "POST"])
@only(Role.OFFICER)
def show(request: Visit, case_id: UUID) -> HttpResponse:
    """The form that asks for the purpose; after it, for half an hour, the dossier."""
    view = get_view(request.actor, case_id)
    if view.dossier is None:
        raise Rejected("not_found")
    error = ""
    if request.method == "POST":
        purpose = request.POST.get("other", "").strip() or request.POST.get("purpose", "").strip()
        try:
            look(request, subject=view.case.applicant or case_id, case=case_id, what="dossier", purpose=purpose)
        except Rejected as refusal:
            error = say(f"reason.{refusal.reason}")
        else:
            return redirect("office:dossier", case_id=case_id)
    content = page_of(request, view) | {"purposes": [say(f"purpose.{key}") for key in PURPOSES], "error": error}
    if is_open(request, case_id):
        content |= _opened(view)
    return render(request, "web/officer/dossier.html", content, status=422 if error else 200)


def _opened(view: View) -> dict[str, Any]:
    dossier = view.dossier or {}
    definition = definition_of(view.case)
    return {
        "person": dossier["applicant"],
        "kind": say(f"kind.{dossier['applicant']['kind']}"),
        "id_type": say(f"id_type.{dossier['applicant']['id_type']}"),
        "agent": dossier.get("agent"),
        "checked": identity_words(dossier.get("identity_check")),
        "answers": shown_answers(definition, dossier["answers"]),
        "papers": material_lines(definition, dossier["materials"]),
        "custody": dossier["custody"],
        **_parties(view, definition, dossier),
    }


def _parties(view: View, definition: Definition, dossier: Mapping[str, Any]) -> dict[str, Any]:
    """Who signed, and whether what they signed is what stands here now; whom it is about; each person's outcome."""
    answers, signed = dossier["answers"], dossier.get("parties") or []
    wanted = signers(definition, answers, on=legal_date(view.case.received_at))
    return {
        "parties": party_lines(signed, opened=True),
        "unsigned": unsigned(wanted, dossier["applicant"], signed, dossier.get("signed", "")),
        "subject": subject(definition, answers),
        "persons": person_lines(view, definition, answers),
    }


@require_safe
@only(Role.OFFICER)
def material(request: Visit, case_id: UUID, digest: str) -> HttpResponseBase:
    """A scan, for him who has opened the dossier that names it."""
    view = get_view(request.actor, case_id)
    check_open(request, case_id)
    names = [entry["name"] for entry in (view.dossier or {}).get("materials", []) if entry.get("digest") == digest]
    file, content = open_material(request.actor, case_id, digest)
    return sent_file(file, content, name=names[0] if names else digest)


@require_safe
@only(Role.OFFICER)
def document(request: Visit, case_id: UUID, number: str) -> HttpResponse:
    check_open(request, case_id)
    page = find_document(request.actor, case_id, number)
    if page is None:
        raise Rejected("not_found")
    return paper_page(page)
