"""Files are pulled by digest, by a node that follows a case naming them (protocol, section 8)."""

from uuid import UUID

from django.http import FileResponse, HttpRequest, HttpResponseBase
from django.views.decorators.http import require_GET

from tongban.api.nodes import door
from tongban.base.errors import Rejected
from tongban.files import queries, rules


@require_GET
@door.from_node
def file(request: HttpRequest, peer: str, digest: str) -> HttpResponseBase:
    """The bytes. A digest alone is no permission."""
    try:
        case = UUID(request.GET.get("case", ""))
    except ValueError as error:
        raise Rejected("malformed", why="case is a UUID") from error
    if not rules.is_digest(digest):
        raise Rejected("malformed", why="a digest is 64 lower-case hex digits")
    if not queries.may_pull(peer, digest, case):
        raise Rejected("may_not_pull", digest=digest)
    found = queries.find_file(digest)
    if found is None:
        raise Rejected("not_found")
    response = FileResponse(queries.open_file(digest), content_type="application/octet-stream")
    response["Content-Length"] = str(found.size)
    response["X-Content-Type-Options"] = "nosniff"
    return response
