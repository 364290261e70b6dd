"""After a restore: what had been handed in here is known again by the first step of its case."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings

from tongban.applications import vault
from tongban.applications.actions.custody import EVENTS
from tongban.applications.actions.submitting import write_receipt
from tongban.applications.models import Application, Custody, Paper
from tongban.applications.rules import Channel, empty_content
from tongban.cases.actions.completing import bodies_of
from tongban.cases.models import Ask, Case, Step
from tongban.cases.rules.memory import content_of
from tongban.cases.rules.opening import Opening
from tongban.cases.rules.table import Act

NOBODY = UUID(int=0)
"""Which clerk took an original is told to no other node."""


def take_back(case: Case, opening: Opening) -> None:
    """The application that the case was opened with, its receipt, and the originals that the counter holds.

    A draft of the backup that had been handed in since is one no more; one that is known as handed in stays as it is.
    """
    application = Application.objects.select_for_update().filter(id=case.id).first()
    if application is not None and application.number:
        return
    received = opening.receiving
    draft = vault.unlock_json(application.content) if application is not None and application.content else {}
    at_counter = received.channel == Channel.COUNTER
    content = {**empty_content(at_counter=at_counter), **draft, **_told(opening)}
    values = {
        "item": opening.item,
        "standard": opening.standard,
        "version": opening.version,
        "place": opening.place,
        "receiving_place": received.place,
        "mode": opening.mode,
        "channel": received.channel,
        "applicant": case.applicant,
        "organ": received.organ,
        "state": Application.State.SUBMITTED,
        "content": vault.lock_json(content),
        "number": received.number,
        "changed_at": received.at,
        "submitted_at": received.at,
    }
    application, _ = Application.objects.update_or_create(
        id=case.id, defaults=values, create_defaults={**values, "made_at": received.at}
    )
    _originals(application, case, opening)
    if not Paper.objects.filter(application=application, kind="receipt").exists():
        write_receipt(application, content, str(opening.applicant["name"]))


def _told(opening: Opening) -> dict[str, Any]:
    return {
        "answers": dict(opening.answers),
        "materials": [dict(material) for material in opening.materials],
        "custody": [dict(original) for original in opening.custody],
        "identity_check": dict(opening.identity_check) if opening.identity_check else None,
    }


def _originals(application: Application, case: Case, opening: Opening) -> None:
    """From the opening on, and by every movement that was put on record since."""
    for original in opening.custody:
        _move(application, original, Custody.Place.HERE, opening.receiving.at)
    for step in Step.objects.filter(case=case, act=Act.RECORD).order_by("no"):
        event = EVENTS.get(step.header["facts"].get("event", ""))
        if event is not None:
            _move(application, content_of(bodies_of(step)), event[1], step.recorded_at)


def _move(application: Application, original: Mapping[str, Any], place: Custody.Place, at: datetime) -> None:
    if not original.get("number"):
        return
    moved = {"place": place, "waybill": original.get("waybill") or "", "changed_at": at}
    Custody.objects.update_or_create(
        number=original["number"],
        defaults=moved,
        create_defaults={
            **moved,
            "application": application,
            "material": original.get("material", ""),
            "count": original.get("count", 1),
            "taken_at": at,
            "taken_by": application.clerk or NOBODY,
        },
    )


def was_sent(case_id: UUID) -> None:
    """A draft of the backup of which others know only that it was handed in: it is out of his hands who made it."""
    ask = Ask.objects.filter(case_id=case_id, act=Act.OPEN).first()
    case = Case.objects.filter(id=case_id, receiving_node=settings.NODE).first()
    draft = Application.objects.select_for_update().filter(id=case_id, state=Application.State.DRAFT).first()
    if draft is None or (ask is None and case is None):
        return
    draft.state = Application.State.SUBMITTED
    draft.submitted_at = draft.changed_at = case.received_at if case else ask.made_at if ask else draft.changed_at
    draft.save(update_fields=["state", "submitted_at", "changed_at"])
    Ask.objects.filter(case_id=case_id, applicant=None).update(applicant=draft.applicant, organ=draft.organ)
