"""The counter's first page: what it has received and how that stands, and whom to call elsewhere."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from tongban.applications.models import Application
from tongban.applications.queries import find_numbered as find_application
from tongban.applications.queries import intakes
from tongban.base.actor import Actor, Role
from tongban.base.errors import Rejected
from tongban.base.words import say
from tongban.cases.models import Case
from tongban.cases.queries import find_numbered, received_cases
from tongban.cases.rules.state import from_json
from tongban.catalogue.queries import item_names
from tongban.exchange.queries import directory
from tongban.orgs.queries import place_names
from tongban.people.queries import find_people, masked
from tongban.web.door import Visit, only
from tongban.web.lines import address, node_name
from tongban.web.paging import PAGE, Pager, cursor_of, read_cursor
from tongban.web.templatetags.wording import words

TABS = ("", "draft", "submitted", "returned")
TONES = {"draft": "tag-wait", "correcting": "tag-warn", "returned": ""}


@dataclass(frozen=True, slots=True)
class IntakeLine:
    """address: the intake while it is a draft, afterwards the case."""

    application: Application
    item: str
    place: str
    applicant: str
    state: str
    tone: str
    number: str
    address: str


@require_safe
@only(Role.CLERK)
def desk(request: Visit) -> HttpResponse:
    if number := request.GET.get("number", "").strip():
        return _find(request, number)
    state = request.GET.get("state", "")
    if state not in ("", *Application.State.values):
        raise Rejected("not_found")
    found = intakes(request.actor, after=read_cursor(request.GET.get("after", "")), state=state)
    page = list(found[: PAGE + 1])
    shown, last = page[:PAGE], page[PAGE - 1] if len(page) > PAGE else None
    here = reverse("counter:desk")
    following = address(here, state=state, after=cursor_of(last.changed_at, last.id)) if last else ""
    first = address(here, state=state) if request.GET.get("after") else ""
    tabs = [
        {"name": say(f"counter.tab_{key or 'all'}"), "address": address(here, state=key), "now": key == state}
        for key in TABS
    ]
    content = {"lines": intake_lines(request.actor, shown), "tabs": tabs, "pager": Pager(first, following)}
    return render(request, "web/counter/desk.html", content)


def intake_lines(actor: Actor, applications: Sequence[Application]) -> list[IntakeLine]:
    items = item_names()
    places = place_names({application.place for application in applications})
    people = find_people(actor, [entry.applicant for entry in applications if entry.applicant])
    cases = received_cases(actor).in_bulk([application.id for application in applications])
    return [
        _line(
            application,
            item=items.get(application.item, application.item),
            place=places[application.place],
            applicant=masked(people[application.applicant])["name"] if application.applicant in people else "",
            case=cases.get(application.id),
        )
        for application in applications
    ]


def _line(application: Application, *, item: str, place: str, applicant: str, case: Case | None) -> IntakeLine:
    draft = application.state == Application.State.DRAFT
    waiting = application.state == Application.State.SUBMITTED and case is None
    tone = TONES.get(case.status if case else "draft" if waiting else application.state, "tag-blue")
    word = words("status", case.status) if case else words("state", "waiting" if waiting else application.state)
    if case and from_json(case.state).asked:
        word, tone = say("choice.wanted"), "tag-warn"
    return IntakeLine(
        application=application,
        item=item,
        place=place,
        applicant=applicant,
        state=word,
        tone=tone,
        number=case.number if case else application.number,
        address=reverse("counter:intake" if draft else "counter:case", args=[application.id]),
    )


def _find(request: Visit, number: str) -> HttpResponse:
    case = find_numbered(request.actor, number)
    application = None if case else find_application(request.actor, number)
    if case is None and application is None:
        raise Rejected("not_found")
    return redirect("counter:case", case.id if case else application.id)  # type: ignore[union-attr]


@require_safe
@only(Role.CLERK)
def partners(request: Visit) -> HttpResponse:
    """The desks of the other nodes, from the signed directory."""
    nodes = [
        {"code": code, "name": node_name(code), "phone": node.phone, "address": node.endpoint}
        for code, node in sorted(directory().nodes.items())
    ]
    crumbs = [(say("counter.desk"), "/counter/"), (say("counter.partners"), "")]
    content = {"nodes": nodes, "version": directory().version, "crumbs": crumbs}
    return render(request, "web/counter/partners.html", content)
