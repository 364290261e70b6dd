"""The standards that are being drafted, what waits for whom, and the beginning of another one."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from tongban.base.actor import Role
from tongban.base.errors import Rejected
from tongban.base.words import say
from tongban.catalogue.actions import begin_draft
from tongban.catalogue.models import Draft
from tongban.catalogue.queries import Drafted, drafts, items_to_draft
from tongban.catalogue.rules import Option
from tongban.orgs.queries import organ_names
from tongban.web.boxes import Box, choices_of
from tongban.web.door import Visit, only
from tongban.web.lines import address
from tongban.web.mishaps import sentence_of, status_of
from tongban.web.paging import PAGE, Pager

HUB = "00"
STAFF = (Role.OFFICER, Role.OPERATOR, Role.AUDITOR)
TONES = {"published": "tag-good", "withdrawn": "", "scheduled": "tag-good", "drafting": "tag-wait"}


@dataclass(frozen=True, slots=True)
class Line:
    """organ: who drafts. silent: how many units have said nothing yet."""

    found: Drafted
    organ: str
    lead: str
    tone: str
    silent: int


@require_safe
@only(*STAFF)
def listed(request: Visit) -> HttpResponse:
    ended, before = request.GET.get("ended") == "1", _cursor(request.GET.get("before", ""))
    found = drafts(request.actor, ended=ended, before=before, most=PAGE + 1 if ended else None)
    shown = found[:PAGE] if ended else sorted(found, key=lambda entry: not entry.waits)
    here = reverse("drafts:drafts")
    following = address(here, ended="1", before=shown[-1].draft.id) if ended and len(found) > PAGE else ""
    content = {
        "lines": lines(shown),
        "tabs": [(say("draft.open"), here, not ended), (say("draft.ended"), address(here, ended="1"), ended)],
        "pager": Pager(address(here, ended="1") if before else "", following),
        "may_begin": request.actor.role is Role.OFFICER and settings.NODE != HUB,
    }
    return render(request, "web/drafting/listed.html", content)


def lines(found: Sequence[Drafted]) -> list[Line]:
    names = organ_names({entry.draft.organ for entry in found})
    return [
        Line(
            found=entry,
            organ=names.get(entry.draft.organ, entry.draft.organ),
            lead=entry.lead.name if entry.lead else entry.draft.item.lead_unit,
            tone=TONES.get(entry.draft.status, "tag-blue"),
            silent=sum(place.is_silent for place in entry.positions),
        )
        for entry in found
    ]


def _cursor(text: str) -> UUID | None:
    """Raises Rejected("not_found") for a cursor that no page of ours gave out."""
    try:
        return UUID(text) if text else None
    except ValueError as error:
        raise Rejected("not_found") from error


@require_http_methods(["GET", "POST"])
@only(Role.OFFICER)
def new(request: Visit) -> HttpResponse:
    """Choose the item; its version in force is the first text."""
    chosen, refusal = request.POST.get("item", ""), None
    if request.method == "POST":
        try:
            draft = _begin(request, chosen)
        except Rejected as refused:
            refusal = refused
        else:
            messages.success(request, say("draft.begun"))
            return redirect("drafts:text", draft.id)
    options = [Option(item.key, f"{item.name}（{item.key}）") for item in items_to_draft(request.actor)]
    wrong = sentence_of(refusal) if refusal else ""
    content = {
        "box": Box(
            "item", say("grant_column.item"), "choice", chosen, choices=choices_of(options, chosen), wrong=wrong
        ),
        "options": options,
        "crumbs": [(say("draft.title"), reverse("drafts:drafts")), (say("draft.new"), "")],
    }
    return render(request, "web/drafting/new.html", content, status=status_of(refusal) if refusal else 200)


def _begin(request: Visit, item: str) -> Draft:
    if not item:
        raise Rejected("invalid", fields={"item": "required"})
    return begin_draft(request.actor, item=item)
