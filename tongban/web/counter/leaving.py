"""How an intake ends before it is handed in, and the papers that are handed out."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from tongban.applications.actions import drop, return_at_once
from tongban.applications.queries import content_of, definition_of, faults_of, find_paper, get_application
from tongban.base.actor import Role
from tongban.base.errors import Rejected
from tongban.base.words import say
from tongban.files.queries import find_file, open_file
from tongban.web.counter.sheet import write_down_look
from tongban.web.door import Visit, only
from tongban.web.mishaps import sentence_of, sentences, status_of
from tongban.web.papers import paper_page
from tongban.web.paperwork import sent_file


@require_http_methods(["GET", "POST"])
@only(Role.CLERK)
def send_home(request: Visit, application_id: UUID) -> HttpResponse:
    """当场退回: everything that is missing on one note (一次性告知); the papers go back with the person."""
    application = get_application(request.actor, application_id)
    definition = definition_of(application)
    reason, error, status = request.POST.get("reason", ""), "", 200
    if request.method == "POST":
        try:
            return_at_once(request.actor, application_id, reason=reason)
        except Rejected as refusal:
            error = sentences(refusal).get("reason") or sentence_of(refusal)
            status = status_of(refusal)
        else:
            messages.success(request, say("counter.returned"))
            return redirect("counter:case", application_id)
    names = {f"materials.{material.key}": material.name for material in definition.materials}
    names |= {f"answers.{field.name}": field.label for field in definition.fields}
    names |= {f"answers.{situation.key}": situation.question for situation in definition.situations}
    missing = [names[path] for path in faults_of(application) if path in names]
    content = {"application": application, "item": definition, "missing": missing, "reason": reason, "error": error}
    here = reverse("counter:intake", args=[application_id])
    content["crumbs"] = [
        (say("counter.desk"), "/counter/"),
        (definition.name, here),
        (say("counter.returning"), ""),
    ]
    return render(request, "web/counter/return.html", content, status=status)


@require_POST
@only(Role.CLERK)
def give_up(request: Visit, application_id: UUID) -> HttpResponse:
    drop(request.actor, application_id)
    messages.success(request, say("counter.dropped"))
    return redirect("counter:desk")


@require_safe
@only(Role.CLERK)
def paper(request: Visit, application_id: UUID, kind: str) -> HttpResponse:
    """收件凭证 or 一次性告知单, to be printed."""
    page = find_paper(request.actor, application_id, kind=kind)
    if page is None:
        raise Rejected("not_found")
    write_down_look(request, get_application(request.actor, application_id), purpose=say("purpose.print_receipt"))
    return paper_page(page)


@require_safe
@only(Role.CLERK)
def scan(request: Visit, application_id: UUID, digest: str) -> HttpResponseBase:
    application = get_application(request.actor, application_id)
    named = [entry for entry in content_of(application)["materials"] if entry.get("digest") == digest]
    if not named:
        raise Rejected("not_found")
    write_down_look(request, application, purpose=say("purpose.check_scan"))
    file = find_file(digest)
    if file is None:
        raise Rejected("not_found")
    return sent_file(file, open_file(digest), name=named[0]["name"])
