"""Signatures of several people under one application or supplement."""

from typing import Any
from uuid import UUID

from django.db import transaction
from django.http import HttpResponse
from ninja import Router
from ninja.responses import Status

from tongban.api.public import paging
from tongban.api.public.cases import made
from tongban.api.public.door import Call
from tongban.api.public.idempotency import Key, once
from tongban.api.public.shapes import cases as cases_shapes
from tongban.api.public.shapes import signing as shapes
from tongban.applications import actions, queries
from tongban.applications.models import Signature, Supplement
from tongban.base.errors import Rejected
from tongban.base.words import say
from tongban.journal.actions import record_look

router = Router(tags=["signatures"])


@router.post(
    "/applications/{uuid:case_id}/signatures",
    response={201: shapes.Signers},
    operation_id="ask_signatures",
)
def ask(request: Call, case_id: UUID, body: shapes.AskIn, key: Key = None) -> Status[object]:
    """Under his own log-in the applicant signs by asking."""

    def do() -> tuple[int, dict[str, Any]]:
        actions.ask_signatures(request.auth.actor, case_id, seen=body.seen)
        return 201, {"matter": str(case_id), "signers": signers(case_id)}

    return once(request, key, do)


@router.get("/applications/{uuid:case_id}/signatures", response=shapes.Signers, operation_id="list_signatures")
def asked(request: Call, case_id: UUID) -> object:
    application = queries.get_application(request.auth.actor, case_id)
    return {"matter": application.id, "signers": signers(application.id)}


@router.get("/signatures", response=shapes.ToSign, operation_id="list_to_sign")
def to_sign(request: Call, cursor: paging.Cursor = None) -> object:
    if request.auth.actor.subject is None:
        raise Rejected("not_allowed")
    found = queries.to_sign(request.auth.actor)
    last = paging.number(cursor)
    if last is not None:
        found = found.filter(id__lt=last)
    return paging.page_of(found.order_by("-id"), show=_line, key=lambda row: str(row.pk))


@router.get("/signatures/{uuid:matter}", response=shapes.Matter, operation_id="get_to_sign")
def shown(request: Call, matter: UUID) -> object:
    with transaction.atomic():
        found, row = queries.get_to_sign(request.auth.actor, matter)
        purpose = say("purpose.signing")
        record_look(request.auth.actor, subject=found.person, case=found.case, what="application", purpose=purpose)
    return {
        "matter": found.id,
        "case_id": found.case,
        "item": found.item,
        "name": found.definition.name,
        "place": found.place,
        "mode": found.mode,
        "number": found.number,
        "applicant": str(found.applicant["name"]),
        "answers": found.answers,
        "materials": list(found.materials),
        "changed": found.changed,
        "digest": found.digest,
        "state": row.state,
    }


@router.post("/signatures/{uuid:matter}", response={201: shapes.Signers}, operation_id="sign")
def sign(request: Call, matter: UUID, body: shapes.SignatureIn, key: Key = None) -> Status[object]:
    """By digest under one's own log-in; by party and way at a counter."""

    def do() -> tuple[int, dict[str, Any]]:
        if body.party is None:
            actions.sign(request.auth.actor, matter, digest=body.digest or "")
        else:
            actions.sign_at_counter(
                request.auth.actor, matter, no=body.party, way=body.way, note=body.note, id_number=body.id_number
            )
        return 201, {"matter": str(matter), "signers": signers(matter)}

    return once(request, key, do)


@router.post(
    "/cases/{uuid:case_id}/supplements",
    response={200: shapes.Supplement, 201: cases_shapes.StepMade, 202: cases_shapes.AskMade},
    operation_id="supply",
)
def supply(request: Call, case_id: UUID, body: shapes.SupplementIn, key: Key = None) -> Status[object]:
    """200 where all have to sign it first; else as an act."""

    def do() -> tuple[int, dict[str, Any]]:
        done = actions.supply(request.auth.actor, case_id, seen=body.seen, content=body.content)
        if isinstance(done, Supplement):
            return 200, {"case_id": str(case_id), "supplement": str(done.id), "signers": signers(done.id)}
        return made(case_id, done)

    return once(request, key, do)


@router.post(
    "/supplements/{uuid:matter}/submit",
    response={201: cases_shapes.StepMade, 202: cases_shapes.AskMade},
    operation_id="submit_supplement",
)
def submit(request: Call, matter: UUID, key: Key = None) -> Status[object]:
    def do() -> tuple[int, dict[str, Any]]:
        done = actions.send_supplement(request.auth.actor, matter)
        return made(Supplement.objects.get(id=matter).case, done)

    return once(request, key, do)


@router.delete("/supplements/{uuid:matter}", response={204: None}, operation_id="drop_supplement")
def drop(request: Call, matter: UUID) -> HttpResponse:
    actions.drop_supplement(request.auth.actor, matter)
    return HttpResponse(status=204)


def signers(matter: UUID) -> list[dict[str, Any]]:
    return [
        {
            "no": entry.row.no,
            "name": entry.name,
            "standing": entry.row.standing,
            "state": entry.row.state,
            "digest": entry.row.digest,
            "way": entry.row.way,
            "signed_at": entry.row.signed_at.isoformat() if entry.row.signed_at else None,
        }
        for entry in queries.signings_of(matter)
    ]


def _line(row: Signature) -> dict[str, Any]:
    return {"matter": row.matter, "state": row.state, "standing": row.standing, "asked_at": row.asked_at}
