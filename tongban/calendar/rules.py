"""Counting days as the law counts them.

A limit runs from the day after the day that starts it; a limit in natural days that ends on a day off ends on the next
working day (Civil Code art. 201 and 203). Days in working days leave out holidays and days off (行政许可法 art. 82).
"""

import csv
import io
from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta

from tongban.base.limits import Limit, Unit
from tongban.base.words import say

ONE_DAY = timedelta(days=1)
HOURS_OF_A_DAY = 24
MONTHS_OF_A_YEAR = 12
LONGEST_HOLIDAY = 12


@dataclass(frozen=True, slots=True)
class Days:
    """What the notices say, against the ordinary week of five days.

    holidays: days off by a notice, week-ends inside them included. workdays: week-end days worked in exchange.
    noticed_years: years whose notice is loaded; a day of any other year is provisional.
    """

    holidays: frozenset[date]
    workdays: frozenset[date]
    noticed_years: frozenset[int]


def is_workday(days: Days, day: date) -> bool:
    if day in days.workdays:
        return True
    return day not in days.holidays and day.isoweekday() <= 5


def is_provisional(days: Days, day: date) -> bool:
    """Whether the year's notice is not out yet, so that a due date on this day may still move."""
    return day.year not in days.noticed_years


def add_workdays(days: Days, start: date, n: int) -> date:
    """The n-th working day after the start; the start itself when n is 0."""
    day = start
    while n > 0:
        day += ONE_DAY
        n -= is_workday(days, day)
    return day


def next_workday(days: Days, day: date) -> date:
    """The day itself when it is worked, else the first one after it that is."""
    while not is_workday(days, day):
        day += ONE_DAY
    return day


def add(days: Days, start: date, limit: Limit) -> date:
    """The last day of a limit that starts to run on the day after `start`.

    Limits in hours are counted by the calendar day on which they end; who needs the hour adds it to the moment.
    """
    if limit.unit is Unit.WORKING:
        return add_workdays(days, start, limit.count)
    if limit.unit is Unit.HOURS:
        return start + timedelta(days=-(-limit.count // HOURS_OF_A_DAY))
    if limit.count == 0:
        return start
    if limit.unit is Unit.NATURAL:
        return next_workday(days, start + timedelta(days=limit.count))
    return next_workday(days, _months_later(start, limit.count * (MONTHS_OF_A_YEAR if limit.unit is Unit.YEARS else 1)))


def _months_later(start: date, months: int) -> date:
    """The same day so many months later, or the last day of that month. 民法典 art. 202."""
    years, month = divmod(start.month - 1 + months, MONTHS_OF_A_YEAR)
    year = start.year + years
    return date(year, month + 1, min(start.day, monthrange(year, month + 1)[1]))


def workdays_between(days: Days, start: date, end: date) -> int:
    """How many working days lie after `start` up to and including `end`; negative when `end` comes first."""
    if end < start:
        return -workdays_between(days, end, start)
    return sum(is_workday(days, start + timedelta(days=n)) for n in range(1, (end - start).days + 1))


@dataclass(frozen=True, slots=True)
class Notice:
    """One holiday of a yearly notice: off from first to last, both included, and the days worked in exchange."""

    year: int
    name: str
    first: date
    last: date
    worked_instead: tuple[date, ...]
    source: str


@dataclass(frozen=True, slots=True)
class SpecialDay:
    """A day that differs from the ordinary week."""

    date: date
    year: int
    is_workday: bool
    name: str
    source: str
    provisional: bool


def special_days(notice: Notice) -> list[SpecialDay]:
    """The days a notice sets apart. Raises ValueError when it contradicts itself."""
    length = (notice.last - notice.first).days + 1
    off = [notice.first + timedelta(days=n) for n in range(length)]
    if not off or length > LONGEST_HOLIDAY or set(off) & set(notice.worked_instead):
        raise ValueError(f"{notice.year} {notice.name}: {notice.first} to {notice.last} is not a holiday")
    worked = say("day.worked", name=notice.name)
    return [SpecialDay(day, notice.year, False, notice.name, notice.source, False) for day in off] + [
        SpecialDay(day, notice.year, True, worked, notice.source, False) for day in notice.worked_instead
    ]


def parse_notices(text: str) -> list[Notice]:
    """Read the columns year, name, first, last, worked_instead (dates separated by spaces), source.

    Raises ValueError naming the line.
    """
    found = []
    for line, row in enumerate(csv.DictReader(io.StringIO(text)), start=2):
        try:
            found.append(_notice(row))
        except (KeyError, TypeError, ValueError) as error:
            raise ValueError(f"line {line}: {error}") from error
    return found


def _notice(row: dict[str, str]) -> Notice:
    notice = Notice(
        year=int(row["year"]),
        name=row["name"],
        first=date.fromisoformat(row["first"]),
        last=date.fromisoformat(row["last"]),
        worked_instead=tuple(date.fromisoformat(day) for day in row["worked_instead"].split()),
        source=row["source"],
    )
    special_days(notice)
    return notice
