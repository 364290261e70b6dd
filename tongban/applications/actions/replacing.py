"""An application put down as a whole: answers, papers and the originals at a counter, all or nothing."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import transaction

from tongban.applications import vault
from tongban.applications.actions.custody import note_custody
from tongban.applications.actions.drafting import attach, fill, remove_material
from tongban.applications.models import Application
from tongban.applications.rules import Channel
from tongban.base.actor import Actor
from tongban.catalogue.queries import get_definition


@dataclass(frozen=True, slots=True)
class Given:
    """A paper that is handed in. original: at a counter, that it was seen there."""

    key: str
    digest: str
    name: str
    original: bool


@transaction.atomic
def replace_content(
    actor: Actor, application_id: UUID, *, answers: Mapping[str, Any], materials: Sequence[Given], seen: int | None
) -> Application:
    """Put these answers and papers in the place of what was there before.

    An original that a counter has seen is held where the item demands it. Raises what `fill` and `attach` raise.
    """
    application = fill(actor, application_id, answers=answers, seen=seen)
    before = {entry["key"] for entry in vault.unlock_json(application.content)["materials"]}
    for key in sorted(before - {entry.key for entry in materials}):
        application = remove_material(actor, application_id, material=key)
    for entry in materials:
        application = attach(
            actor, application_id, material=entry.key, digest=entry.digest, name=entry.name, compared=entry.original
        )
    if application.channel == Channel.COUNTER:
        _hold_originals(actor, application, {entry.key for entry in materials if entry.original})
    application.refresh_from_db()
    return application


def _hold_originals(actor: Actor, application: Application, seen: set[str]) -> None:
    definition = get_definition(application.item, application.standard, application.version)[1]
    demanded = {material.key for material in definition.materials if material.original}
    held = set(application.custody_set.exclude(place="returned").values_list("material", flat=True))
    for key in sorted(seen & demanded - held):
        note_custody(actor, application.id, event="custody_taken", material=key)
