"""Erasing what was made at this node when the time for keeping it is over, and encrypting it again."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, Model, OuterRef

from tongban.applications import vault
from tongban.applications.models import Application, Custody, Paper, Signature, Supplement
from tongban.applications.queries.keeping import abandoned, old_supplements, papers_to_erase, sent_before
from tongban.base.actor import Actor, Role
from tongban.base.canonical import digest
from tongban.base.errors import Rejected
from tongban.cases.actions.locking import renew
from tongban.cases.models import Ask
from tongban.cases.rules.table import Act
from tongban.files.actions import let_go_all

LOCKED: tuple[type[Model], ...] = (Application, Paper, Supplement)


@transaction.atomic
def erase_unsent(actor: Actor, *, before: datetime, most: int) -> list[str]:
    """Erase drafts, what was given up, and the content of what was returned on the spot.

    Rows go too, but for those that papers or the custody of originals are written to. Returns what was erased, one
    text each.
    """
    found = list(abandoned(actor, before=before).select_for_update(skip_locked=True)[:most])
    named, ids = _named(found), [application.id for application in found]
    let_go_all(ids)
    Signature.objects.filter(matter__in=ids).delete()
    written_to = Exists(Paper.objects.filter(application=OuterRef("id"))) | Exists(
        Custody.objects.filter(application=OuterRef("id"))
    )
    Application.objects.filter(written_to, id__in=ids).update(content=b"")
    Application.objects.filter(~written_to, id__in=ids).delete()
    return named


@transaction.atomic
def erase_sent(actor: Actor, *, before: datetime, most: int) -> list[str]:
    """Empty applications that their homes have; the case, where there is one, keeps what it was opened with."""
    found = list(sent_before(actor, before=before).select_for_update(of=("self",), skip_locked=True)[:most])
    ids = [application.id for application in found]
    let_go_all(_rejected(ids))
    Signature.objects.filter(matter__in=ids).delete()
    Application.objects.filter(id__in=ids).update(content=b"")
    return _named(found)


@transaction.atomic
def erase_supplements(actor: Actor, *, before: datetime, most: int) -> list[str]:
    """Remove supplements that went, were given up or were never signed, with what was asked of whom for them."""
    found = list(old_supplements(actor, before=before).select_for_update(skip_locked=True)[:most])
    ids = [supplement.id for supplement in found]
    named = [f"supplement {row.id} {digest(bytes(row.content))}" for row in found]
    Signature.objects.filter(matter__in=ids).delete()
    Supplement.objects.filter(id__in=ids).delete()
    return named


@transaction.atomic
def erase_papers(actor: Actor, *, before: datetime, most: int) -> list[str]:
    """Empty the pages of papers; their numbers and digests stay."""
    found = list(papers_to_erase(actor, before=before)[:most])
    Paper.objects.filter(id__in=[paper.pk for paper in found]).update(content=b"")
    return [f"paper {paper.number} {paper.digest}" for paper in found]


def encrypt_again(actor: Actor) -> int:
    """Put applications and papers under the key in use; returns how many changed. It can be run again at any time."""
    if actor.role is not Role.SYSTEM:
        raise Rejected("not_allowed")
    return sum(renew(model, place=vault.PLACE) for model in LOCKED)


def _named(applications: list[Application]) -> list[str]:
    """Each with the digest of what lay encrypted here."""
    return [f"application {row.id} {digest(bytes(row.content))}" for row in applications]


def _rejected(ids: list[UUID]) -> list[UUID]:
    """Those that will never be cases."""
    asks = Ask.objects.filter(case_id__in=ids, act=Act.OPEN, outcome="rejected")
    return list(asks.values_list("case_id", flat=True))
