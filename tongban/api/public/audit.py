"""For auditors: everything by which cases, letters and receipts can be recomputed elsewhere."""

from collections.abc import Callable
from typing import Any, Final
from uuid import UUID

from django.db import transaction
from django.db.models import Model
from django.http import FileResponse, HttpResponse
from ninja import Router

from tongban.api.public import paging
from tongban.api.public.door import Call
from tongban.api.public.shapes.others import AuditedCase, AuditedCases, AuditedLetters
from tongban.api.public.shapes.values import DigestInPath
from tongban.base.canonical import canonical_json, parse_json
from tongban.base.errors import Rejected
from tongban.base.seal import b64url
from tongban.base.times import moment
from tongban.base.words import say
from tongban.cases.models import Case
from tongban.cases.queries import Evidence, audited_case, audited_cases, evidence_of
from tongban.exchange.models import Delivery, Inbox
from tongban.exchange.queries import all_heard, all_sent, sealed_of
from tongban.files.queries import find_file, open_file
from tongban.journal import actions as journal

router = Router(tags=["audit"])

LETTERS: Final = 100
SENT, HEARD = "sent", "heard"
BYTES: Final[dict[str, Any]] = {
    "responses": {200: {"content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}}}}
}


@router.get("/audit/cases", response=AuditedCases, operation_id="audit_cases")
def cases(request: Call, cursor: paging.Cursor = None) -> object:
    found = audited_cases(request.auth.actor, after=paging.which(cursor))
    return paging.page_of(found, show=_line, key=lambda case: str(case.id))


@router.get("/audit/cases/{uuid:case_id}", response=AuditedCase, operation_id="audit_case")
def case(request: Call, case_id: UUID) -> HttpResponse:
    with transaction.atomic():
        _look(request, case_id)
        evidence = evidence_of(request.auth.actor, case_id)
    return HttpResponse(canonical_json(_evidence(evidence)), content_type="application/json")


@router.get("/audit/files/{digest}", response={200: None}, operation_id="audit_file", openapi_extra=BYTES)
def file(request: Call, digest: DigestInPath) -> FileResponse:
    audited_cases(request.auth.actor)
    if find_file(digest) is None:
        raise Rejected("not_found")
    journal.record(request.auth.actor, event="file_audited", facts={"digest": digest})
    return FileResponse(open_file(digest), content_type="application/octet-stream")


@router.get("/audit/letters", response=AuditedLetters, operation_id="audit_letters")
def letters(request: Call, cursor: paging.Cursor = None) -> HttpResponse:
    """First all that were sent, then all that were heard."""
    direction, last = _position(cursor)
    actor = request.auth.actor
    if direction == SENT:
        page = paging.page_of(all_sent(actor, after=last), show=_sent, key=_key(SENT), size=LETTERS)
        page["next"] = page["next"] or paging.pack(f"{HEARD}|0")
    else:
        page = paging.page_of(all_heard(actor, after=last), show=_heard, key=_key(HEARD), size=LETTERS)
    return HttpResponse(canonical_json(page), content_type="application/json")


def _position(cursor: str | None) -> tuple[str, int]:
    """What is being read, and the last one read."""
    direction, _, last = paging.unpack(cursor).partition("|") if cursor else (SENT, "", "0")
    if direction not in (SENT, HEARD) or not paging.is_number(last):
        raise Rejected("no_such_page")
    return direction, int(last)


def _key(direction: str) -> Callable[[Model], str]:
    return lambda row: f"{direction}|{row.pk}"


def _look(request: Call, case_id: UUID) -> None:
    case = audited_case(request.auth.actor, case_id)
    if case.applicant is not None:
        purpose = say("purpose.auditing")
        journal.record_look(request.auth.actor, subject=case.applicant, case=case.id, what="evidence", purpose=purpose)
    else:
        journal.record(request.auth.actor, event="case_audited", facts={}, case=case.id)


def _line(case: Case) -> dict[str, Any]:
    return {"case_id": str(case.id), "home": case.home, "head": case.head, "head_digest": case.head_digest}


def _evidence(evidence: Evidence) -> dict[str, Any]:
    return {
        "steps": [
            {"letter": sealed.as_json(), "bodies": {name: b64url(content) for name, content in bodies.items()}}
            for sealed, bodies in evidence.steps
        ],
        "receipts": [parse_json(receipt) for receipt in evidence.receipts],
        "files": list(evidence.files),
        "erased_at": moment(evidence.case.erased_at) if evidence.case.erased_at else None,
        "lost": [{"no": number, "audience": audience} for number, audience in evidence.lost],
    }


def _sent(row: Delivery) -> dict[str, Any]:
    return {
        "direction": SENT,
        "receiver": row.receiver,
        "letter": sealed_of(row.letter).as_json(),
        "receipt": parse_json(bytes(row.receipt)) if row.receipt is not None else None,
    }


def _heard(row: Inbox) -> dict[str, Any]:
    return {"direction": HEARD, "letter": sealed_of(row).as_json(), "receipt": parse_json(bytes(row.receipt))}
