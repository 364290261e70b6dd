"""Due dates of a case, worked out at its home and told to its followers beside the chain."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from tongban.calendar.queries import days
from tongban.cases.models import Case, Follower
from tongban.cases.queries.situations import assist_stage, definition_of, papers_needed
from tongban.cases.rules.clocks import due, waits_until
from tongban.cases.rules.state import from_json
from tongban.cases.rules.table import OPEN_STATUSES
from tongban.catalogue.rules.definition import Definition
from tongban.exchange.actions import send


def project(case: Case, definition: Definition) -> None:
    """Set the due dates on the row (not saved here); a change is sent to the followers as a letter of its own."""
    state = from_json(case.state)
    case.document_until = _document_until(case, definition)
    case.wait_until = waits_until(state, definition, days())
    dates = due(state, definition, days(), assist=assist_stage(case, definition))
    before = as_json(case)
    case.notice_due, case.decision_due, case.statutory_due = dates.notice, dates.decision, dates.statutory
    case.due_is_provisional = dates.provisional
    if as_json(case) == before:
        return
    tell_due(case, sorted(set(Follower.objects.filter(case=case).values_list("node", flat=True))))


def tell_due(case: Case, nodes: Sequence[str]) -> None:
    """Send the due dates, as they stand on the row, to these followers."""
    if nodes:
        send(kind="due", subject=str(case.id), data={"case": str(case.id), **as_json(case)}, receivers=nodes)


def project_assists(lead: Case) -> None:
    """What the assist cases of this node rest on is put out by their lead: what it renews moves their day."""
    for case in Case.objects.filter(lead=lead.id, is_home=True, status__in=sorted(OPEN_STATUSES)):
        Case.objects.filter(id=case.id).update(document_until=_document_until(case, definition_of(case)))


def _document_until(case: Case, definition: Definition) -> date | None:
    return next((paper.until for paper in papers_needed(case, definition)), None)


def as_json(case: Case) -> dict[str, Any]:
    return {
        "notice": case.notice_due.isoformat() if case.notice_due else None,
        "decision": case.decision_due.isoformat() if case.decision_due else None,
        "statutory": case.statutory_due.isoformat() if case.statutory_due else None,
        "provisional": case.due_is_provisional,
    }
