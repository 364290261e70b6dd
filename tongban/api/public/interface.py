"""The public interface as one NinjaAPI: routers, refusals, description."""

import logging
from typing import Any

from django.core.exceptions import RequestDataTooBig
from django.db import InterfaceError, OperationalError
from django.http import Http404, HttpRequest, HttpResponse
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, ValidationError
from ninja.openapi.schema import OpenAPISchema
from ninja.renderers import JSONRenderer

from tongban.api.public import (
    applications,
    audit,
    bundles,
    cases,
    catalogue,
    demo,
    drafts,
    entries,
    files,
    looks,
    problems,
    sessions,
    signing,
)
from tongban.api.public.description import complete
from tongban.api.public.door import Bearer
from tongban.api.public.parsing import MOST_BYTES, StrictParser
from tongban.base.errors import NotYet, Rejected
from tongban.base.words import say

logger = logging.getLogger(__name__)


class Plain(JSONRenderer):
    json_dumps_params = {"ensure_ascii": False}


class Interface(NinjaAPI):
    def get_openapi_schema(self, **options: Any) -> OpenAPISchema:
        schema = super().get_openapi_schema(**options)
        complete(schema)
        return schema


def make_interface() -> Interface:
    made = Interface(
        title=say("interface.title"),
        version="1",
        description=say("interface.description"),
        auth=Bearer(),
        parser=StrictParser(),
        renderer=Plain(),
        docs_url=None,
        openapi_url=None,
        urls_namespace="public",
    )
    modules = (sessions, catalogue, entries, files, applications, bundles, cases, looks, signing, drafts, audit, demo)
    for module in modules:
        made.add_router("", module.router)
    _answer_refusals(made)
    return made


def _answer_refusals(made: Interface) -> None:
    for kind in (Rejected, NotYet, HttpError, ValidationError, Http404, Exception):
        made.add_exception_handler(kind, _answer)


def _answer(request: HttpRequest, error: Any) -> HttpResponse:
    if isinstance(error, ValidationError):
        return problems.respond(problems.problem_of_shape(error))
    refusal = _refusal(error)
    if refusal is None:
        logger.error("api_request_failed", extra={"path": request.path}, exc_info=error)
        return problems.respond(problems.problem_of_defect())
    return problems.respond(problems.problem_of(refusal))


def _refusal(error: Exception) -> Rejected | NotYet | None:
    """None for a defect of our own."""
    if isinstance(error, Rejected | NotYet):
        return error
    if isinstance(error, AuthenticationError):
        return Rejected("unauthenticated")
    if isinstance(error, HttpError):
        # What the parser of bodies raised lies under it.
        return error.__cause__ if isinstance(error.__cause__, Rejected) else Rejected("malformed", why=str(error))
    if isinstance(error, Http404):
        return Rejected("not_found")
    if isinstance(error, RequestDataTooBig):
        return Rejected("body_too_large", most=MOST_BYTES)
    if isinstance(error, OperationalError | InterfaceError):
        logger.warning("database_away", extra={"trouble": type(error).__name__})
        return NotYet("database_away")
    return None
