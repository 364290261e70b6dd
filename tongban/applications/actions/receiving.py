"""What a clerk does with the person and his papers before him: who he is, and that a scan is like its original."""

from collections.abc import Mapping
from uuid import UUID

from django.db import transaction

from tongban.applications import vault
from tongban.applications.actions.drafting import by_whom, keep
from tongban.applications.models import Application
from tongban.applications.queries import locked_draft
from tongban.applications.rules import IDENTITY_WAYS, Channel
from tongban.base.actor import Actor, Role
from tongban.base.errors import Rejected
from tongban.people.actions import find_or_create_person


@transaction.atomic
def identify(
    actor: Actor,
    application_id: UUID,
    *,
    identity: Mapping[str, str],
    way: str,
    note: str = "",
    seen: int | None = None,
) -> Application:
    """Name the applicant of an intake, and how his identity was checked (`rules.IDENTITY_WAYS`); who and when stays.

    identity: kind, name, id_type, id_number, phone. Raises Rejected("invalid") naming every fault, ("draft_changed"),
    ("person_name_differs").
    """
    application = _intake(actor, application_id, seen)
    if way not in IDENTITY_WAYS:
        raise Rejected("invalid", fields={"way": "not_a_choice"})
    person = find_or_create_person(
        actor,
        kind=identity.get("kind", ""),
        name=identity.get("name", ""),
        id_type=identity.get("id_type", ""),
        id_number=identity.get("id_number", ""),
        phone=identity.get("phone") or None,
    )
    application.applicant = person.id
    content = vault.unlock_json(application.content)
    content["identity_check"] = {"way": way, "note": note.strip()[:200], **by_whom(actor)}
    return keep(application, content)


@transaction.atomic
def compare(actor: Actor, application_id: UUID, *, material: str, seen: int | None = None) -> Application:
    """Note that the clerk has seen the original and that the scan is like it. Raises Rejected("material_missing")."""
    application = _intake(actor, application_id, seen)
    content = vault.unlock_json(application.content)
    scan = next((entry for entry in content["materials"] if entry["key"] == material), None)
    if scan is None:
        raise Rejected("material_missing")
    scan["compared"], scan["compared_by"] = True, by_whom(actor)
    return keep(application, content)


def _intake(actor: Actor, application_id: UUID, seen: int | None) -> Application:
    application = locked_draft(actor, application_id)
    if actor.stands_for is not Role.CLERK or application.channel != Channel.COUNTER:
        raise Rejected("not_allowed")
    if seen is not None and seen != application.revision:
        raise Rejected("draft_changed")
    return application
