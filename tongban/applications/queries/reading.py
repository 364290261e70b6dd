"""What an actor may see of the applications made at this node."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db.models import Exists, OuterRef, Q, QuerySet

from tongban.applications import vault
from tongban.applications.models import Application, Custody, Paper
from tongban.applications.queries.standards import definition_of
from tongban.applications.rules import Channel, empty_content, faults
from tongban.base.actor import Actor, Role
from tongban.base.errors import Rejected
from tongban.calendar.queries import today
from tongban.cases.models import Ask, Case, Party, Step
from tongban.cases.rules.table import Act

Cursor = tuple[datetime, UUID] | None
DRAFT, SUBMITTED = Application.State.DRAFT, Application.State.SUBMITTED


def visible(actor: Actor) -> QuerySet[Application]:
    """The person's own, and those of the clerk's counter; what was given up is gone for both."""
    kept = Application.objects.exclude(state=Application.State.DROPPED)
    if actor.stands_for is Role.CLERK:
        return kept.filter(organ=actor.organ or "-")
    if actor.subject is None:
        return kept.none()
    return kept.filter(applicant=actor.subject)


def get_application(actor: Actor, application_id: UUID) -> Application:
    """Also of him who applies together with another, once it is handed in.

    Raises Rejected("not_found") for one that is not the actor's, as if it were not there.
    """
    found = visible(actor).filter(id=application_id).first() or _applied_with(actor).filter(id=application_id).first()
    if found is None:
        raise Rejected("not_found")
    return found


def _applied_with(actor: Actor) -> QuerySet[Application]:
    """What others have handed in who apply together with the person."""
    if actor.subject is None or actor.stands_for is Role.CLERK:
        return Application.objects.none()
    named = Party.objects.filter(person=actor.subject, case=OuterRef("id"))
    return Application.objects.filter(Exists(named), state=SUBMITTED)


def locked_draft(actor: Actor, application_id: UUID) -> Application:
    """A draft of the actor's, locked. Raises Rejected("not_found"), or ("submitted_already") when it has gone."""
    found = visible(actor).select_for_update().filter(id=application_id).first()
    if found is None:
        raise Rejected("not_found")
    if found.state != DRAFT:
        raise Rejected("submitted_already")
    return found


def content_of(application: Application) -> dict[str, Any]:
    """answers, materials and custody; to be called only with an application that a query above gave out.

    Of an erased one the content is empty, with a member "erased" that is true.
    """
    if not application.content:
        return {**empty_content(at_counter=application.channel == Channel.COUNTER), "erased": True}
    content: dict[str, Any] = vault.unlock_json(application.content)
    return content


def faults_of(application: Application) -> dict[str, str]:
    """What stands in the way of handing it in now; nothing once it is out of the hands of who made it."""
    if application.state != DRAFT:
        return {}
    definition = definition_of(application)
    return faults(definition, content_of(application), demo=settings.DEMO, on=today())


def my_drafts(actor: Actor) -> QuerySet[Application]:
    return visible(actor).filter(state=DRAFT).order_by("-changed_at", "-id")


def unregistered(actor: Actor) -> QuerySet[Application]:
    """Handed in, but not yet registered by the home: 待对方登记."""
    registered = Case.objects.filter(id=OuterRef("id"))
    found = visible(actor).filter(state=SUBMITTED).filter(~Exists(registered))
    return found.order_by("-changed_at", "-id")


def unregistered_with(actor: Actor) -> QuerySet[Application]:
    """As `unregistered`, of what others have handed in who apply together with the person."""
    if actor.subject is None:
        return Application.objects.none()
    registered = Case.objects.filter(id=OuterRef("case"))
    mine = Party.objects.filter(~Exists(registered), person=actor.subject, no__gt=1)
    return _applied_with(actor).filter(id__in=mine.values("case")).order_by("-changed_at", "-id")


def my_applications(actor: Actor, *, after: Cursor = None) -> QuerySet[Application]:
    """All of the person or the counter, the last touched first; `registered` tells whether the home opened it."""
    found = _older(visible(actor), after)
    return found.annotate(registered=Exists(Case.objects.filter(id=OuterRef("id"))))


def handed_in(application: Application) -> Step | Ask:
    """The first step of the case opened here, or the ask to its home; for an application that has been submitted."""
    step = Step.objects.filter(case=application.id, no=1, case__is_home=True).first()
    return step or Ask.objects.get(case_id=application.id, act=Act.OPEN)


def intakes(actor: Actor, *, after: Cursor = None, state: str = "") -> QuerySet[Application]:
    """The intakes of the clerk's counter, the last touched first. state: of this state alone."""
    if actor.stands_for is not Role.CLERK:
        return Application.objects.none()
    found = _older(visible(actor), after)
    return found.filter(state=state) if state else found


def find_numbered(actor: Actor, number: str) -> Application | None:
    """An application of the actor's by the number of its 收件凭证 or of its note of return."""
    return visible(actor).filter(paper__number=number).first()


def siblings(actor: Actor, application: Application) -> QuerySet[Application]:
    """The applications made together with this one, itself included: a query sent to several homes."""
    if application.bundle is None:
        return visible(actor).filter(id=application.id)
    return visible(actor).filter(bundle=application.bundle).order_by("place")


def bundles_of(actor: Actor, applications: Iterable[UUID]) -> dict[UUID, UUID]:
    """Of those that were made together with others: application -> bundle."""
    made = visible(actor).filter(id__in=list(applications), bundle__isnull=False)
    return {entry: bundle for entry, bundle in made.values_list("id", "bundle") if bundle is not None}


def find_paper(actor: Actor, application_id: UUID, *, kind: str) -> str | None:
    """The page of the 收件凭证 or the note of return. Raises Rejected("erased") when its time is over."""
    application = get_application(actor, application_id)
    row = Paper.objects.filter(application=application, kind=kind).order_by("-made_at").first()
    if row is not None and not row.content:
        raise Rejected("erased")
    return None if row is None else str(vault.unlock_json(row.content)["html"])


def custody_of(actor: Actor, application_id: UUID) -> QuerySet[Custody]:
    return Custody.objects.filter(application=get_application(actor, application_id)).order_by("id")


def _older(found: QuerySet[Application], after: Cursor) -> QuerySet[Application]:
    if after:
        found = found.filter(
            Q(changed_at__lt=after[0]) | Q(changed_at=after[0], id__lt=after[1]), changed_at__lte=after[0]
        )
    return found.order_by("-changed_at", "-id")
