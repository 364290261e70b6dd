"""Standards that a province is drafting: for its officers; operators and auditors read them."""

from datetime import date
from typing import Annotated, Any
from uuid import UUID

from ninja import Query, Router
from ninja.responses import Status

from tongban.api.public import paging
from tongban.api.public.door import Call
from tongban.api.public.idempotency import Key, once
from tongban.api.public.shapes import drafts as shapes
from tongban.base.canonical import parse_json
from tongban.base.errors import Rejected
from tongban.catalogue import actions
from tongban.catalogue.models import Draft, DraftStep
from tongban.catalogue.queries import Drafted, changes_of, checked_of, drafts, get_draft, steps_of
from tongban.catalogue.rules.checking import Checked
from tongban.catalogue.rules.drafting import Act, Given

router = Router(tags=["drafts"])

Ended = Annotated[bool, Query(False)]


@router.get("/drafts", response=shapes.StandardDrafts, operation_id="list_drafts")
def listed(request: Call, ended: Ended = False, cursor: paging.Cursor = None) -> object:
    """Open ones, of an item one at most, all at once; ended ones page by page."""
    before = paging.which(cursor)
    found = drafts(request.auth.actor, ended=ended, before=before, most=paging.PAGE + 1 if ended else None)
    if not ended:
        return {"items": [_line(entry) for entry in found], "next": None}
    shown, more = found[: paging.PAGE], len(found) > paging.PAGE
    return {
        "items": [_line(entry) for entry in shown],
        "next": paging.pack(str(shown[-1].draft.id)) if more else None,
    }


@router.post("/drafts", response={201: shapes.StandardMade}, operation_id="begin_draft")
def begin(request: Call, body: shapes.BeginStandardIn, key: Key = None) -> Status[object]:
    """With the text of the version in force."""

    def do() -> tuple[int, dict[str, Any]]:
        return 201, _made(actions.begin_draft(request.auth.actor, item=body.item))

    return once(request, key, do)


@router.get("/drafts/{uuid:draft_id}", response=shapes.StandardDraft, operation_id="get_draft")
def shown(request: Call, draft_id: UUID) -> object:
    found = get_draft(request.auth.actor, draft_id)
    row, checked = found.draft, checked_of(found.draft)
    changes = changes_of(row, checked)
    return {
        **_line(found),
        "lead": found.lead.name if found.lead else row.item.lead_unit,
        "units": list(found.units),
        "text": row.text,
        "content": parse_json(bytes(row.content)) if row.content is not None else None,
        "faults": _faults(checked),
        "changes": None
        if changes is None
        else [{"path": change.path, "before": change.before, "after": change.after} for change in changes.letters],
        "positions": [
            {
                "unit": place.unit,
                "standing": place.standing,
                "late": place.late,
                "step": place.spoken.no if place.spoken else None,
                "answer": place.answer.verdict if place.answer else None,
            }
            for place in found.positions
        ],
        "steps": [_step(step) for step in steps_of(row)],
        "acts": list(found.acts),
    }


@router.put("/drafts/{uuid:draft_id}", response=shapes.StandardMade, operation_id="put_draft")
def write(request: Call, draft_id: UUID, body: shapes.StandardTextIn) -> object:
    """A text with faults is kept, too."""
    row = actions.save_text(request.auth.actor, draft_id, seen=body.seen, base=body.base, text=body.text)
    return _made(row)


@router.post("/drafts/{uuid:draft_id}/acts", response={201: shapes.StandardStepMade}, operation_id="act_on_draft")
def act(request: Call, draft_id: UUID, body: shapes.StandardStepIn, key: Key = None) -> Status[object]:
    given = Given(body.said, body.unit, body.verdict, body.answers, body.days, _day(body.on))

    def do() -> tuple[int, dict[str, Any]]:
        step = actions.take_step(request.auth.actor, draft_id, act=Act(body.act), seen=body.seen, given=given)
        row = step.draft
        return 201, {"id": str(row.id), "revision": row.revision, "status": row.status, "step": step.no}

    return once(request, key, do)


def _day(text: str | None) -> date | None:
    """Raises Rejected("invalid")."""
    try:
        return date.fromisoformat(text) if text else None
    except ValueError as error:
        raise Rejected("invalid", fields={"on": "publishing_day"}) from error


def _made(row: Draft) -> dict[str, Any]:
    return {"id": str(row.id), "revision": row.revision, "faults": _faults(checked_of(row))}


def _faults(checked: Checked) -> list[dict[str, Any]]:
    return [{"line": line, "detail": what} for line, what in checked.faults]


def _line(found: Drafted) -> dict[str, Any]:
    row = found.draft
    return {
        "id": row.id,
        "item": row.item_id,
        "name": row.item.name,
        "status": row.status,
        "base": row.base,
        "organ": row.organ,
        "revision": row.revision,
        "due": row.due,
        "publish_on": row.publish_on,
        "version": row.version,
        "changed_at": row.changed_at,
        "waits": found.waits,
    }


def _step(row: DraftStep) -> dict[str, Any]:
    return {
        "no": row.no,
        "act": row.act,
        "by": row.by,
        "organ": row.organ,
        "at": row.at,
        "said": row.said,
        "round": row.round,
        "unit": row.unit,
        "verdict": row.verdict,
        "answers": row.answers,
        "day": row.day,
    }
