"""一件事: several items asked for at once, one application and case for each."""

from typing import Annotated, Any
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.http import HttpResponse
from ninja import Path, Router
from ninja.responses import Status

from tongban.api.public import paging
from tongban.api.public.door import Call
from tongban.api.public.idempotency import Key, once
from tongban.api.public.shapes import bundles as shapes
from tongban.api.public.shapes.applications import Submission
from tongban.base.actor import Actor, Role
from tongban.base.errors import Rejected
from tongban.bundles import actions, queries
from tongban.bundles.models import Bundle
from tongban.bundles.queries import Standing
from tongban.bundles.rules.asking import papers
from tongban.bundles.rules.planning import Prospect, opened

router = Router(tags=["bundles"])

EventInPath = Annotated[str, Path(..., pattern=shapes.EVENT)]


@router.get("/events", auth=None, response=shapes.Events, operation_id="list_events")
def events(request: Call) -> object:  # noqa: ARG001
    return {
        "items": [
            {
                "key": entry.key,
                "version": entry.version,
                "name": entry.name,
                "summary": entry.summary,
                "items": [part.item for part in entry.parts],
            }
            for entry in queries.shipped().values()
        ]
    }


@router.get("/events/{event}", auth=None, response=shapes.EventDefinition, operation_id="get_event")
def event(request: Call, event: EventInPath) -> object:  # noqa: ARG001
    content = queries.content_of_file(event)
    if not settings.DEMO:
        content.pop("examples", None)
    return {"key": event, "version": content["version"], "definition": content}


@router.get("/bundles", response=shapes.Bundles, operation_id="list_bundles")
def bundles(request: Call, cursor: paging.Cursor = None) -> object:
    _only_persons(request.auth.actor)
    found = queries.my_bundles(request.auth.actor, after=paging.when_and_which(cursor))
    return paging.page_of(found, show=_line, key=lambda entry: paging.moment_and_id(entry.changed_at, entry.id))


@router.post("/bundles", response={201: shapes.BundleKept}, operation_id="begin_bundle")
def begin(request: Call, body: shapes.BundleDraft, key: Key = None) -> Status[object]:
    actor = request.auth.actor

    def do() -> tuple[int, dict[str, Any]]:
        made = actions.start(actor, key=body.event, place=body.place)
        return 201, _kept(_put(actor, made.id, body, seen=None))

    return once(request, key, do)


@router.get("/bundles/{uuid:made_id}", response=shapes.BundleShown, operation_id="get_bundle")
def bundle(request: Call, made_id: UUID) -> object:
    _only_persons(request.auth.actor)
    found = queries.my_bundles(request.auth.actor).filter(id=made_id).first()
    if found is None:
        raise Rejected("not_found")
    draft = _kept(found) if found.state == Bundle.State.DRAFT else {"prospects": [], "papers": [], "faults": {}}
    return {
        **draft,
        **_line(found),
        "place": found.place,
        "revision": found.revision,
        "answers": queries.content_of(found)["answers"],
        "parts": [_part(entry) for entry in queries.standings(queries.parts_of(found))],
    }


@router.put("/bundles/{uuid:made_id}", response=shapes.BundleKept, operation_id="put_bundle")
def put(request: Call, made_id: UUID, body: shapes.BundleContent) -> object:
    """Answers and papers take the place of those before."""
    with transaction.atomic():
        return _kept(_put(request.auth.actor, made_id, body, seen=body.seen))


@router.delete("/bundles/{uuid:made_id}", response={204: None}, operation_id="drop_bundle")
def drop(request: Call, made_id: UUID) -> HttpResponse:
    actions.drop(request.auth.actor, made_id)
    return HttpResponse(status=204)


@router.post("/bundles/{uuid:made_id}/submit", response={201: shapes.BundleShown}, operation_id="submit_bundle")
def submit(request: Call, made_id: UUID, body: Submission, key: Key = None) -> Status[object]:
    actor = request.auth.actor

    def do() -> tuple[int, dict[str, Any]]:
        actions.submit(actor, made_id, seen=body.seen)
        return 201, _as_json(request, made_id)

    return once(request, key, do)


@router.post("/bundles/{uuid:made_id}/parts/{part}", response={201: shapes.BundleShown}, operation_id="decide_on_part")
def decide(request: Call, made_id: UUID, part: EventInPath, body: shapes.Decision, key: Key = None) -> Status[object]:
    actor = request.auth.actor

    def do() -> tuple[int, dict[str, Any]]:
        (actions.go_on if body.do == "go_on" else actions.let_go)(actor, made_id, part=part)
        return 201, _as_json(request, made_id)

    return once(request, key, do)


def _as_json(request: Call, made_id: UUID) -> dict[str, Any]:
    return shapes.BundleShown.model_validate(bundle(request, made_id)).model_dump(mode="json")


def _only_persons(actor: Actor) -> None:
    if actor.role is not Role.APPLICANT:
        raise Rejected("not_allowed")


def _put(actor: Actor, made_id: UUID, body: shapes.BundleContent, *, seen: int | None) -> Bundle:
    made = actions.fill(actor, made_id, answers=body.answers, seen=seen)
    wanted = {entry.key for entry in body.papers}
    for key in set(queries.content_of(made)["materials"]) - wanted:
        made = actions.remove_paper(actor, made_id, paper=key)
    for entry in body.papers:
        made = actions.attach(actor, made_id, paper=entry.key, digest=entry.digest, name=entry.name)
    return made


def _kept(made: Bundle) -> dict[str, Any]:
    content = queries.content_of(made)
    found = queries.prospects_of(made, content["answers"])
    wanted = papers(queries.get_bundle(made.key), opened(found, made.place), content["answers"])
    return {
        "bundle_id": str(made.id),
        "revision": made.revision,
        "prospects": [_prospect(entry) for entry in found],
        "papers": [
            {
                "key": paper.key,
                "name": paper.name,
                "parts": [part.key for part in paper.parts],
                "required": paper.required,
                "shared": paper.shared,
                "given": paper.key in content["materials"],
            }
            for paper in wanted
        ],
        "faults": queries.faults_of(made, content, found),
    }


def _prospect(entry: Prospect) -> dict[str, Any]:
    return {
        "part": entry.part.key,
        "item": entry.part.item,
        "place": entry.place,
        "fate": str(entry.fate),
        "why": entry.why,
    }


def _part(entry: Standing) -> dict[str, Any]:
    part = entry.part
    return {
        "part": part.key,
        "item": part.item,
        "place": part.place,
        "state": part.state,
        "after": part.after,
        "why": part.why,
        "case_id": part.application,
        "application": entry.application.state if entry.application else None,
        "status": entry.case.status if entry.case else None,
    }


def _line(row: Bundle) -> dict[str, Any]:
    return {
        "bundle_id": row.id,
        "event": row.key,
        "version": row.version,
        "name": row.name,
        "state": row.state,
        "to_decide": getattr(row, "to_decide", False),
        "changed_at": row.changed_at,
        "submitted_at": row.submitted_at,
    }
