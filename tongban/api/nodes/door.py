"""The door for other nodes: every request is signed, every refusal has a reason and stands in the journal."""

import functools
import logging
import time
from collections.abc import Callable
from typing import Concatenate, Final, ParamSpec

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponseBase
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt

from tongban.api.nodes import problems
from tongban.base.actor import Actor, Role, Via
from tongban.base.errors import NotYet, Rejected
from tongban.exchange import queries
from tongban.exchange.rules import MOST_REQUEST_BYTES
from tongban.exchange.signatures import check_request
from tongban.journal import actions as journal

logger = logging.getLogger(__name__)

QUIET_SECONDS: Final = 60
MOST_REMEMBERED: Final = 1000

Given = ParamSpec("Given")
journalled_lately: dict[tuple[str, str, str], float] = {}


def from_node(
    view: Callable[Concatenate[HttpRequest, str, Given], HttpResponseBase],
) -> Callable[Concatenate[HttpRequest, Given], HttpResponseBase]:
    """Call the view with the code of the node that signed the request; answer whatever it raises as a problem."""

    @csrf_exempt
    @functools.wraps(view)
    def door(request: HttpRequest, /, *args: Given.args, **kwargs: Given.kwargs) -> HttpResponseBase:
        peer = ""
        try:
            peer = _signed_by(request)
            return view(request, peer, *args, **kwargs)
        except (Rejected, NotYet) as refusal:
            return problems.respond(refuse(request, peer, refusal))
        except Exception:
            logger.exception("node_request_failed", extra={"path": request.path, "peer": peer})
            return problems.respond(problems.problem_of(NotYet("defect")))

    return door


def refuse(request: HttpRequest, peer: str, refusal: Rejected | NotYet) -> dict[str, object]:
    """The problem that answers a refusal, which is journalled: the same one at most once a minute."""
    problem = problems.problem_of(refusal)
    if _is_news(peer, refusal.reason, request.path):
        actor = Actor(role=Role.SYSTEM, node=peer[:2] or settings.NODE, via=Via.LETTER)
        facts = {name: str(value)[:200] for name, value in refusal.facts.items()}
        told = {"reason": refusal.reason, "path": request.path[:200], "status": problem["status"], "peer": peer}
        journal.record(actor, event="node_refused", facts={**facts, **told})
    return problem


def _is_news(peer: str, reason: str, path: str) -> bool:
    now = time.monotonic()
    if len(journalled_lately) >= MOST_REMEMBERED:
        journalled_lately.clear()
    last = journalled_lately.get((peer, reason, path))
    if last is not None and now - last < QUIET_SECONDS:
        return False
    journalled_lately[peer, reason, path] = now
    return True


def _signed_by(request: HttpRequest) -> str:
    directory = queries.directory()
    url = directory.get_node(settings.NODE).endpoint + request.get_full_path()
    return check_request(
        directory,
        method=(request.method or "").upper(),
        url=url,
        headers=request.headers,
        body=body_of(request),
        now=timezone.now(),
    )


def body_of(request: HttpRequest) -> bytes:
    """Raises Rejected("too_large")."""
    try:
        body = request.body
    except RequestDataTooBig as error:
        raise Rejected("too_large", most=MOST_REQUEST_BYTES) from error
    if len(body) > MOST_REQUEST_BYTES:
        raise Rejected("too_large", most=MOST_REQUEST_BYTES)
    return body
