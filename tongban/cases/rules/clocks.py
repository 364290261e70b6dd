"""When things are due: a projection of the state over the home's calendar, never part of a chain.

行政许可法 art. 32 (one notice within 5 days of receipt, silence accepts from the day of receipt), art. 42 (limit and
extension), art. 45 (time not counted); working days by art. 82.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from tongban.base.limits import Limit, Unit
from tongban.calendar.rules import HOURS_OF_A_DAY, Days, add, is_provisional, workdays_between
from tongban.cases.rules.parts import WAITING_STAGES, Part, PartStatus, stage_of
from tongban.cases.rules.state import State
from tongban.cases.rules.table import Act, Status, find_move
from tongban.catalogue.rules.definition import Definition
from tongban.catalogue.rules.flow import Stage
from tongban.catalogue.rules.kinds import LICENCE, Pattern, StageKind

Span = tuple[date, date]


@dataclass(frozen=True, slots=True)
class Due:
    """notice: last day to ask for corrections. decision: promised last day; statutory: the law's. None: does not run.

    part: last day of the stage whose turn it is. provisional: a year's holiday notice is still missing.
    """

    notice: date | None = None
    decision: date | None = None
    statutory: date | None = None
    part: date | None = None
    provisional: bool = False


def due(state: State, definition: Definition, days: Days, *, assist: Stage | None = None) -> Due:
    """The due dates of a case now; of an assist case by the limit of the stage that it decides."""
    if state.status is Status.SUBMITTED and assist is None:
        return _marked(Due(notice=notice_due(state, definition, days)), days)
    if state.suspended:
        return Due()
    if assist is not None and state.status in (Status.SUBMITTED, Status.ACCEPTED) and state.received_on:
        last = add(days, state.received_on, _longer(assist.limit, state, definition, days))
        return _marked(Due(decision=last, statutory=last), days)
    if state.status is not Status.ACCEPTED or state.accepted_on is None:
        return Due()
    return _marked(
        Due(
            decision=add(days, state.accepted_on, _longer(definition.limits.promised, state, definition, days)),
            statutory=add(days, state.accepted_on, _longer(definition.limits.statutory, state, definition, days)),
            part=min((part_due(part, definition, days) for part in state.current_parts), default=None),
        ),
        days,
    )


def notice_due(state: State, definition: Definition, days: Days) -> date | None:
    """The last day for the one correction notice: from receipt, and anew from a supplement or a reopening."""
    start = state.corrected_on or state.received_on
    return add(days, start, definition.limits.notice) if start else None


def is_deemed_accepted(state: State, definition: Definition, pattern: Pattern, days: Days, today: date) -> bool:
    """Whether silence has accepted the case: the notice clock ran out and the item is one where silence accepts.

    pattern: of the case; between organs (协办) silence accepts nothing, whatever the item says.
    """
    if state.status is not Status.SUBMITTED or not definition.limits.silence_accepts:
        return False
    if find_move(Act.DEEM_ACCEPTED, state.status, pattern) is None:
        return False
    last = notice_due(state, definition, days)
    return last is not None and today > last


def part_due(part: Part, definition: Definition, days: Days) -> date:
    """The last day of a stage, or the last day of its waiting time."""
    return add(days, part.opened_on or date.min, stage_of(definition, part).limit)


def waits_over(state: State, definition: Definition, days: Days, today: date) -> frozenset[str]:
    """The parts in 公示 or 冷静期 whose time has fully passed."""
    return frozenset(
        part.id
        for part in state.current_parts
        if stage_of(definition, part).kind in WAITING_STAGES and today > part_due(part, definition, days)
    )


def waits_until(state: State, definition: Definition, days: Days) -> date | None:
    """The last day before a 冷静期 ends by itself, or an application that nobody has followed up lapses.

    None where nothing does, and once the case has ended.
    """
    if state.status is not Status.ACCEPTED or state.suspended:
        return None
    stages = [(part, stage_of(definition, part)) for part in state.current_parts]
    waiting = [part for part, stage in stages if stage.kind is StageKind.COOLING or stage.lapses]
    return max((part_due(part, definition, days) for part in waiting), default=None)


def has_lapsed(state: State, definition: Definition, days: Days, today: date) -> bool:
    """Whether nobody has come within the time after which the application counts as withdrawn."""
    lapsing = [part for part in state.current_parts if stage_of(definition, part).lapses]
    return any(today > part_due(part, definition, days) for part in lapsing)


def excluded(state: State, definition: Definition, days: Days, unit: Unit = Unit.WORKING) -> int:
    """Days that a limit in this unit does not count: closed pauses, stages whose time is not part of it, and the time
    in which only the person's choice was waited for. A day that is left out twice is left out once.

    What still runs is taken at its full limit, so that the date shown does not creep. What was over before the case was
    reopened belongs to the former clock.
    """
    pauses = [(pause.since, pause.until) for pause in state.pauses if pause.until]
    stages = [
        (part.opened_on, part.decided_on or part_due(part, definition, days))
        for part in state.parts
        if part.opened_on and not stage_of(definition, part).counts and not _is_former(part, state)
    ]
    spans = _joined([*pauses, *stages, *_choices(state, definition)])
    return sum(_span(days, unit, start, end) for start, end in spans)


def _choices(state: State, definition: Definition) -> Iterator[Span]:
    """From when nothing but the person's choice was waited for until it was made, at most until the day he was told.

    行政许可法 art. 45 lists what a licence's limit leaves out, and this is not in it: there the time counts.
    """
    if definition.item_type == LICENCE:
        return
    for part in state.parts:
        beside = [other for other in state.parts if other.stage == part.stage]
        if part.answer_by is None or any(other.status is PartStatus.WAITING for other in beside):
            continue
        start = max(other.decided_on for other in beside if other.decided_on)
        end = min(part.answered_on or part.answer_by, part.answer_by)
        if end > start:
            yield start, end


def _joined(spans: Iterable[Span]) -> list[Span]:
    """The same days, each in one span only."""
    found: list[Span] = []
    for start, end in sorted(spans):
        if found and start <= found[-1][1]:
            found[-1] = (found[-1][0], max(found[-1][1], end))
        else:
            found.append((start, end))
    return found


def _is_former(part: Part, state: State) -> bool:
    return bool(part.decided_on and state.accepted_on and part.decided_on < state.accepted_on)


def _span(days: Days, unit: Unit, start: date, end: date) -> int:
    return workdays_between(days, start, end) if unit is Unit.WORKING else (end - start).days


class Pressure(StrEnum):
    """How near a due day is: late, due today, soon, calm; none while no clock runs."""

    LATE = "late"
    TODAY = "today"
    SOON = "soon"
    CALM = "calm"
    NONE = "none"


SOON_DAYS = 2


def pressure(due_day: date | None, today: date, days: Days) -> tuple[Pressure, int]:
    """The pressure, and how many working days are left or, when late, over."""
    if due_day is None:
        return Pressure.NONE, 0
    if today > due_day:
        return Pressure.LATE, workdays_between(days, due_day, today)
    left = workdays_between(days, today, due_day)
    if today == due_day:
        return Pressure.TODAY, 0
    return (Pressure.SOON if left <= SOON_DAYS else Pressure.CALM), left


def _longer(limit: Limit, state: State, definition: Definition, days: Days) -> Limit:
    extra = excluded(state, definition, days, limit.unit) + state.extension
    return Limit(limit.count + (extra * HOURS_OF_A_DAY if limit.unit is Unit.HOURS else extra), limit.unit)


def _marked(dates: Due, days: Days) -> Due:
    known = [day for day in (dates.notice, dates.decision, dates.statutory, dates.part) if day]
    provisional = any(is_provisional(days, day) for day in known)
    return Due(dates.notice, dates.decision, dates.statutory, dates.part, provisional)
