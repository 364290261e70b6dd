"""How rows are shown to programs."""

from dataclasses import asdict
from typing import Any, Final

from django.http import HttpResponse

from tongban.applications import queries as applications
from tongban.applications.models import Application
from tongban.applications.rules import checklist
from tongban.base.actor import Actor
from tongban.base.words import has, say
from tongban.cases.models import Ask, Case
from tongban.cases.queries import Entry, View

HTML: Final[dict[str, Any]] = {
    "responses": {200: {"content": {"text/html": {"schema": {"type": "string"}}}}},
}


def html_page(html: str) -> HttpResponse:
    """A paper as it was written; nothing in it may run or load anything."""
    response = HttpResponse(html, content_type="text/html; charset=utf-8")
    response["Content-Security-Policy"] = "default-src 'none'; style-src 'unsafe-inline'; sandbox"
    response["Cache-Control"] = "no-store"
    return response


def application_line(row: Application) -> dict[str, Any]:
    return {
        "case_id": row.id,
        "item": row.item,
        "place": row.place,
        "mode": row.mode,
        "channel": row.channel,
        "state": row.state,
        "receipt_number": row.number or None,
        "changed_at": row.changed_at,
        "submitted_at": row.submitted_at,
        "registered": getattr(row, "registered", False),
    }


def application_shown(actor: Actor, row: Application) -> dict[str, Any]:
    content = applications.content_of(row)
    definition = applications.definition_of(row)
    originals = applications.custody_of(actor, row.id)
    return {
        **application_line(row),
        "version": row.version,
        "moved": applications.moved([row]).get(row.id) if row.state == Application.State.DRAFT else None,
        "province": row.standard,
        "receiving_place": row.receiving_place,
        "revision": row.revision,
        "answers": content["answers"],
        "materials": content["materials"],
        "erased": content.get("erased", False),
        "checklist": [asdict(line) for line in checklist(definition, content)],
        "custody": [
            {
                "number": entry.number,
                "material": entry.material,
                "count": entry.count,
                "place": entry.place,
                "waybill": entry.waybill,
                "taken_at": entry.taken_at,
                "changed_at": entry.changed_at,
            }
            for entry in originals
        ],
        "faults": applications.faults_of(row),
    }


def case_line(case: Case, names: dict[str, str]) -> dict[str, Any]:
    """names: item -> its name."""
    return {
        "case_id": case.id,
        "item": case.item,
        "name": names.get(case.item, case.item),
        "pattern": case.pattern,
        "mode": case.mode,
        "home": case.home,
        "place": case.place,
        "number": case.number,
        "status": case.status,
        "status_name": _said(f"status.{case.status}", case.status),
        "head": case.head,
        "received_at": case.received_at,
        "changed_at": case.changed_at,
        "left_at": case.left_at,
        "due": {
            "notice": case.notice_due,
            "decision": case.decision_due,
            "statutory": case.statutory_due,
            "provisional": case.due_is_provisional,
        },
    }


def case_shown(view: View, names: dict[str, str]) -> dict[str, Any]:
    case = view.case
    supplement = applications.waiting_supplement(case.id)
    return {
        **case_line(case, names),
        "version": case.version,
        "standard": case.standard,
        "organ": case.organ,
        "allowed_acts": [str(act) for act in view.acts],
        "timeline": [_step(entry) for entry in view.timeline],
        "state": view.state.as_json(),
        "asks": [_ask(ask) for ask in view.waiting],
        "dossier": view.dossier,
        "payments": [
            {
                "drawn": f"{order.drawn:.2f}",
                "paid": f"{order.paid:.2f}" if order.paid is not None else None,
                "outcome": order.outcome,
                "ordered_at": order.ordered_at,
                "settled_at": order.settled_at,
            }
            for order in view.money
        ],
        "links": [
            {"co_case": link.co_case, "node": link.node, "needs": link.needs, "on_refusal": link.on_refusal}
            for link in view.links
        ],
        "supplement": supplement.id if supplement else None,
        "lead": case.lead,
        "predecessor": case.predecessor,
    }


def _step(entry: Entry) -> dict[str, Any]:
    return {
        "no": entry.no,
        "act": entry.act,
        "act_name": _said(f"act.{entry.act}", entry.act),
        "status": entry.status,
        "legal_date": entry.day,
        "recorded_at": entry.recorded_at,
        "by": dict(entry.by),
        "facts": dict(entry.facts),
        "said": dict(entry.said),
        "erased": entry.erased,
        "received": dict(entry.received) if entry.received else None,
        "documents": [dict(document) for document in entry.documents],
        "digest": entry.digest,
    }


def _ask(ask: Ask) -> dict[str, Any]:
    key = f"reason.{ask.reason}"
    return {
        "ask": ask.letter,
        "act": ask.act,
        "outcome": ask.outcome,
        "reason": ask.reason,
        "detail": say(key, **ask.facts) if has(key) else ask.reason,
        "made_at": ask.made_at,
    }


def _said(key: str, otherwise: str) -> str:
    """The word for a code; an act or status that only a newer version knows is shown as it is."""
    return say(key) if has(key) else otherwise
