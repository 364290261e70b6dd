"""What this node tells another of looks at cases that both hold."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from operator import or_
from uuid import UUID

from django.conf import settings
from django.db.models import Q
from django.utils import timezone

from tongban.base.actor import system
from tongban.cases.models import Case
from tongban.cases.queries.following import assists_here, followed_by, persons_of
from tongban.journal.models import Entry
from tongban.journal.queries import looks_in
from tongban.looks.rules import MAY_NOT_ASK, MOST_LOOKS, SETTLED, Look, OfCase, Question, digest_of_person, mark_of
from tongban.orgs.queries import organ_names
from tongban.people.queries import find_people, reveal

LARGEST = 2**63 - 1


@dataclass(frozen=True, slots=True)
class Matter:
    """A case that is asked about, as this node holds it. cases: itself and what is done for it here (协办)."""

    id: UUID
    cases: frozenset[UUID]
    persons: frozenset[UUID]
    may_ask: bool
    believed: bool


def told_to(peer: str, question: Question) -> list[OfCase]:
    """One answer for each case of the question, in its order, at most so many looks in all.

    A case is told of only to its home and its followers, and only for a person who applies there. Where it is not known
    here who applies, the home and the node that received are believed.
    """
    matters = _matters(peer, question.cases)
    fitting = _fitting(question, {person for matter in matters.values() for person in matter.persons})
    allowed = {
        case: matter
        for case, matter in matters.items()
        if matter.may_ask and (matter.persons & fitting or (not matter.persons and matter.believed))
    }
    rows = _rows(allowed, question.cases) if allowed else []
    found = _told(allowed, question.cases, rows)
    return [found.get(case, OfCase(case, refused=MAY_NOT_ASK)) for case in question.cases]


def _matters(peer: str, wanted: Collection[UUID]) -> dict[UUID, Matter]:
    held = Case.objects.in_bulk(wanted)
    followed = followed_by(peer, held.values())
    assists = assists_here(wanted)
    persons = persons_of([*held.values(), *assists])
    found = {}
    for case_id in wanted:
        case = held.get(case_id)
        here = [assist for assist in assists if assist.lead == case_id]
        of_lead = any(assist.lead_node == peer for assist in here)
        cases = {assist.id for assist in here} | ({case_id} if case else set())
        found[case_id] = Matter(
            id=case_id,
            cases=frozenset(cases),
            persons=frozenset[UUID]().union(*(persons[one] for one in cases)),
            may_ask=case_id in followed or of_lead,
            believed=case is not None and peer in (case.home, case.receiving_node),
        )
    return found


def _fitting(question: Question, persons: Collection[UUID]) -> set[UUID]:
    """Those of the persons whose number is the one in the question."""
    me = system(settings.NODE)
    numbers = {person.id: reveal(me, person).id_number for person in find_people(me, persons).values()}
    return {person for person, number in numbers.items() if digest_of_person(number, question.salt) == question.person}


def _rows(allowed: Mapping[UUID, Matter], after: Mapping[UUID, str]) -> list[Entry]:
    """The oldest first, one more than are told; a look at a case whose applicant is not known goes by the case's id."""
    cases = frozenset[UUID]().union(*(matter.cases for matter in allowed.values()))
    subjects = cases.union(*(matter.persons for matter in allowed.values()))
    begin = reduce(or_, (Q(case__in=matter.cases, id__gt=_number(after[case])) for case, matter in allowed.items()))
    found = looks_in(system(settings.NODE), cases=cases, subjects=subjects).filter(begin)
    return list(found.order_by("id")[: MOST_LOOKS + 1])


def _told(allowed: Mapping[UUID, Matter], after: Mapping[UUID, str], rows: Sequence[Entry]) -> dict[UUID, OfCase]:
    more, rows = len(rows) > MOST_LOOKS, rows[:MOST_LOOKS]
    organs = organ_names({row.organ for row in rows})
    settled = timezone.now() - SETTLED
    found = {}
    for case, matter in allowed.items():
        of_case = [row for row in rows if row.case in matter.cases]
        last = max((row.pk for row in of_case if row.at < settled), default=None)
        found[case] = OfCase(
            case,
            looks=tuple(_look(row, organs) for row in of_case),
            after=str(last) if last is not None else after[case],
            more=more,
        )
    return found


def _look(row: Entry, organs: Mapping[str, str]) -> Look:
    return Look(
        id=str(row.pk),
        at=row.at,
        role=row.role,
        organ=organs.get(row.organ, row.organ),
        officer=mark_of(row.actor),
        what=row.what,
        purpose=row.purpose,
    )


def _number(after: str) -> int:
    """Where to go on; what is no number of ours means from the beginning."""
    known = after.isascii() and after.isdigit() and len(after) < 20 and int(after) <= LARGEST
    return int(after) if known else 0
