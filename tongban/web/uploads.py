"""Files that come with a form. What a browser says of a file is not believed: its first bytes tell what it is."""

from django.core.files.uploadedfile import UploadedFile

from tongban.base.actor import Actor
from tongban.base.errors import Rejected
from tongban.base.words import say
from tongban.files.actions import keep
from tongban.files.models import File
from tongban.files.rules import BEGINNINGS

ACCEPT = ".pdf,.jpg,.jpeg,.png,application/pdf,image/jpeg,image/png"
TYPES = ("application/pdf", "image/jpeg", "image/png")


def keep_upload(actor: Actor, upload: "UploadedFile[bytes]") -> File:
    """Keep a PDF, JPEG or PNG. Raises Rejected("file_type", "file_empty", "file_too_large")."""
    if not upload.size:
        raise Rejected("file_empty")
    beginning = upload.read(16)
    upload.seek(0)
    for media_type in TYPES:
        if beginning.startswith(BEGINNINGS[media_type]):
            return keep(actor, upload.file, media_type=media_type)  # type: ignore[arg-type]
    raise Rejected("file_type", media_type=(upload.name or "").rpartition(".")[2][:12] or say("upload.unknown_type"))
