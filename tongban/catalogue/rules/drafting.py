"""How a standard is drafted together: who may do what when, and what the lead unit has still to settle.

One table says it; the pages' buttons, the check and the tests read it.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from tongban.base.errors import Rejected

DRAFT, REVIEW, OPINION = "item_draft", "item_review", "item_opinion"
RIGHTS = (DRAFT, REVIEW, OPINION)
"""Named in a grant one by one: who may do every act of a case does not thereby change the standards."""

FEWEST_DAYS, USUAL_DAYS, MOST_DAYS = 3, 10, 30
LONGEST_SAID, LONGEST_REASON = 1000, 100
"""The reason for which a draft is sent stands in the public change log, with the offices behind it."""
FURTHEST = timedelta(days=366)
LONGEST_TEXT = 200_000


class Status(StrEnum):
    DRAFTING = "drafting"
    REVIEWING = "reviewing"
    CONSULTING = "consulting"
    SCHEDULED = "scheduled"
    PUBLISHED = "published"
    WITHDRAWN = "withdrawn"


class Act(StrEnum):
    """record: an opinion that came in writing. deem: silence is taken as consent. fail: it could not be published."""

    BEGIN = "begin"
    SAVE = "save"
    SEND = "send"
    RETURN = "return"
    CONSULT = "consult"
    OPINE = "opine"
    RECORD = "record"
    DEEM = "deem"
    ANSWER = "answer"
    SCHEDULE = "schedule"
    WITHDRAW = "withdraw"
    PUBLISH = "publish"
    FAIL = "fail"


class Who(StrEnum):
    """drafter: of the organ that drafts. lead, unit: of the lead unit's organ, of a co-operating one's."""

    DRAFTER = "drafter"
    LEAD = "lead"
    UNIT = "unit"
    NODE = "node"


class Verdict(StrEnum):
    """What a unit says; what the lead unit answers to remarks and objections."""

    AGREE = "agree"
    REMARKS = "remarks"
    OBJECT = "object"
    ADOPTED = "adopted"
    DECLINED = "declined"


OPINIONS = (Verdict.AGREE, Verdict.REMARKS, Verdict.OBJECT)
ANSWERS = (Verdict.ADOPTED, Verdict.DECLINED)
OPEN = (Status.DRAFTING, Status.REVIEWING, Status.CONSULTING, Status.SCHEDULED)


@dataclass(frozen=True, slots=True)
class Move:
    """An act: from which statuses, to which (None: it stays), by whom."""

    act: Act
    before: tuple[Status, ...]
    after: Status | None
    who: Who


_SETTLING = (Status.REVIEWING, Status.CONSULTING)
TABLE = (
    Move(Act.SAVE, (Status.DRAFTING,), None, Who.DRAFTER),
    Move(Act.SEND, (Status.DRAFTING,), Status.REVIEWING, Who.DRAFTER),
    Move(Act.OPINE, (Status.CONSULTING,), None, Who.UNIT),
    Move(Act.RECORD, (Status.CONSULTING,), None, Who.LEAD),
    Move(Act.DEEM, (Status.CONSULTING,), None, Who.LEAD),
    Move(Act.ANSWER, _SETTLING, None, Who.LEAD),
    Move(Act.CONSULT, (Status.REVIEWING,), Status.CONSULTING, Who.LEAD),
    Move(Act.SCHEDULE, (*_SETTLING, Status.SCHEDULED), Status.SCHEDULED, Who.LEAD),
    Move(Act.RETURN, (*_SETTLING, Status.SCHEDULED), Status.DRAFTING, Who.LEAD),
    Move(Act.WITHDRAW, OPEN, Status.WITHDRAWN, Who.DRAFTER),
    Move(Act.PUBLISH, (Status.SCHEDULED,), Status.PUBLISHED, Who.NODE),
    Move(Act.FAIL, (Status.SCHEDULED,), Status.DRAFTING, Who.NODE),
)
MOVES: Mapping[Act, Move] = {move.act: move for move in TABLE}


@dataclass(frozen=True, slots=True)
class Part:
    """What somebody is to a draft. units: co-operating units that he speaks for. author: he wrote in it."""

    who: frozenset[Who]
    units: tuple[str, ...] = ()
    author: bool = False


@dataclass(frozen=True, slots=True)
class Taken:
    """A step that says an opinion or settles one. answers: number of the step it answers."""

    no: int
    act: Act
    round: int
    unit: str = ""
    verdict: str = ""
    answers: int | None = None
    said: str = ""
    on: date | None = None


@dataclass(frozen=True, slots=True)
class Position:
    """Where a co-operating unit stands in a round.

    standing: waiting, overdue, deemed, or the verdict. late: it spoke after the due day. answer: of the lead unit.
    """

    unit: str
    standing: str
    late: bool = False
    spoken: Taken | None = None
    answer: Taken | None = None

    @property
    def is_silent(self) -> bool:
        return self.spoken is None

    @property
    def wants_answer(self) -> bool:
        return self.standing in (Verdict.REMARKS, Verdict.OBJECT) and self.answer is None


def units_of(text: str) -> tuple[str, ...]:
    """The co-operating units of a base item, as the plan lists them."""
    return tuple(unit.strip() for unit in text.split("、") if unit.strip())


def possible(status: Status, part: Part) -> tuple[Act, ...]:
    """The acts that are open to somebody now, in the order of the table."""
    return tuple(move.act for move in TABLE if status in move.before and move.who in part.who and _is_open(move, part))


def _is_open(move: Move, part: Part) -> bool:
    return move.who in (Who.DRAFTER, Who.NODE) or not part.author


def check(act: Act, status: Status, part: Part) -> Move:
    """Raises Rejected("not_allowed"), ("own_draft"): nobody passes what he wrote, or ("draft_not_now")."""
    move = MOVES.get(act)
    if move is None or move.who not in part.who:
        raise Rejected("not_allowed")
    if not _is_open(move, part):
        raise Rejected("own_draft")
    if status not in move.before:
        raise Rejected("draft_not_now", act=act, status=status)
    return move


def positions(
    units: Sequence[str], steps: Iterable[Taken], *, round_no: int, day: date, due: date | None
) -> tuple[Position, ...]:
    """Where each co-operating unit stands in a round on the day; none before the first one."""
    if not round_no:
        return ()
    taken = [step for step in steps if step.round == round_no]
    spoken = {step.unit: step for step in taken if step.act in (Act.OPINE, Act.RECORD, Act.DEEM)}
    answers = {step.answers: step for step in taken if step.act is Act.ANSWER}
    return tuple(_position(unit, spoken.get(unit), answers, day=day, due=due) for unit in units)


def _position(
    unit: str, step: Taken | None, answers: Mapping[int | None, Taken], *, day: date, due: date | None
) -> Position:
    if step is None:
        return Position(unit, "overdue" if due is not None and day > due else "waiting")
    standing = "deemed" if step.act is Act.DEEM else step.verdict
    late = due is not None and step.on is not None and step.on > due and step.act is not Act.DEEM
    return Position(unit, standing, late, step, answers.get(step.no))


def obstacle(found: Collection[Position], *, changed: bool, units: Collection[str], round_no: int, said: str) -> str:
    """Why no date can be set yet, as a reason code; empty when it can.

    changed: whether the text is another than the one the units were asked about. said: the lead unit's reason.
    """
    if units and not round_no:
        return "units_not_asked"
    if any(position.is_silent for position in found):
        return "opinions_missing"
    if any(position.wants_answer for position in found):
        return "opinions_unanswered"
    adopted = any(position.answer and position.answer.verdict == Verdict.ADOPTED for position in found)
    if adopted and not changed:
        return "adopted_not_done"
    if round_no and changed and not said:
        return "say_why_not_again"
    return ""


@dataclass(frozen=True, slots=True)
class Given:
    """What comes with a step. days: working days that the units have. on: the day of publication."""

    said: str = ""
    unit: str = ""
    verdict: str = ""
    answers: int | None = None
    days: int | None = None
    on: date | None = None


_SPEAKING = (Act.OPINE, Act.RECORD, Act.DEEM)
_REASONED = (Act.SEND, Act.RETURN, Act.WITHDRAW, Act.RECORD, Act.DEEM)


def check_given(act: Act, given: Given, *, part: Part, again: bool, day: date) -> Given:
    """What is said, tidied, and only as far as the act needs it. again: another day than the one set before.

    Raises Rejected("invalid", fields=…).
    """
    kept = _kept(act, given, part)
    wrong = dict(_wrong(act, kept, again=again, day=day))
    if wrong:
        raise Rejected("invalid", fields=wrong)
    return kept


def _kept(act: Act, given: Given, part: Part) -> Given:
    """Who speaks for one unit alone need not name it."""
    unit = given.unit or (part.units[0] if act is Act.OPINE and len(part.units) == 1 else "")
    return Given(
        said=given.said.replace("\r\n", "\n").strip(),
        unit=unit if act in _SPEAKING else "",
        verdict=given.verdict if act in (Act.OPINE, Act.RECORD, Act.ANSWER) else "",
        answers=given.answers if act is Act.ANSWER else None,
        days=given.days if act is Act.CONSULT else None,
        on=given.on if act is Act.SCHEDULE else None,
    )


def _wrong(act: Act, given: Given, *, again: bool, day: date) -> Iterator[tuple[str, str]]:
    wordless = given.verdict in (Verdict.REMARKS, Verdict.OBJECT, Verdict.DECLINED)
    if not given.said and (act in _REASONED or wordless or (act is Act.SCHEDULE and again)):
        yield "said", "required"
    if len(given.said) > (LONGEST_REASON if act is Act.SEND else LONGEST_SAID) or "\0" in given.said:
        yield "said", "said_too_long"
    if act in _SPEAKING and not given.unit:
        yield "unit", "required"
    if act in (Act.OPINE, Act.RECORD) and given.verdict not in OPINIONS:
        yield "verdict", "required"
    if act is Act.ANSWER and given.verdict not in ANSWERS:
        yield "verdict", "required"
    if act is Act.CONSULT and not (given.days and FEWEST_DAYS <= given.days <= MOST_DAYS):
        yield "days", "consulting_days"
    if act is Act.SCHEDULE and not (given.on and day <= given.on <= day + FURTHEST):
        yield "on", "publishing_day"
