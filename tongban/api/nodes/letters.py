"""Letters of other nodes come in, and those we wrote to them can be pulled (protocol, sections 4 to 6)."""

from typing import Any, Final
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_http_methods, require_POST

from tongban.api.nodes import door
from tongban.base.canonical import canonical_json, parse_json
from tongban.base.errors import NotYet, Rejected
from tongban.exchange import actions, queries
from tongban.exchange.rules import letter_as_json, letter_of, read_batch, read_letter

JSON: Final = "application/json"


@require_http_methods(["GET", "POST"])
@door.from_node
def letters(request: HttpRequest, peer: str) -> HttpResponse:
    """POST takes one letter; GET gives those written to the asking node about a subject."""
    return _take(request, peer) if request.method == "POST" else _give(request, peer)


@require_POST
@door.from_node
def batch(request: HttpRequest, peer: str) -> HttpResponse:
    """Take several letters, each for itself, in their order."""
    answers = [_answer(request, peer, entry) for entry in read_batch(door.body_of(request))]
    return HttpResponse(canonical_json({"answers": answers}), content_type=JSON)


def _take(request: HttpRequest, peer: str) -> HttpResponse:
    sealed, parts = read_letter(door.body_of(request))
    receipt = actions.receive(peer, sealed, parts)
    return HttpResponse(b'{"receipt":' + receipt + b"}", content_type=JSON)


def _answer(request: HttpRequest, peer: str, entry: object) -> dict[str, Any]:
    try:
        sealed, parts = letter_of(entry)
        return {"receipt": parse_json(actions.receive(peer, sealed, parts))}
    except (Rejected, NotYet) as refusal:
        return {"problem": door.refuse(request, peer, refusal)}


def _give(request: HttpRequest, peer: str) -> HttpResponse:
    found, more = queries.letters_for(peer, subject=request.GET.get("subject", ""), after=_uuid(request, "after"))
    content = {"letters": [letter_as_json(sealed, parts) for sealed, parts in found], "more": more}
    return HttpResponse(canonical_json(content), content_type=JSON)


def _uuid(request: HttpRequest, name: str) -> UUID | None:
    text = request.GET.get(name)
    try:
        return None if text is None else UUID(text)
    except ValueError as error:
        raise Rejected("malformed", why=f"{name} is a UUID") from error
