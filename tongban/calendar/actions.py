"""Change what this node knows about days: notices, the years still without one, and the clock of a demo."""

import time
from collections.abc import Sequence
from datetime import date, timedelta

import holidays
from django.conf import settings
from django.db import transaction

from tongban.base.actor import Actor, Role
from tongban.base.errors import Rejected
from tongban.base.words import say
from tongban.calendar.models import Day, TestClock, Version
from tongban.calendar.rules import Notice, SpecialDay, special_days

FURTHEST = timedelta(days=20 * 366)
LONGEST_NAME = 40


@transaction.atomic
def load_notices(actor: Actor, *, notices: Sequence[Notice]) -> bool:
    """Put the days of these notices in the place of whatever was known about their years.

    True when anything changed. Raises Rejected("not_allowed") for anybody but the operator and the node itself.
    """
    _only_operator(actor)
    wanted = {day.date: day for notice in notices for day in special_days(notice)}
    return _replace({notice.year for notice in notices}, list(wanted.values()))


@transaction.atomic
def recompute(actor: Actor, *, through: int) -> bool:
    """Fill the years after the last notice, up to `through`, with the statutory holidays as provisional days.

    True when anything changed; a year whose notice has come in since loses its provisional days by `load_notices`.
    """
    _only_operator(actor)
    last = Day.objects.filter(provisional=False).order_by("-year").values_list("year", flat=True).first()
    if last is None:
        raise Rejected("no_calendar_notice")
    years = range(last + 1, through + 1)
    kept = set(Day.objects.filter(provisional=False).values_list("date", flat=True))
    return _replace(set(years), [day for year in years for day in statutory_days(year) if day.date not in kept])


@transaction.atomic
def shift_clock(actor: Actor, *, days: int = 0, hours: int = 0) -> None:
    """Move this node's clock, in demo and test mode only, by the operator only.

    The clock never goes back: what happened stays before what happens; nor further than twenty years, beyond which no
    year of the calendar is known.
    """
    if not settings.DEMO:
        raise Rejected("clock_is_real")
    _only_operator(actor)
    step = timedelta(days=days, hours=hours)
    if step < timedelta(0):
        raise Rejected("clock_goes_forward")
    clock, made = TestClock.objects.select_for_update().get_or_create(id=1, defaults={"offset": step})
    ahead = step if made else clock.offset + step
    if ahead > FURTHEST:
        raise Rejected("clock_too_far")
    if not made:
        TestClock.objects.filter(id=1).update(offset=ahead)


def statutory_days(year: int) -> list[SpecialDay]:
    """The holidays that the law gives to everybody in a year, with the days observed in their stead."""
    found = holidays.country_holidays("CN", years=year, language="zh_CN")
    source = say("day.source")
    return [
        SpecialDay(day, year, False, say("day.expected", name=name)[:LONGEST_NAME], source, True)
        for day, name in sorted(found.items())
        if isinstance(day, date)
    ]


def _only_operator(actor: Actor) -> None:
    if actor.role not in (Role.OPERATOR, Role.SYSTEM):
        raise Rejected("not_allowed")


def _replace(years: set[int], wanted: Sequence[SpecialDay]) -> bool:
    rows = [_row(day) for day in wanted]
    Version.objects.get_or_create(id=1)
    Version.objects.select_for_update().get(id=1)
    before = {_values(row) for row in Day.objects.filter(year__in=years)}
    if before == {_values(row) for row in rows}:
        return False
    Day.objects.filter(year__in=years).delete()
    Day.objects.filter(date__in=[row.date for row in rows], provisional=True).delete()
    Day.objects.bulk_create(rows)
    Version.objects.filter(id=1).update(number=time.time_ns() // 1000)
    return True


def _row(day: SpecialDay) -> Day:
    return Day(
        date=day.date,
        year=day.year,
        is_workday=day.is_workday,
        name=day.name,
        source=day.source,
        provisional=day.provisional,
    )


def _values(row: Day) -> tuple[date, int, bool, str, str, bool]:
    return (row.date, row.year, row.is_workday, row.name, row.source, row.provisional)
