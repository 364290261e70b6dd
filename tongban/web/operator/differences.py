"""Where our standards differ from other provinces', as tasks with a state."""

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from tongban.base.actor import Role
from tongban.base.errors import Rejected
from tongban.base.words import say
from tongban.catalogue.actions import follow_discrepancy
from tongban.catalogue.models import Discrepancy
from tongban.catalogue.queries import discrepancies
from tongban.journal.actions import record
from tongban.web.context import nodes
from tongban.web.door import Visit, only
from tongban.web.lines import address
from tongban.web.mishaps import sentence_of
from tongban.web.paging import PAGE, Pager

STATES = tuple(Discrepancy.State.values)


@require_safe
@only(Role.OPERATOR, Role.AUDITOR)
def differences(request: Visit) -> HttpResponse:
    state, province, after = (request.GET.get(name, "") for name in ("state", "with", "after"))
    state = state if state in STATES else STATES[0]
    start = int(after) if after.isascii() and after.isdigit() and len(after) < 18 else 0
    page = list(discrepancies(request.actor, state=state, province=province[:2], after=start)[: PAGE + 1])
    here, choice = reverse("ops:differences"), {"state": state, "with": province}
    following = address(here, **choice, after=page[PAGE - 1].pk) if len(page) > PAGE else ""
    content = {
        "rows": [(row, nodes().get(row.province, (row.province, ""))[0]) for row in page[:PAGE]],
        "here_name": nodes().get(settings.NODE, (settings.NODE, ""))[0],
        "state": state,
        "tabs": [(say(f"discrepancy.{name}"), address(here, state=name), name == state) for name in STATES],
        "pager": Pager(address(here, **choice) if start else "", following),
        "may_act": request.actor.role is Role.OPERATOR and state != Discrepancy.State.GONE,
        "choices": [(name, say(f"discrepancy.{name}")) for name in STATES if name != Discrepancy.State.GONE],
        "crumbs": [(say("ops.overview"), reverse("ops:overview")), (say("discrepancy.title"), "")],
    }
    return render(request, "web/operator/differences.html", content)


@require_POST
@only(Role.OPERATOR)
def follow(request: Visit, discrepancy_id: int) -> HttpResponse:
    state, note = request.POST.get("state", ""), request.POST.get("note", "")
    try:
        row = follow_discrepancy(request.actor, discrepancy=discrepancy_id, state=state, note=note)
    except Rejected as refusal:
        messages.error(request, say("discrepancy.say_why") if refusal.fields else sentence_of(refusal))
    else:
        record(request.actor, event="discrepancy_followed", facts={"item": row.item_id, "state": row.state})
        messages.success(request, say("discrepancy.kept_note"))
    return redirect("ops:differences")
