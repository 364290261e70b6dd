"""The files that a case names, for those who may read the case."""

from typing import BinaryIO
from uuid import UUID

from tongban.base.actor import Actor
from tongban.base.errors import Rejected
from tongban.cases.queries.views import get_readable
from tongban.cases.rules.table import Who
from tongban.files.models import File
from tongban.files.queries import find_file, named_by, open_file

READERS = frozenset({Who.APPLICANT, Who.RECEIVER, Who.OFFICER})


def open_material(actor: Actor, case_id: UUID, digest: str) -> tuple[File, BinaryIO]:
    """The file and its bytes. A digest alone is no permission: Rejected("not_found") when the case does not name it.

    Also ("not_found") while the file has not arrived here.
    """
    _, who = get_readable(actor, case_id)
    file = find_file(digest) if who & READERS and digest in named_by(case_id) else None
    if file is None:
        raise Rejected("not_found")
    return file, open_file(digest)
