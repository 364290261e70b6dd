"""Cases: one's own, one's counter's, or one's work; what happened, and what can be done now."""

from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.http import FileResponse, HttpResponse
from ninja import Router
from ninja.responses import Status

from tongban.api.public import paging
from tongban.api.public.door import Call
from tongban.api.public.idempotency import Key, once
from tongban.api.public.rendering import HTML, case_line, case_shown, html_page
from tongban.api.public.shapes import cases as shapes
from tongban.api.public.shapes.values import DigestInPath, PaperNumberInPath
from tongban.base.actor import Actor, Role
from tongban.base.errors import Rejected
from tongban.base.words import say
from tongban.cases import queries
from tongban.cases.actions import move
from tongban.cases.actions.initiating import initiate
from tongban.cases.models import Ask, Case, Step
from tongban.cases.rules.table import Act, Who
from tongban.catalogue.queries import item_names
from tongban.journal.actions import record_look

router = Router(tags=["cases"])

BYTES: dict[str, Any] = {
    "responses": {200: {"content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}}}}
}
LOOKERS = frozenset({Role.CLERK, Role.OFFICER})


@router.get("/cases", response=shapes.Cases, operation_id="list_cases")
def cases(request: Call, cursor: paging.Cursor = None) -> object:
    found = _list_for(request.auth.actor, cursor)
    names = item_names()
    return paging.page_of(
        found,
        show=lambda case: case_line(case, names),
        key=lambda case: paging.moment_and_id(case.received_at, case.id),
    )


@router.get("/cases/{uuid:case_id}", response=shapes.Case, operation_id="get_case")
def case(request: Call, case_id: UUID) -> object:
    with transaction.atomic():
        _look(request.auth.actor, case_id, "case")
        view = queries.get_view(request.auth.actor, case_id)
    return case_shown(view, item_names())


@router.post(
    "/cases/{uuid:case_id}/acts",
    response={201: shapes.StepMade, 202: shapes.AskMade},
    operation_id="act",
)
def act(request: Call, case_id: UUID, body: shapes.ActIn, key: Key = None) -> Status[object]:
    """201 with the step where this node is the home, 202 with the ask to the home elsewhere."""

    def do() -> tuple[int, dict[str, Any]]:
        return made(case_id, move(request.auth.actor, case_id, Act(body.act), seen=body.seen, content=body.content))

    return once(request, key, do)


def made(case_id: UUID, done: Step | Ask) -> tuple[int, dict[str, Any]]:
    """What a program is told of a step made here, or of an ask to another home."""
    if isinstance(done, Ask):
        return 202, {"case_id": str(case_id), "act": done.act, "ask": str(done.letter), "home": done.home}
    told = {"case_id": str(case_id), "no": done.no, "act": done.act, "digest": done.digest}
    return 201, {**told, "status": done.header["status"]}


@router.post("/cases", response={201: shapes.StepMade}, operation_id="initiate_case")
def initiate_case(request: Call, body: shapes.InitiateIn, key: Key = None) -> Status[object]:
    """The step that tells the person concerned."""

    def do() -> tuple[int, dict[str, Any]]:
        step = initiate(
            request.auth.actor,
            item=body.item,
            place=body.place,
            concerned=body.concerned.model_dump(),
            answers=body.answers,
            materials=[material.model_dump() for material in body.materials],
            reason=body.reason,
        )
        return made(step.case_id, step)

    return once(request, key, do)


@router.get(
    "/cases/{uuid:case_id}/documents/{number}",
    response={200: None},
    operation_id="get_document",
    openapi_extra=HTML,
)
def document(request: Call, case_id: UUID, number: PaperNumberInPath) -> HttpResponse:
    with transaction.atomic():
        _look(request.auth.actor, case_id, "document")
        html = queries.find_document(request.auth.actor, case_id, number)
    if html is None:
        raise Rejected("not_found")
    return html_page(html)


@router.get(
    "/cases/{uuid:case_id}/files/{digest}",
    response={200: None},
    operation_id="get_file",
    openapi_extra=BYTES,
)
def file(request: Call, case_id: UUID, digest: DigestInPath) -> FileResponse:
    with transaction.atomic():
        _look(request.auth.actor, case_id, "material")
        kept, content = queries.open_material(request.auth.actor, case_id, digest)
    response = FileResponse(content, content_type="application/octet-stream")
    response["Content-Length"] = str(kept.size)
    response["X-Tongban-Media-Type"] = kept.media_type
    return response


def _list_for(actor: Actor, cursor: str | None) -> QuerySet[Case]:
    after = paging.when_and_which(cursor)
    if actor.role is Role.APPLICANT:
        return queries.my_cases(actor, after=after)
    if actor.role is Role.CLERK:
        return queries.received_cases(actor, after=after)
    if actor.role is Role.OFFICER:
        return queries.work_list(actor, after=after)
    raise Rejected("not_allowed")


def _look(actor: Actor, case_id: UUID, what: str) -> None:
    """Before a clerk or officer reads what a person said, it is written down that he does."""
    case, who = queries.get_readable(actor, case_id)
    if actor.role in LOOKERS and who and (case.applicant is not None or Who.INFORMED in who):
        # A place that was informed (抄告) knows nobody of the case; the look goes by the case.
        subject = case.applicant or case_id
        record_look(actor, subject=subject, case=case_id, what=what, purpose=say("purpose.handling"))
