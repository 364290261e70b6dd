"""One door for whoever acts on a case without caring where its home is."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction

from tongban.base.actor import Actor, Role
from tongban.base.errors import Rejected
from tongban.cases.actions.asking import send_ask
from tongban.cases.actions.supplying import with_files
from tongban.cases.actions.taking import check_plain, take
from tongban.cases.models import Ask, Case, Step
from tongban.cases.queries.relations import party_number, relations
from tongban.cases.rules.contents import check_known
from tongban.cases.rules.table import FROM_AFAR, Act, Who

ASKING = frozenset({Who.APPLICANT, Who.RECEIVER})


@transaction.atomic
def move(actor: Actor, case_id: UUID, act: Act, *, seen: int | None, content: Mapping[str, Any]) -> Step | Ask:
    """Do the act at the home, or ask the home for it. Raises what `take` raises."""
    check_known(content)
    content = _as_party(actor, case_id, act, content)
    case = Case.objects.filter(id=case_id).first()
    if case and case.is_home:
        if act is Act.SUPPLY:
            content = with_files(content, case_id=case_id, home=case.home)
        return take(actor, case_id, act, seen=seen, content=content)
    there = _elsewhere(actor, case_id, case)
    if act not in FROM_AFAR or act is Act.OPEN:
        raise Rejected("not_allowed")
    if case and seen is not None and seen != case.head:
        raise Rejected("stale", changed="", head=case.head)
    check_plain(content)
    if act is Act.SUPPLY:
        content = with_files(content, case_id=case_id, home=there.home)
    return send_ask(
        actor,
        case_id,
        act,
        home=there.home,
        # Only a supplement rests on what was seen; a withdrawal or a movement of papers holds whatever came between.
        seen=seen if act is Act.SUPPLY else None,
        content=content,
        applicant=there.applicant,
        organ=there.organ,
    )


def _as_party(actor: Actor, case_id: UUID, act: Act, content: Mapping[str, Any]) -> Mapping[str, Any]:
    """Which of those who apply together withdraws, by his log-in and not by what he says."""
    content = {name: value for name, value in content.items() if name != "party"}
    number = party_number(actor, case_id) if act is Act.WITHDRAW else 1
    return content if number == 1 else {**content, "party": number}


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """A home elsewhere, and for whom of this node it is asked."""

    home: str
    applicant: UUID | None
    organ: str


def _elsewhere(actor: Actor, case_id: UUID, case: Case | None) -> Elsewhere:
    """By the copy, or by what was asked when there is none yet; a transferred case's successor was never asked for.

    What was found is locked, so that two asks of one case are brought in the order in which they were written.
    Raises Rejected("not_found") where it is none of the actor's business.
    """
    if case is not None and relations(actor, case) & ASKING:
        Case.objects.select_for_update().get(id=case.id)
        return Elsewhere(case.home, actor.subject or case.applicant, case.receiving_organ)
    opening = Ask.objects.select_for_update().filter(case_id=case_id, act=Act.OPEN).first()
    if opening is None or not _concerns(actor, opening):
        raise Rejected("not_found")
    return Elsewhere(opening.home, opening.applicant, opening.organ)


def _concerns(actor: Actor, opening: Ask) -> bool:
    """Whether the person, or the counter that received, asks for its own."""
    if actor.stands_for is Role.CLERK:
        return bool(opening.organ) and actor.organ == opening.organ and actor.node == settings.NODE
    return actor.stands_for is Role.APPLICANT and actor.subject is not None and actor.subject == opening.applicant
