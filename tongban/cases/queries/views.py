"""One case as its page shows it: where it stands, what happened, what can be done now."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, Q

from tongban.base.actor import Actor, Role
from tongban.base.errors import Rejected
from tongban.cases import vault
from tongban.cases.models import Ask, Body, Case, Dossier, Link, Money, Party, Step
from tongban.cases.queries.evidence import lost_bodies
from tongban.cases.queries.relations import allowed_acts, relations
from tongban.cases.rules.bodies import Audience
from tongban.cases.rules.state import State, from_json
from tongban.cases.rules.table import Act, Who

MAY_READ: Mapping[Who, tuple[Audience, ...]] = {
    Who.APPLICANT: (Audience.APPLICANT,),
    Who.RECEIVER: (Audience.RECEIVING,),
    Who.INFORMED: (Audience.DECIDING,),
    Who.OFFICER: (Audience.HOME, Audience.APPLICANT, Audience.DECIDING),
}


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the timeline. said: what the reader may read of the step's bodies.

    documents: kind, number and digest of those that the step made, and of the other organ's that it brings.
    erased: there was something for this reader, and it has been erased by rule since. lost: by a restore from a backup.
    received: who took the papers in, when and where; of the first step alone.
    """

    no: int
    act: str
    status: str
    day: date
    recorded_at: datetime
    by: Mapping[str, Any]
    facts: Mapping[str, Any]
    said: Mapping[str, Any]
    documents: tuple[Mapping[str, str], ...]
    digest: str
    received: Mapping[str, Any] | None
    erased: bool
    lost: bool


@dataclass(frozen=True, slots=True)
class View:
    """dossier: applicant, answers, materials and custody, for the officers of the home alone."""

    case: Case
    state: State
    who: frozenset[Who]
    timeline: tuple[Entry, ...]
    acts: tuple[Act, ...]
    waiting: tuple[Ask, ...]
    dossier: Mapping[str, Any] | None
    money: tuple[Money, ...]
    links: tuple[Link, ...]


def get_view(actor: Actor, case_id: UUID) -> View:
    """Raises Rejected("not_found") for a case that the actor has nothing to do with, as if it were not there."""
    case, who = get_readable(actor, case_id)
    officer = Who.OFFICER in who
    return View(
        case=case,
        state=from_json(case.state),
        who=who,
        timeline=_timeline(case, who),
        acts=allowed_acts(actor, case),
        waiting=tuple(waiting_asks(actor, case_id)),
        dossier=_dossier(case) if officer else None,
        money=tuple(Money.objects.filter(case=case).order_by("id")) if who & {Who.APPLICANT, Who.OFFICER} else (),
        links=tuple(Link.objects.filter(case=case).order_by("id")) if officer else (),
    )


def get_readable(actor: Actor, case_id: UUID) -> tuple[Case, frozenset[Who]]:
    """The case, and in what relation the actor stands to it; nothing personal is read yet.

    Raises Rejected("not_found") for a case that the actor has nothing to do with, as if it were not there.
    """
    case = Case.objects.filter(id=case_id).first()
    if case is None:
        raise Rejected("not_found")
    who = relations(actor, case)
    if not who and actor.role is not Role.AUDITOR:
        raise Rejected("not_found")
    return case, who


def waiting_asks(actor: Actor, case_id: UUID) -> list[Ask]:
    """Asks that wait for the home, or that it has rejected, as far as they concern the actor.

    The receipt of an application may come before the first step: until the case is here, the ask stands for it.
    """
    here = Exists(Case.objects.filter(id=OuterRef("case_id")))
    asks = Ask.objects.filter(case_id=case_id).exclude(here, outcome="taken").order_by("made_at")
    if actor.stands_for is Role.CLERK:
        return list(asks.filter(organ=actor.organ or "-"))
    if actor.subject is None:
        return []
    applies_too = Exists(Party.objects.filter(case=OuterRef("case_id"), person=actor.subject))
    return list(asks.filter(Q(applicant=actor.subject) | Q(applies_too, applicant__isnull=False)))


def find_document(actor: Actor, case_id: UUID, number: str) -> str | None:
    """The page of a numbered document, when the actor may read it. Raises Rejected("erased") when its time is over."""
    view = get_view(actor, case_id)
    for entry in view.timeline:
        if entry.erased and number in {listed["number"] for listed in entry.documents}:
            raise Rejected("erased")
        for paper in (entry.said.get("document"), entry.said.get("co_document")):
            if paper and paper["number"] == number and number in {listed["number"] for listed in entry.documents}:
                return str(paper["html"])
        if entry.lost and number in {listed["number"] for listed in entry.documents}:
            raise Rejected("contents_lost")
    return None


def _timeline(case: Case, who: frozenset[Who]) -> tuple[Entry, ...]:
    steps = list(Step.objects.filter(case=case).order_by("no"))
    audiences = [audience for relation in MAY_READ if relation in who for audience in MAY_READ[relation]]
    said: dict[int, dict[str, Any]] = {}
    held: set[tuple[int, str]] = set()
    for body in Body.objects.filter(step__in=steps, audience__in=audiences).order_by("step_id"):
        content = vault.unlock_json(body.content, place="body")
        said.setdefault(body.step_id, {}).update({key: value for key, value in content.items() if key != "salt"})
        held.add((body.step_id, body.audience))
    named = {(step.pk, audience) for step in steps for audience in set(audiences) & set(step.header.get("bodies", {}))}
    lost = _lost(case, audiences) if named - held and case.erased_at is None else set()
    return tuple(
        Entry(
            no=step.no,
            act=step.act,
            status=step.header["status"],
            day=date.fromisoformat(step.header["legal_date"]),
            recorded_at=step.recorded_at,
            by=step.header.get("by", {}),
            facts=step.header.get("facts", {}),
            said=said.get(step.pk, {}),
            documents=_documents(step.header),
            digest=step.digest,
            received=step.header.get("received"),
            erased=step.no not in lost
            and step.pk not in said
            and not set(audiences).isdisjoint(step.header.get("bodies", {})),
            lost=step.no in lost,
        )
        for step in steps
    )


def _documents(header: Mapping[str, Any]) -> tuple[Mapping[str, str], ...]:
    co_document = header.get("facts", {}).get("co_document")
    return (*header.get("documents", ()), *([co_document] if co_document else ()))


def _lost(case: Case, audiences: list[Audience]) -> set[int]:
    """Numbers of the steps of which a restore took something away that was for this reader."""
    return {number for number, audience in lost_bodies(case) if audience in audiences}


def _dossier(case: Case) -> Mapping[str, Any] | None:
    row = Dossier.objects.filter(case=case).first()
    content: Mapping[str, Any] | None = vault.unlock_json(row.content, place="dossier") if row else None
    return content
