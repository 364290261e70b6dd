"""The standard that an application follows, and what has become of it since it was begun."""

from collections.abc import Iterable
from enum import StrEnum
from uuid import UUID

from tongban.applications.models import Application
from tongban.base.times import legal_date
from tongban.calendar.queries import today
from tongban.catalogue.queries import applying, get_definition, local_standard
from tongban.catalogue.rules.definition import Definition


class Moved(StrEnum):
    """What has become of a draft's version. newer: it still holds beside a newer one. replaced: only the newer holds.

    closed: nothing is taken under any version now.
    """

    NEWER = "newer"
    REPLACED = "replaced"
    CLOSED = "closed"


def definition_of(application: Application) -> Definition:
    """The version that the application follows, without what its place waives on the day of receipt, or today."""
    definition = get_definition(application.item, application.standard, application.version)[1]
    day = legal_date(application.submitted_at) if application.submitted_at else today()
    return local_standard(definition, application.place, on=day).definition


def moved(drafts: Iterable[Application]) -> dict[UUID, Moved]:
    """Of drafts whose item has changed since they were begun, how; one question to the database."""
    drafts = list(drafts)
    held = applying({(draft.item, draft.standard) for draft in drafts}, today()) if drafts else {}
    found = {draft.id: _moved(draft.version, held.get((draft.item, draft.standard), {})) for draft in drafts}
    return {draft: how for draft, how in found.items() if how is not None}


def _moved(version: int, held: dict[int, bool]) -> Moved | None:
    """held: the versions that apply -> whether applications are taken under them."""
    if not any(held.values()):
        return Moved.CLOSED
    if not held.get(version):
        return Moved.REPLACED
    return Moved.NEWER if any(taken and other > version for other, taken in held.items()) else None
