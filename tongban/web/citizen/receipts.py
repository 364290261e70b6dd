"""收件凭证: what the person holds the moment he has handed in, whether or not the home can be reached."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from tongban.applications.models import Application
from tongban.applications.queries import find_paper, get_application, siblings
from tongban.base.errors import Rejected
from tongban.base.words import say
from tongban.catalogue.queries import get_definition
from tongban.orgs.queries import place_names
from tongban.web.context import nodes
from tongban.web.door import Visit, for_persons
from tongban.web.papers import paper_file, paper_page


@require_safe
@for_persons
def receipt(request: Visit, application_id: UUID) -> HttpResponse:
    application = get_application(request.actor, application_id)
    if application.state == Application.State.DRAFT:
        return redirect(f"/apply/{application_id}/")
    definition = get_definition(application.item, application.standard, application.version)[1]
    made = list(siblings(request.actor, application))
    names = place_names(entry.place for entry in made)
    content = {
        "application": application,
        "definition": definition,
        "mode": say(f"mode.{application.mode}"),
        "made": [(entry, names[entry.place], nodes().get(entry.place[:2], ("", ""))) for entry in made],
        "followed_at": f"/my/queries/{application.bundle}/" if application.bundle else f"/cases/{application.id}/",
    }
    return render(request, "web/citizen/receipt.html", content)


@require_safe
@for_persons
def paper(request: Visit, application_id: UUID) -> HttpResponse:
    """The paper itself; with ?save the bytes as they were written."""
    html = find_paper(request.actor, application_id, kind="receipt")
    if html is None:
        raise Rejected("not_found")
    return paper_file(html, name=f"receipt-{application_id}") if "save" in request.GET else paper_page(html)
