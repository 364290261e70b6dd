"""What a restored node asks of its peers (protocol, section 16)."""

from datetime import datetime
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from tongban.api.nodes import door
from tongban.base.canonical import canonical_json
from tongban.base.errors import Rejected
from tongban.base.times import parse_moment
from tongban.exchange import queries
from tongban.exchange.queries.remembering import Remembered
from tongban.exchange.rules import letter_as_json


@require_GET
@door.from_node
def written(request: HttpRequest, peer: str) -> HttpResponse:
    """What we wrote to the asking node and it answered since a moment."""
    since, after = _window(request)
    return _answer(*queries.written_since(peer, since, after=after))


@require_GET
@door.from_node
def taken(request: HttpRequest, peer: str) -> HttpResponse:
    """What the asking node wrote and we answered since a moment."""
    since, after = _window(request)
    return _answer(*queries.taken_since(peer, since, after=after))


def _answer(page: list[Remembered], more: bool) -> HttpResponse:
    letters = [letter_as_json(sealed, parts) | {"receipt": receipt.as_json()} for sealed, parts, receipt in page]
    return HttpResponse(canonical_json({"letters": letters, "more": more}), content_type="application/json")


def _window(request: HttpRequest) -> tuple[datetime, UUID | None]:
    after = request.GET.get("after")
    try:
        return parse_moment(request.GET.get("since", "")), UUID(after) if after else None
    except ValueError as error:
        raise Rejected("malformed", why="since is a moment, after is a UUID") from error
