"""Refusals as other nodes read them: RFC 9457, with the reason code and a sentence for a person."""

from collections.abc import Mapping
from typing import Any, Final

from django.http import HttpResponse

from tongban.base.canonical import canonical_json
from tongban.base.errors import NotYet, Rejected
from tongban.base.words import has, say

RETRY_SECONDS: Final = 1
STATUSES: Final[Mapping[str, int]] = {
    "malformed": 400,
    "protocol_version": 400,
    "part_changed": 400,
    "unsigned": 401,
    "unknown_key": 401,
    "unknown_node": 401,
    "key_revoked": 401,
    "key_expired": 401,
    "wrong_signature": 401,
    "wrong_request_signature": 401,
    "not_the_sender": 403,
    "may_not_pull": 403,
    "not_found": 404,
    "fork": 409,
    "too_large": 413,
}


def problem_of(refusal: Rejected | NotYet) -> dict[str, Any]:
    """type, title, status, detail, reason; and retry_after (seconds) where it is worth trying again."""
    later = isinstance(refusal, NotYet)
    key, facts = f"reason.{refusal.reason}", dict[str, Any](refusal.facts)
    problem = {
        "type": f"urn:tongban:reason:{refusal.reason}",
        "title": refusal.reason,
        "status": 503 if later else STATUSES.get(refusal.reason, 400),
        "detail": say(key, **facts) if has(key) else refusal.reason,
        "reason": refusal.reason,
    }
    return problem | ({"retry_after": RETRY_SECONDS} if later else {})


def respond(problem: Mapping[str, Any]) -> HttpResponse:
    response = HttpResponse(canonical_json(problem), status=problem["status"], content_type="application/problem+json")
    if "retry_after" in problem:
        response["Retry-After"] = str(problem["retry_after"])
    return response
