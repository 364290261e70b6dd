"""Who looked at one's data: at this node, and for a case at every node that holds something of it."""

from uuid import UUID

from ninja import Router

from tongban.api.public import paging
from tongban.api.public.door import Call
from tongban.api.public.shapes.looks import CaseLook, CaseLooks, Look, Looks, NodeAsked
from tongban.base.errors import Rejected
from tongban.cases.queries import get_readable
from tongban.cases.rules.table import Who
from tongban.journal.models import Entry
from tongban.journal.queries import looks_at
from tongban.looks.actions import ask_around
from tongban.looks.queries import Line, further_lines, sources_of
from tongban.looks.rules import Position, read_position

router = Router(tags=["looks"])


@router.get("/looks", response=Looks, operation_id="list_looks")
def looks(request: Call, cursor: paging.Cursor = None) -> object:
    actor = request.auth.actor
    if actor.subject is None:
        raise Rejected("not_allowed")
    found = looks_at(actor, actor.subject)
    last = paging.number(cursor)
    if last is not None:
        found = found.filter(id__lt=last)
    return paging.page_of(found, show=_look, key=lambda entry: str(entry.pk))


@router.get("/cases/{uuid:case_id}/looks", response=CaseLooks, operation_id="list_case_looks")
def case_looks(request: Call, case_id: UUID, cursor: paging.Cursor = None) -> object:
    """The other nodes are asked before it is answered; who owes an answer stands among `nodes`."""
    actor = request.auth.actor
    case, who = get_readable(actor, case_id)
    if Who.APPLICANT not in who:
        raise Rejected("not_found")
    after = _position(cursor)
    ask_around(actor, [case])
    found = further_lines(actor, case, after=after, most=paging.PAGE + 1)
    page = found[: paging.PAGE]
    return CaseLooks(
        items=[_line(line) for line in page],
        nodes=[
            NodeAsked(node=one.node, answered=one.answered, answered_at=one.answered_at, more=one.more)
            for one in sources_of([case])[case.id]
        ],
        next=paging.pack(str(page[-1].position)) if len(found) > paging.PAGE else None,
    )


def _position(cursor: str | None) -> Position | None:
    try:
        return read_position(paging.unpack(cursor)) if cursor else None
    except ValueError as error:
        raise Rejected("no_such_page") from error


def _look(entry: Entry) -> Look:
    return Look(
        at=entry.at,
        role=entry.role,
        organ=entry.organ,
        case_id=str(entry.case) if entry.case else None,
        what=entry.what,
        purpose=entry.purpose,
    )


def _line(line: Line) -> CaseLook:
    return CaseLook(
        at=line.position.at,
        node=line.node,
        role=line.role,
        organ=line.organ,
        officer=line.officer,
        what=line.what,
        purpose=line.purpose,
    )
