"""Uploads: the bytes as they are, known afterwards by their digest."""

from typing import Any, BinaryIO, Final, cast

from ninja import Router
from ninja.responses import Status

from tongban.api.public.door import Call
from tongban.api.public.idempotency import Key, once
from tongban.api.public.shapes.others import FileKept
from tongban.base.actor import Role
from tongban.base.errors import Rejected
from tongban.files.actions import keep
from tongban.files.rules import BEGINNINGS

router = Router(tags=["files"])

UPLOADERS: Final = frozenset({Role.APPLICANT, Role.CLERK, Role.OFFICER})
BODY: Final[dict[str, Any]] = {
    "requestBody": {
        "required": True,
        "content": {
            media_type: {"schema": {"type": "string", "format": "binary"}} for media_type in sorted(BEGINNINGS)
        },
    }
}


@router.post("/files", response={201: FileKept}, operation_id="upload_file", openapi_extra=BODY)
def upload(request: Call, key: Key = None) -> Status[object]:
    """Content-Type names the type, which the bytes must be; the same content twice is one file."""
    if request.auth.actor.role not in UPLOADERS:
        raise Rejected("not_allowed")
    file = keep(request.auth.actor, cast(BinaryIO, request), media_type=request.content_type or "")
    answer = {"digest": file.digest, "size": file.size}
    return once(request, key, lambda: (201, answer), content=file.digest)
