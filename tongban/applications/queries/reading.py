"""What an actor may see of the applications made at this node."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from tongban.applications import vault
from tongban.applications.models import Application, Custody, Paper
from tongban.base.actor import Actor, Role
from tongban.base.errors import Rejected
from tongban.cases.models import Case

Cursor = tuple[datetime, UUID] | None
DRAFT, SUBMITTED = Application.State.DRAFT, Application.State.SUBMITTED


def visible(actor: Actor) -> QuerySet[Application]:
    """The person's own, and those of the clerk's counter."""
    if actor.stands_for is Role.CLERK:
        return Application.objects.filter(organ=actor.organ or "-")
    if actor.subject is None:
        return Application.objects.none()
    return Application.objects.filter(applicant=actor.subject)


def get_application(actor: Actor, application_id: UUID) -> Application:
    """Raises Rejected("not_found") for one that is not the actor's, as if it were not there."""
    found = visible(actor).filter(id=application_id).first()
    if found is None:
        raise Rejected("not_found")
    return found


def locked_draft(actor: Actor, application_id: UUID) -> Application:
    """A draft of the actor's, locked. Raises Rejected("not_found"), or ("submitted_already") when it has gone."""
    found = visible(actor).select_for_update().filter(id=application_id).first()
    if found is None:
        raise Rejected("not_found")
    if found.state != DRAFT:
        raise Rejected("submitted_already")
    return found


def content_of(application: Application) -> dict[str, Any]:
    """answers, materials and custody; to be called only with an application that a query above gave out."""
    content: dict[str, Any] = vault.unlock_json(application.content)
    return content


def my_drafts(actor: Actor) -> QuerySet[Application]:
    return visible(actor).filter(state=DRAFT).order_by("-changed_at", "-id")


def unregistered(actor: Actor) -> QuerySet[Application]:
    """Handed in, but not yet registered by the home: 待对方登记."""
    registered = Case.objects.filter(id=OuterRef("id"))
    found = visible(actor).filter(state=SUBMITTED).filter(~Exists(registered))
    return found.order_by("-changed_at", "-id")


def intakes(actor: Actor, *, after: Cursor = None) -> QuerySet[Application]:
    """The intakes of the clerk's counter, the last touched first."""
    if actor.stands_for is not Role.CLERK:
        return Application.objects.none()
    found = Application.objects.filter(organ=actor.organ or "-").exclude(state=Application.State.DROPPED)
    if after:
        found = found.filter(Q(changed_at__lt=after[0]) | Q(changed_at=after[0], id__lt=after[1]))
    return found.order_by("-changed_at", "-id")


def siblings(actor: Actor, application: Application) -> QuerySet[Application]:
    """The applications made together with this one, itself included: a query sent to several homes."""
    if application.bundle is None:
        return visible(actor).filter(id=application.id)
    return visible(actor).filter(bundle=application.bundle).order_by("place")


def find_paper(actor: Actor, application_id: UUID, *, kind: str) -> str | None:
    """The page of the 收件凭证 or the note of return."""
    application = get_application(actor, application_id)
    row = Paper.objects.filter(application=application, kind=kind).order_by("-made_at").first()
    return None if row is None else str(vault.unlock_json(row.content)["html"])


def custody_of(actor: Actor, application_id: UUID) -> QuerySet[Custody]:
    return Custody.objects.filter(application=get_application(actor, application_id)).order_by("id")
