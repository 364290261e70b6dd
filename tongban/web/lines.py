"""Cases as lines of a list, for those who work in a hall or an office: what, whose, where, and when it is due."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.conf import settings

from tongban.base.actor import Actor
from tongban.base.errors import NotYet
from tongban.base.words import say
from tongban.calendar.queries import days, today
from tongban.calendar.rules import Days
from tongban.cases.models import Case
from tongban.cases.rules.clocks import Pressure, pressure
from tongban.cases.rules.state import State, from_json
from tongban.cases.rules.table import Status
from tongban.cases.rules.validity import Hold, hold_until
from tongban.catalogue.queries import item_names
from tongban.exchange.queries import directory
from tongban.orgs.queries import place_names
from tongban.people.models import Person
from tongban.people.queries import find_people, masked
from tongban.web.context import nodes
from tongban.web.templatetags.wording import words

TAGS = {
    Pressure.LATE: "tag-warn",
    Pressure.TODAY: "tag-warn",
    Pressure.SOON: "tag-wait",
    Pressure.CALM: "tag-good",
    Pressure.NONE: "",
}
PAPER_TAGS = {Hold.HOLDS: "", Hold.SOON: "tag-wait", Hold.ENDED: "tag-warn"}


@dataclass(frozen=True, slots=True)
class Clock:
    """What a list says of a case's time. words: the same as the colour (tag) says, for those who do not see it."""

    due: date | None
    words: str
    tag: str
    provisional: bool


@dataclass(frozen=True, slots=True)
class Line:
    case: Case
    item: str
    place: str
    applicant: str
    origin: str
    clock: Clock
    paper: Clock | None


def lines(actor: Actor, cases: Sequence[Case]) -> list[Line]:
    """The rows of a page with their names, by as many questions to the database for one row as for twenty."""
    items = item_names()
    day, calendar = today(), days()
    places = place_names({case.place for case in cases})
    people = find_people(actor, [case.applicant for case in cases if case.applicant])
    return [
        Line(
            case=case,
            item=items.get(case.item, case.item),
            place=places[case.place],
            applicant=_name(people.get(case.applicant) if case.applicant else None),
            origin=origin_of(case),
            clock=clock_of(case, from_json(case.state), day=day, calendar=calendar),
            paper=paper_clock(case, day=day),
        )
        for case in cases
    ]


def origin_of(case: Case) -> str:
    """Who received it, or for which lead it is assisted with."""
    if case.lead:
        return say("origin.assist", node=node_name(case.lead_node))
    where = say("origin.here") if case.receiving_node == settings.NODE else node_name(case.receiving_node)
    return say("origin.counter" if case.receiving_organ else "origin.portal", where=where)


def clock_of(case: Case, state: State, *, day: date, calendar: Days) -> Clock:
    paused = state.suspended
    if paused:
        return Clock(None, say("pressure.suspended", kind=words("pause", paused.kind)), "", False)
    if case.status == Status.CORRECTING:
        return Clock(None, say("pressure.correcting"), "", False)
    if state.asked:
        until = max(part.answer_by for part in state.asked if part.answer_by)
        over = day > until
        return Clock(until, say("pressure.asked_over" if over else "pressure.asked"), "tag-wait" if over else "", False)
    due = case.notice_due or case.decision_due
    level, left = pressure(due, day, calendar)
    return Clock(due, say(f"pressure.{level}", days=left), TAGS[level], case.due_is_provisional)


def paper_clock(case: Case, *, day: date) -> Clock | None:
    """The document that ends first among those still needed; None when there is none with a last day."""
    if case.document_until is None:
        return None
    hold = hold_until(case.document_until, day)
    words = say(f"hold.{hold}", days=(case.document_until - day).days)
    return Clock(case.document_until, words, PAPER_TAGS[hold], False)


def node_name(code: str) -> str:
    """The name of a node for people; its code where it is not listed."""
    return nodes().get(code, (code, ""))[0]


def desk_phone(node: str) -> str:
    """Whom to call about what another node received; empty for this one, or where no directory can be believed."""
    if node in ("", settings.NODE):
        return ""
    try:
        found = directory().nodes.get(node)
    except NotYet:
        return ""
    return found.phone if found else ""


def _name(person: Person | None) -> Any:
    return masked(person)["name"] if person else ""


def address(path: str, **parameters: Any) -> str:
    """The path with those of the parameters that are not empty."""
    kept = {name: value for name, value in parameters.items() if value}
    return f"{path}?{urlencode(kept)}" if kept else path
