"""Which applications and papers have reached the end of the time for which they are kept."""

from datetime import datetime

from django.db.models import Exists, OuterRef, Q, QuerySet

from tongban.applications.models import Application, Custody, Paper, Supplement
from tongban.base.actor import Actor, Role
from tongban.base.errors import Rejected
from tongban.cases.models import Ask, Case
from tongban.cases.rules.table import Act

UNSENT = [Application.State.DRAFT, Application.State.DROPPED, Application.State.RETURNED]


def abandoned(actor: Actor, *, before: datetime) -> QuerySet[Application]:
    """What was never sent and not touched since a moment; never one whose originals a counter still holds."""
    _only_system(actor)
    held = Custody.objects.filter(application=OuterRef("id")).exclude(place=Custody.Place.RETURNED)
    found = Application.objects.filter(~Exists(held), state__in=UNSENT, changed_at__lt=before)
    return found.exclude(content=b"").order_by("changed_at")


def sent_before(actor: Actor, *, before: datetime) -> QuerySet[Application]:
    """What its home has had since a moment: by its receipt, taken or rejected, or because this node is the home."""
    _only_system(actor)
    answered = Ask.objects.filter(case_id=OuterRef("id"), act=Act.OPEN, answered_at__lt=before)
    opened_here = Case.objects.filter(id=OuterRef("id"), is_home=True)
    found = Application.objects.filter(state=Application.State.SUBMITTED, submitted_at__lt=before)
    return found.filter(Exists(answered) | Exists(opened_here)).exclude(content=b"").order_by("submitted_at")


def old_supplements(actor: Actor, *, before: datetime) -> QuerySet[Supplement]:
    """What answered a correction notice and was last touched before a moment."""
    _only_system(actor)
    return Supplement.objects.filter(changed_at__lt=before).order_by("changed_at")


def papers_to_erase(actor: Actor, *, before: datetime) -> QuerySet[Paper]:
    """Papers made before a moment of applications that wait for no answer and have no case with contents left here."""
    _only_system(actor)
    waiting = Ask.objects.filter(case_id=OuterRef("application"), act=Act.OPEN, outcome="waiting")
    kept = Case.objects.filter(id=OuterRef("application"), erased_at=None)
    found = Paper.objects.filter(~Exists(waiting), ~Exists(kept), ~Q(content=b""), made_at__lt=before)
    return found.order_by("made_at")


def _only_system(actor: Actor) -> None:
    if actor.role is not Role.SYSTEM:
        raise Rejected("not_allowed")
