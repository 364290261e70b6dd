"""Letters of other nodes come in, and those we wrote to them can be pulled (protocol, sections 4 to 6)."""

from typing import Final
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_http_methods, require_POST

from tongban.api.nodes import door
from tongban.base.canonical import canonical_json
from tongban.base.errors import NotYet, Rejected
from tongban.base.seal import Sealed
from tongban.exchange import actions, queries
from tongban.exchange.rules import Part, letter_as_json, letter_of, read_batch, read_letter

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
    return HttpResponse(b'{"answers":[' + b",".join(answers) + b"]}", content_type=JSON)


def _take(request: HttpRequest, peer: str) -> HttpResponse:
    sealed, parts = read_letter(door.body_of(request))
    return HttpResponse(_receipt(peer, sealed, parts), content_type=JSON)


def _answer(request: HttpRequest, peer: str, entry: object) -> bytes:
    try:
        return _receipt(peer, *letter_of(entry))
    except (Rejected, NotYet) as refusal:
        return canonical_json({"problem": door.refuse(request, peer, refusal)})


def _receipt(peer: str, sealed: Sealed, parts: tuple[Part, ...]) -> bytes:
    return b'{"receipt":' + actions.receive(peer, sealed, parts) + b"}"


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
