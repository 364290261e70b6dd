"""An application, page by page: the situation first, then only the questions and papers that it leads to.

Every page keeps what was filled in before it looks for faults, so that nothing is lost when the person leaves.
"""

from collections.abc import Callable
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_POST

from tongban.applications.actions import adopt_version, drop
from tongban.applications.models import Application
from tongban.applications.rules import faults
from tongban.base.errors import Rejected
from tongban.base.words import say
from tongban.calendar.queries import today
from tongban.web.citizen.applying.checking import check
from tongban.web.citizen.applying.draft import Draft, page_of, read_draft
from tongban.web.citizen.applying.materials import collect
from tongban.web.citizen.applying.questions import ask
from tongban.web.door import Visit, for_persons

PAGES: dict[str, Callable[[Visit, Draft, str], HttpResponse]] = {
    "situations": ask,
    "form": ask,
    "materials": collect,
    "check": check,
}


@for_persons
def resume(request: Visit, application_id: UUID) -> HttpResponse:
    """Where one left off: at the first page that has something missing."""
    draft = read_draft(request, application_id)
    if draft.application.state != Application.State.DRAFT:
        return redirect(f"/cases/{application_id}/")
    missing = faults(draft.definition, draft.content, demo=settings.DEMO, on=today())
    for step in draft.steps:
        if any(page_of(draft, path) == step for path in missing):
            return redirect(draft.address(step))
    return redirect(draft.address("check"))


@require_http_methods(["GET", "POST"])
@for_persons
def page(request: Visit, application_id: UUID, step: str) -> HttpResponse:
    """One page of the application. Raises Rejected("not_found")."""
    draft = read_draft(request, application_id)
    if draft.application.state != Application.State.DRAFT:
        return redirect(f"/cases/{application_id}/")
    if step not in draft.steps:
        raise Rejected("not_found")
    return PAGES[step](request, draft, step)


@require_POST
@for_persons
def adopt(request: Visit, application_id: UUID) -> HttpResponse:
    """Go on under the version that holds now."""
    adopt_version(request.actor, application_id)
    messages.success(request, say("citizen.version_adopted"))
    return redirect(f"/apply/{application_id}/")


@require_POST
@for_persons
def give_up(request: Visit, application_id: UUID) -> HttpResponse:
    drop(request.actor, application_id)
    messages.success(request, say("citizen.draft_dropped"))
    return redirect("/my/")
