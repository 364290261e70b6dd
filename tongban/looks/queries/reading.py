"""Who looked at the cases of a person: the rows of this node's journal and what other nodes have told, as one list."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db.models import Exists, F, OuterRef, Q, QuerySet, Window
from django.db.models.functions import RowNumber

from tongban.base.actor import Actor, system
from tongban.base.errors import Rejected
from tongban.cases.models import Case
from tongban.cases.queries import my_cases
from tongban.cases.queries.following import assists_here, persons_of
from tongban.journal.models import Entry
from tongban.journal.queries import looks_at, looks_in
from tongban.looks.models import Inquiry, Told
from tongban.looks.rules import Position, mark_of
from tongban.orgs.queries import organ_names

HERE, ELSEWHERE = 0, 1


@dataclass(frozen=True, slots=True)
class Line:
    """One look. organ: its name, empty where it was none of an organ. officer: the mark of who it was."""

    position: Position
    node: str
    role: str
    organ: str
    officer: str
    what: str
    purpose: str
    case: UUID | None


@dataclass(frozen=True, slots=True)
class Source:
    """How another node stands with its answer about a case.

    answered_at: when it answered last. answered: to the last question. more: it has more to tell than it could at once.
    """

    node: str
    answered_at: datetime | None
    answered: bool
    more: bool


def newest_lines(actor: Actor, cases: Sequence[Case], *, most: int) -> dict[UUID, list[Line]]:
    """Of each of these cases of the actor the newest looks, the newest first, at most so many."""
    _only_of(actor)
    local = _local(cases)
    rank = Window(RowNumber(), partition_by=F("case"), order_by=[F("at").desc(), F("id").desc()])
    here = _here(cases, local).annotate(rank=rank).filter(rank__lte=most)
    there = Told.objects.filter(case__in=[case.id for case in cases]).annotate(rank=rank).filter(rank__lte=most)
    found: dict[UUID, list[Line]] = {case.id: [] for case in cases}
    for line in [*_lines_here(here, local), *_lines_there(there)]:
        if line.case is not None:
            found[line.case].append(line)
    return {case: _newest_first(lines)[:most] for case, lines in found.items()}


def further_lines(actor: Actor, case: Case, *, after: Position | None, most: int) -> list[Line]:
    """The looks at one case of the actor from a position on, the newest first, at most so many."""
    _only_of(actor)
    local = _local([case])
    here = _beyond(_here([case], local), after, HERE)
    there = _beyond(Told.objects.filter(case=case.id), after, ELSEWHERE)
    lines = [*_lines_here(here[:most], local), *_lines_there(there[:most])]
    return _newest_first(lines)[:most]


def other_lines(actor: Actor, *, most: int) -> list[Line]:
    """Looks at the actor at this node that belong to none of his cases: an account, an application on its way."""
    subject = _only_of(actor)
    his = my_cases(actor).order_by().filter(id=OuterRef("case"))
    return _lines_here(looks_at(actor, subject).filter(~Exists(his))[:most], {})


def sources_of(cases: Sequence[Case]) -> dict[UUID, list[Source]]:
    """Case -> every other node that was asked about it (`actions.ask_around`), with how its answer stands."""
    found: dict[UUID, list[Source]] = {case.id: [] for case in cases}
    for row in Inquiry.objects.filter(case__in=found).order_by("node"):
        answered = row.asked_at is not None and row.answered_at is not None and row.answered_at >= row.asked_at
        found[row.case].append(Source(row.node, row.answered_at, answered=answered, more=row.more))
    return found


def _only_of(actor: Actor) -> UUID:
    """Raises Rejected("not_found") for who is no person."""
    if actor.subject is None:
        raise Rejected("not_found")
    return actor.subject


def _local(cases: Sequence[Case]) -> dict[UUID, UUID]:
    """Case whose looks lie here -> the case that the person knows: itself, or the lead of an assist case."""
    known = {case.id: case.id for case in cases}
    return known | {assist.id: assist.lead for assist in assists_here(known) if assist.lead}


def _here(cases: Sequence[Case], local: Mapping[UUID, UUID]) -> QuerySet[Entry]:
    persons = {person for people in persons_of(cases).values() for person in people}
    return looks_in(system(settings.NODE), cases=local, subjects=persons)


def _beyond(rows: QuerySet[Any], after: Position | None, source: int) -> QuerySet[Any]:
    if after is not None:
        rows = rows.filter(_older(after, source), at__lte=after.at)
    return rows.order_by("-at", "-id")


def _older(after: Position, source: int) -> Q:
    older = Q(at__lt=after.at)
    if source == after.source:
        return older | Q(at=after.at, id__lt=after.row)
    return older | Q(at=after.at) if source < after.source else older


def _newest_first(lines: Iterable[Line]) -> list[Line]:
    return sorted(lines, key=lambda line: line.position, reverse=True)


def _lines_here(rows: Iterable[Entry], local: Mapping[UUID, UUID]) -> list[Line]:
    found = list(rows)
    organs = organ_names({row.organ for row in found})
    return [
        Line(
            position=Position(row.at, HERE, row.pk),
            node=settings.NODE,
            role=row.role,
            organ=organs.get(row.organ, row.organ),
            officer=mark_of(row.actor),
            what=row.what,
            purpose=row.purpose,
            case=local.get(row.case) if row.case else None,
        )
        for row in found
    ]


def _lines_there(rows: Iterable[Told]) -> list[Line]:
    return [
        Line(
            position=Position(row.at, ELSEWHERE, row.pk),
            node=row.node,
            role=row.role,
            organ=row.organ,
            officer=row.officer,
            what=row.what,
            purpose=row.purpose,
            case=row.case,
        )
        for row in rows
    ]
