"""Applications made at this node, by a person himself or by a clerk at a counter."""

from typing import Annotated, Any
from uuid import UUID

from django.db import transaction
from django.http import HttpResponse
from ninja import Path, Router
from ninja.responses import Status

from tongban.api.public import paging
from tongban.api.public.door import Call
from tongban.api.public.idempotency import Key, once
from tongban.api.public.rendering import HTML, application_line, application_shown, html_page
from tongban.api.public.shapes import applications as shapes
from tongban.applications import actions, queries
from tongban.applications.models import Application
from tongban.base.actor import Actor, Role
from tongban.base.errors import Rejected
from tongban.base.words import say
from tongban.cases.models import Step
from tongban.journal.actions import record_look

router = Router(tags=["applications"])

PaperKind = Annotated[str, Path(..., pattern="^(receipt|returned)$")]


@router.get("/applications", response=shapes.Applications, operation_id="list_applications")
def applications(request: Call, cursor: paging.Cursor = None) -> object:
    _only_makers(request.auth.actor)
    found = queries.my_applications(request.auth.actor, after=paging.when_and_which(cursor))
    return paging.page_of(
        found, show=application_line, key=lambda entry: paging.moment_and_id(entry.changed_at, entry.id)
    )


@router.post("/applications", response={201: shapes.Kept}, operation_id="begin_application")
def begin(request: Call, body: shapes.Draft, key: Key = None) -> Status[object]:
    actor = request.auth.actor

    def do() -> tuple[int, dict[str, Any]]:
        application = actions.start(
            actor,
            item=body.item,
            place=body.place or f"{body.province}0000000000",
            receiving_place=body.receiving_place or "",
            mode=body.mode or "",
            answers=body.answers,
        )
        _check_agrees(application, body)
        return 201, _kept(_put(actor, application.id, body, seen=None))

    return once(request, key, do)


@router.get("/applications/{uuid:case_id}", response=shapes.Application, operation_id="get_application")
def application(request: Call, case_id: UUID) -> object:
    actor = request.auth.actor
    with transaction.atomic():
        found = queries.my_applications(actor).filter(id=case_id).first()
        if found is None:
            raise Rejected("not_found")
        _look(actor, found)
        return application_shown(actor, found)


@router.put("/applications/{uuid:case_id}", response=shapes.Kept, operation_id="put_application")
def put(request: Call, case_id: UUID, body: shapes.Draft) -> object:
    """Answers and papers take the place of those before; item, mode and channel stay as they were begun."""
    actor = request.auth.actor
    with transaction.atomic():
        _check_agrees(queries.get_application(actor, case_id), body)
        return _kept(_put(actor, case_id, body, seen=body.seen))


@router.post("/applications/{uuid:case_id}/version", response=shapes.Kept, operation_id="adopt_version")
def adopt(request: Call, case_id: UUID) -> object:
    """Go on under the version of the item that holds now; `moved` of the application says whether there is another."""
    return _kept(actions.adopt_version(request.auth.actor, case_id))


@router.delete("/applications/{uuid:case_id}", response={204: None}, operation_id="drop_application")
def drop(request: Call, case_id: UUID) -> HttpResponse:
    actions.drop(request.auth.actor, case_id)
    return HttpResponse(status=204)


@router.post(
    "/applications/{uuid:case_id}/submit",
    response={201: shapes.Submitted, 202: shapes.Asked},
    operation_id="submit_application",
)
def submit(request: Call, case_id: UUID, body: shapes.Submission, key: Key = None) -> Status[object]:
    """201 with the first step where this node is the home, 202 with the ask to the home elsewhere."""

    def do() -> tuple[int, dict[str, Any]]:
        made = actions.submit(request.auth.actor, case_id, seen=body.seen)
        first = queries.handed_in(made[0])
        common = {
            "case_id": str(made[0].id),
            "receipt_number": made[0].number,
            "cases": [str(entry.id) for entry in made],
        }
        if isinstance(first, Step):
            return 201, {**common, "no": first.no, "digest": first.digest}
        return 202, {**common, "ask": str(first.letter)}

    return once(request, key, do)


@router.post("/applications/{uuid:case_id}/return", response={201: shapes.Kept}, operation_id="return_application")
def return_at_once(request: Call, case_id: UUID, body: shapes.Return, key: Key = None) -> Status[object]:
    def do() -> tuple[int, dict[str, Any]]:
        return 201, _kept(actions.return_at_once(request.auth.actor, case_id, reason=body.reason))

    return once(request, key, do)


@router.post("/applications/{uuid:case_id}/custody", response={201: shapes.Original}, operation_id="move_original")
def custody(request: Call, case_id: UUID, body: shapes.CustodyMove, key: Key = None) -> Status[object]:
    def do() -> tuple[int, dict[str, Any]]:
        held = actions.note_custody(
            request.auth.actor,
            case_id,
            event=body.event,
            material=body.material,
            count=body.count,
            waybill=body.waybill,
        )
        shown = shapes.Original(
            number=held.number,
            material=held.material,
            count=held.count,
            place=held.place,
            waybill=held.waybill,
            taken_at=held.taken_at,
            changed_at=held.changed_at,
        )
        return 201, shown.model_dump(mode="json")

    return once(request, key, do)


@router.get(
    "/applications/{uuid:case_id}/papers/{kind}",
    response={200: None},
    operation_id="get_paper",
    openapi_extra=HTML,
)
def paper(request: Call, case_id: UUID, kind: PaperKind) -> HttpResponse:
    actor = request.auth.actor
    with transaction.atomic():
        _look(actor, queries.get_application(actor, case_id))
        html = queries.find_paper(actor, case_id, kind=kind)
    if html is None:
        raise Rejected("not_found")
    return html_page(html)


def _only_makers(actor: Actor) -> None:
    if actor.role not in (Role.APPLICANT, Role.CLERK):
        raise Rejected("not_allowed")


def _check_agrees(application: Application, body: shapes.Draft) -> None:
    """What was begun cannot become something else: another item or channel; the version is the one now in force."""
    channel = {"online": ("portal", "helped"), "counter": ("counter",), None: (application.channel,)}[body.channel]
    differs = {
        "item": body.item != application.item,
        "mode": body.mode is not None and body.mode != application.mode,
        "channel": application.channel not in channel,
        "version": body.version is not None and body.version != application.version,
    }
    if faults := {name: "not_changeable" for name, is_other in differs.items() if is_other}:
        raise Rejected("invalid", fields=faults)


def _put(actor: Actor, case_id: UUID, body: shapes.Draft, *, seen: int | None) -> Application:
    materials = [actions.Given(entry.key, entry.digest, entry.name, entry.original) for entry in body.materials]
    application = actions.replace_content(actor, case_id, answers=body.answers, materials=materials, seen=seen)
    if body.applicant is not None:
        identity = body.applicant.model_dump(include={"kind", "name", "id_type", "id_number", "phone"})
        application = actions.identify(
            actor, case_id, identity=identity, way=body.applicant.way, note=body.applicant.note
        )
    return application


def _kept(application: Application) -> dict[str, Any]:
    return {
        "case_id": str(application.id),
        "revision": application.revision,
        "receipt_number": application.number or None,
        "faults": queries.faults_of(application),
    }


def _look(actor: Actor, application: Application) -> None:
    """A clerk's look at what a person filled in is written down."""
    if actor.role is Role.CLERK and application.applicant is not None:
        purpose = say("purpose.receiving")
        record_look(actor, subject=application.applicant, case=application.id, what="application", purpose=purpose)
