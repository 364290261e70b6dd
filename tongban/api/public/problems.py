"""Refusals as programs read them: RFC 9457, with the reason code, a sentence for a person, and what is wrong where."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from django.http import HttpResponse
from ninja.errors import ValidationError

from tongban.base.canonical import canonical_json
from tongban.base.errors import NotYet, Rejected
from tongban.base.words import has, say

MEDIA_TYPE: Final = "application/problem+json"
RETRY_SECONDS: Final = 1

STATUSES: Final[Mapping[str, int]] = {
    "malformed": 400,
    "unauthenticated": 401,
    "login_failed": 401,
    "code_expired": 401,
    "code_only_for_choosing": 403,
    "not_allowed": 403,
    "not_found": 404,
    "no_such_page": 404,
    "no_such_path": 404,
    "item_unknown": 404,
    "bundle_unknown": 404,
    "item_not_defined": 404,
    "clock_is_real": 404,
    "no_such_method": 405,
    "body_too_large": 413,
    "file_too_large": 413,
    "wrong_media_type": 415,
    "file_type": 415,
    "invalid": 422,
    "login_paused": 429,
}
"""Every other refusal is 422 when it names fields, and 409 when it is the state of things that stands in the way."""

TOLD: Final = ("head", "changed", "retry_after")
"""Facts that a program needs to go on, as members of the problem."""


def problem_of(refusal: Rejected | NotYet) -> dict[str, Any]:
    """type, title, status, detail, reason; errors where fields are wrong; retry_after where it is worth while."""
    if isinstance(refusal, NotYet):
        return {**_problem(503, refusal.reason, refusal.facts), "retry_after": RETRY_SECONDS}
    status = STATUSES.get(refusal.reason, 422 if refusal.fields else 409)
    problem = _problem(status, refusal.reason, refusal.facts)
    if refusal.fields:
        problem["errors"] = [_error(field, text) for field, text in refusal.fields.items()]
    problem |= {name: refusal.facts[name] for name in TOLD if name in refusal.facts}
    return problem


def problem_of_defect() -> dict[str, Any]:
    """A fault of our own: the same request may succeed once it is mended."""
    return _problem(500, "defect", {})


def problem_of_shape(error: ValidationError) -> dict[str, Any]:
    """What is wrong with the form of a request, field by field."""
    problem = _problem(422, "invalid", {})
    problem["errors"] = [
        {"field": _path(fault["loc"]), "reason": str(fault["type"]), "detail": _shape(str(fault["type"]))}
        for fault in error.errors
    ]
    return problem


def respond(problem: Mapping[str, Any]) -> HttpResponse:
    response = HttpResponse(canonical_json(dict(problem)), status=problem["status"], content_type=MEDIA_TYPE)
    response["Cache-Control"] = "no-store"
    if "retry_after" in problem:
        response["Retry-After"] = str(problem["retry_after"])
    if problem["status"] == 401:
        response["WWW-Authenticate"] = 'Bearer realm="tongban"'
    return response


def _problem(status: int, reason: str, facts: Mapping[str, object]) -> dict[str, Any]:
    return {
        "type": f"urn:tongban:reason:{reason}",
        "title": say(f"problem.{status}"),
        "status": status,
        "detail": sentence(reason, facts),
        "reason": reason,
    }


def _error(field: str, text: str) -> dict[str, str]:
    return {"field": field, "reason": text, "detail": sentence(text, {})}


def sentence(reason: str, facts: Mapping[str, object]) -> str:
    """The sentence of a reason code; a text that is no code stands for itself."""
    key = f"reason.{reason}"
    return say(key, **dict[str, Any](facts)) if has(key) else reason


def _path(location: Sequence[str | int]) -> str:
    """Without the place it was sent in and the name of the parameter: ("body", "body", "answers") is "answers"."""
    inside = location[2:] if location[:1] == ("body",) and len(location) > 2 else location[1:]
    return ".".join(str(part) for part in inside) or "body"


def _shape(kind: str) -> str:
    key = f"shape.{kind}"
    return say(key) if has(key) else say("shape.other")
