"""Whether both sides hold the same letters of a day (protocol, section 9)."""

from datetime import date

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from tongban.api.nodes import door
from tongban.base.canonical import canonical_json
from tongban.base.errors import Rejected
from tongban.exchange import queries


@require_GET
@door.from_node
def checkpoint(request: HttpRequest, peer: str, day: str) -> HttpResponse:
    """The digest of the day; with `subjects=1` the digest of each subject as well."""
    try:
        found = queries.checkpoint(peer, date.fromisoformat(day))
    except ValueError as error:
        raise Rejected("malformed", why="a day is written 2026-11-23") from error
    content: dict[str, object] = {"day": day, "digest": found.digest, "count": len(found.subjects)}
    if request.GET.get("subjects") == "1":
        content["subjects"] = dict(found.subjects)
    return HttpResponse(canonical_json(content), content_type="application/json")
