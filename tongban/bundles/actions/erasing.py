"""Erasing bundles when the time for keeping them is over, and encrypting them again."""

from datetime import datetime

from django.db import transaction
from django.db.models import Exists, Model, OuterRef, QuerySet

from tongban.base.actor import Actor, Role
from tongban.base.canonical import digest
from tongban.base.errors import Rejected
from tongban.bundles import vault
from tongban.bundles.models import Bundle, Part
from tongban.bundles.rules.following import HELD, TO_DECIDE, PartState
from tongban.cases.actions.locking import renew
from tongban.cases.models import Case
from tongban.files.actions import let_go_all

LOCKED: tuple[type[Model], ...] = (Bundle, Part)


def abandoned(actor: Actor, *, before: datetime) -> QuerySet[Bundle]:
    """Drafts and what was given up, not touched since a moment."""
    _only_system(actor)
    unsent = [Bundle.State.DRAFT, Bundle.State.DROPPED]
    return Bundle.objects.filter(state__in=unsent, changed_at__lt=before).order_by("changed_at")


def undecided(actor: Actor, *, before: datetime) -> QuerySet[Part]:
    """Parts that the person was asked about and on which she has not decided since a moment."""
    _only_system(actor)
    return Part.objects.filter(state__in=TO_DECIDE, changed_at__lt=before).order_by("changed_at")


def done(actor: Actor, *, before: datetime) -> QuerySet[Bundle]:
    """Handed in before a moment, with nothing left to hand in and no case whose contents are still kept here."""
    _only_system(actor)
    held = Part.objects.filter(bundle=OuterRef("pk"), state__in=HELD)
    kept = Case.objects.filter(id=OuterRef("application"), erased_at=None)
    open_cases = Part.objects.filter(Exists(kept), bundle=OuterRef("pk"))
    found = Bundle.objects.filter(~Exists(held), ~Exists(open_cases), state=Bundle.State.SUBMITTED)
    return found.filter(changed_at__lt=before).order_by("changed_at")


@transaction.atomic
def erase_abandoned(actor: Actor, *, before: datetime, most: int) -> list[str]:
    """Returns what was erased, one text each."""
    return _erase(abandoned(actor, before=before), most)


@transaction.atomic
def erase_done(actor: Actor, *, before: datetime, most: int) -> list[str]:
    """Cases and applications stay; they have periods of their own."""
    return _erase(done(actor, before=before), most)


@transaction.atomic
def erase_undecided(actor: Actor, *, before: datetime, most: int) -> list[str]:
    """Let these parts go, with their answers and papers."""
    found = list(undecided(actor, before=before).select_for_update(skip_locked=True)[:most])
    named = [f"bundle {part.bundle_id} {part.key} {digest(bytes(part.content))}" for part in found]
    Part.objects.filter(pk__in=[part.pk for part in found]).update(state=PartState.LET_GO, content=b"")
    bundles = {part.bundle_id for part in found}
    still = set(Part.objects.filter(bundle__in=bundles, state__in=HELD).values_list("bundle", flat=True))
    let_go_all(bundles - still)
    return named


def _erase(found: QuerySet[Bundle], most: int) -> list[str]:
    bundles = list(found.select_for_update(of=("self",), skip_locked=True)[:most])
    ids = [bundle.id for bundle in bundles]
    let_go_all(ids)
    Bundle.objects.filter(id__in=ids).delete()
    return [f"bundle {row.id} {digest(bytes(row.content))}" for row in bundles]


def _only_system(actor: Actor) -> None:
    if actor.role is not Role.SYSTEM:
        raise Rejected("not_allowed")


def encrypt_again(actor: Actor) -> int:
    """Put bundles under the key in use; returns how many changed. It can be run again at any time."""
    _only_system(actor)
    return sum(renew(model, place=vault.PLACE) for model in LOCKED)
