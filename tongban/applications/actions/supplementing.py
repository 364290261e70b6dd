"""Answering a correction notice: at once, or where several signed, after all have signed what has changed."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction

from tongban.applications import vault
from tongban.applications.actions.signing import ask, parties_of
from tongban.applications.models import Signature, Supplement
from tongban.applications.queries.signing import matter_of_supplement
from tongban.base.actor import Actor, Role
from tongban.base.errors import Rejected
from tongban.base.times import legal_date
from tongban.base.uuid7 import uuid7
from tongban.calendar.queries import now, today
from tongban.cases.actions import move
from tongban.cases.actions.supplying import with_files
from tongban.cases.models import Ask, Case, Step
from tongban.cases.queries import definition_of, get_readable
from tongban.cases.rules import guards
from tongban.cases.rules.contents import check_known
from tongban.cases.rules.situation import Situation
from tongban.cases.rules.state import from_json
from tongban.cases.rules.table import Act, Status, Who
from tongban.catalogue.rules.kinds import Pattern
from tongban.files.actions import allow

SUPPLIERS = frozenset({Who.APPLICANT, Who.RECEIVER})


@transaction.atomic
def supply(actor: Actor, case_id: UUID, *, seen: int | None, content: Mapping[str, Any]) -> Supplement | Step | Ask:
    """Hand the supplement in, or, where it has to be signed, keep it here and ask for the signatures.

    Raises what `move` raises, and ("supplement_waits") while another one waits to be signed.
    """
    case, who = get_readable(actor, case_id)
    if not _is_signed_again(case):
        return move(actor, case_id, Act.SUPPLY, seen=seen, content=content)
    if not who & SUPPLIERS:
        raise Rejected("not_allowed")
    return _keep(actor, Case.objects.select_for_update().get(id=case.id), seen, content)


def _is_signed_again(case: Case) -> bool:
    """Whether several applied, and the item has what changes afterwards signed by all of them."""
    parties = definition_of(case).parties
    return bool(case.status == Status.CORRECTING and parties and parties.signing and parties.signs_supplements)


def _keep(actor: Actor, case: Case, seen: int | None, content: Mapping[str, Any]) -> Supplement | Step | Ask:
    if seen is not None and seen != case.head:
        raise Rejected("stale", changed="", head=case.head)
    if Supplement.objects.filter(case=case.id, state=Supplement.State.DRAFT).exists():
        raise Rejected("supplement_waits")
    check_known(content)
    content = with_files(content, case_id=case.id, home=settings.NODE)
    _check_complete(case, content)
    at = now()
    supplement = Supplement(
        id=uuid7(),
        case=case.id,
        seen=case.head,
        organ=actor.organ or "" if actor.stands_for is Role.CLERK else "",
        state=Supplement.State.DRAFT,
        content=vault.lock_json(dict(content)),
        made_at=at,
        changed_at=at,
    )
    matter = matter_of_supplement(supplement, content)
    if not matter.signers:
        return move(actor, case.id, Act.SUPPLY, seen=seen, content=content)
    for material in content.get("materials") or ():
        allow(material["digest"], case=case.id, nodes=[])
    supplement.save(force_insert=True)
    ask(actor, matter, case.applicant or case.id)
    return supplement


def _check_complete(case: Case, content: Mapping[str, Any]) -> None:
    """What the home would refuse is refused before anybody signs it. Raises Rejected("invalid")."""
    situation = Situation(
        state=from_json(case.state),
        definition=definition_of(case),
        pattern=Pattern(case.pattern),
        today=today(),
        received_on=legal_date(case.received_at),
    )
    guards.check(Act.SUPPLY, content, situation)


@transaction.atomic
def send_supplement(actor: Actor, supplement_id: UUID) -> Step | Ask:
    """Hand in what all have signed. Raises Rejected("signatures_missing"), and what `move` raises."""
    supplement = _locked(actor, supplement_id)
    content = vault.unlock_json(supplement.content)
    parties = parties_of(matter_of_supplement(supplement, content))
    _close(supplement, Supplement.State.SENT)
    return move(actor, supplement.case, Act.SUPPLY, seen=supplement.seen, content={**content, "parties": parties})


@transaction.atomic
def drop_supplement(actor: Actor, supplement_id: UUID) -> None:
    """Give it up, to fill it in anew. Its files go with the contents of the case."""
    supplement = _locked(actor, supplement_id)
    _close(supplement, Supplement.State.DROPPED)
    Signature.objects.filter(matter=supplement.id).delete()


def _locked(actor: Actor, supplement_id: UUID) -> Supplement:
    """Of a case in which the actor may supply. Raises Rejected("not_found")."""
    found = Supplement.objects.select_for_update().filter(id=supplement_id, state=Supplement.State.DRAFT).first()
    if found is None:
        raise Rejected("not_found")
    if not get_readable(actor, found.case)[1] & SUPPLIERS:
        raise Rejected("not_found")
    return found


def _close(supplement: Supplement, state: str) -> None:
    supplement.state, supplement.content, supplement.changed_at = state, b"", now()
    supplement.save()
