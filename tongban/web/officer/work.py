"""The officer's work list: what waits for him, the oldest first, each line with its due day in words."""

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from tongban.base.actor import Role
from tongban.base.errors import Rejected
from tongban.base.words import say
from tongban.cases.queries import find_numbered, informed_cases, work_list
from tongban.cases.rules.table import Status
from tongban.web.door import Visit, only
from tongban.web.lines import address, lines
from tongban.web.paging import PAGE, Pager, cursor_of, read_cursor

INFORMED = "informed"
TABS = (
    None,
    Status.SUBMITTED,
    Status.CORRECTING,
    Status.ACCEPTED,
    Status.GRANTED,
    Status.DENIED,
    Status.CLOSED,
    INFORMED,
)


@require_safe
@only(Role.OFFICER)
def work(request: Visit) -> HttpResponse:
    if number := request.GET.get("number", "").strip():
        return _find(request, number)
    status, after = _status(request.GET.get("status", "")), read_cursor(request.GET.get("after", ""))
    if isinstance(status, Status) or status is None:
        found = work_list(request.actor, after=after, status=status)
    else:
        found = informed_cases(request.actor, after=after)
    page = list(found[: PAGE + 1])
    shown, last = page[:PAGE], page[PAGE - 1] if len(page) > PAGE else None
    here = reverse("office:work")
    following = address(here, status=status, after=cursor_of(last.received_at, last.id)) if last else ""
    first = address(here, status=status) if request.GET.get("after") else ""
    tabs = [{"name": _tab_name(tab), "address": address(here, status=tab), "now": tab == status} for tab in TABS]
    content = {"lines": lines(request.actor, shown), "tabs": tabs, "pager": Pager(first, following)}
    return render(request, "web/officer/work.html", content)


def _find(request: Visit, number: str) -> HttpResponse:
    case = find_numbered(request.actor, number)
    if case is None:
        raise Rejected("not_found")
    return redirect("office:case", case_id=case.id)


def _tab_name(tab: str | None) -> str:
    if tab == INFORMED:
        return say("staff.informed")
    return say(f"status.{tab}") if tab else say("staff.all_open")


def _status(text: str) -> Status | str | None:
    """Raises Rejected("not_found")."""
    if text in ("", INFORMED):
        return text or None
    try:
        return Status(text)
    except ValueError as error:
        raise Rejected("not_found") from error
