from datetime import date, timedelta
from pathlib import Path

import holidays
import pytest
from hypothesis import given
from hypothesis import strategies as some

from tongban.base.limits import Limit, Unit, parse_limit
from tongban.calendar.rules import (
    Days,
    add,
    add_workdays,
    is_provisional,
    is_workday,
    next_workday,
    parse_notices,
    special_days,
    workdays_between,
)

NOTICES = Path(__file__).resolve().parents[2] / "data" / "calendar" / "notices.csv"


def noticed() -> Days:
    found = [day for notice in parse_notices(NOTICES.read_text("utf-8")) for day in special_days(notice)]
    return Days(
        holidays=frozenset(day.date for day in found if not day.is_workday),
        workdays=frozenset(day.date for day in found if day.is_workday),
        noticed_years=frozenset(day.year for day in found),
    )


DAYS = noticed()
PLAIN = Days(frozenset(), frozenset(), frozenset())
dates = some.dates(min_value=date(2019, 1, 1), max_value=date(2026, 6, 30))
counts = some.integers(min_value=0, max_value=60)


@pytest.mark.parametrize(
    ("day", "worked"),
    [
        ("2026-01-01", False),
        ("2026-01-04", True),
        ("2026-02-14", True),
        ("2026-02-15", False),
        ("2026-02-23", False),
        ("2026-02-24", True),
        ("2026-02-28", True),
        ("2026-05-09", True),
        ("2026-09-20", True),
        ("2026-10-07", False),
        ("2026-10-10", True),
        ("2026-11-21", False),
        ("2026-11-23", True),
        ("2022-12-31", False),
        ("2020-01-31", False),
        ("2020-02-01", False),
        ("2020-02-03", True),
        ("2019-05-05", True),
    ],
)
def test_the_notices_say_which_days_are_worked(day, worked):
    assert is_workday(DAYS, date.fromisoformat(day)) is worked


@pytest.mark.parametrize("year", range(2019, 2027))
def test_every_day_of_a_noticed_year_agrees_with_an_independent_calendar(year):
    other = holidays.country_holidays("CN", years=[year, year + 1])
    day = date(year, 1, 1)
    while day.year == year:
        assert is_workday(DAYS, day) is other.is_working_day(day), day
        day += timedelta(days=1)


@pytest.mark.parametrize(
    ("start", "limit", "end"),
    [
        ("2026-11-23", "0 working", "2026-11-23"),
        ("2026-11-23", "5 working", "2026-11-30"),
        ("2026-11-20", "1 working", "2026-11-23"),
        ("2026-02-13", "1 working", "2026-02-14"),
        ("2026-02-14", "1 working", "2026-02-24"),
        ("2026-09-30", "5 working", "2026-10-13"),
        ("2026-11-23", "30 natural", "2026-12-23"),
        ("2026-09-01", "30 natural", "2026-10-08"),
        ("2026-11-23", "5 natural", "2026-11-30"),
        ("2026-11-23", "0 natural", "2026-11-23"),
        ("2026-11-23", "48 hours", "2026-11-25"),
        ("2026-11-23", "1 hours", "2026-11-24"),
    ],
)
def test_a_limit_runs_from_the_day_after_and_ends_as_the_law_says(start, limit, end):
    assert add(DAYS, date.fromisoformat(start), parse_limit(limit)) == date.fromisoformat(end)


def test_a_year_without_a_notice_is_provisional():
    assert is_provisional(DAYS, date(2027, 1, 4))
    assert not is_provisional(DAYS, date(2026, 12, 31))


def test_without_notices_the_week_has_five_days():
    assert [is_workday(PLAIN, date(2026, 11, 23) + timedelta(days=n)) for n in range(7)] == [True] * 5 + [False] * 2


@given(start=dates, count=counts)
def test_a_limit_in_working_days_ends_on_a_working_day_that_many_days_on(start, count):
    end = add_workdays(DAYS, start, count)
    assert workdays_between(DAYS, start, end) == count
    assert count == 0 or is_workday(DAYS, end)


@given(start=dates, end=dates)
def test_the_days_between_two_dates_are_the_same_counted_backwards(start, end):
    assert workdays_between(DAYS, start, end) == -workdays_between(DAYS, end, start)


@given(start=dates, first=counts, second=counts)
def test_two_limits_in_a_row_are_one_long_limit(start, first, second):
    assert add_workdays(DAYS, add_workdays(DAYS, start, first), second) == add_workdays(DAYS, start, first + second)


@given(start=dates, count=some.integers(min_value=1, max_value=120))
def test_a_limit_in_natural_days_never_ends_on_a_day_off(start, count):
    end = add(DAYS, start, Limit(count, Unit.NATURAL))
    assert is_workday(DAYS, end)
    assert end == next_workday(DAYS, start + timedelta(days=count))


@pytest.mark.parametrize("text", ["", "15", "15 days", "-1 working", "x working", "99999 hours", "１ working"])
def test_a_limit_that_is_not_one_is_refused(text):
    with pytest.raises(ValueError, match="limit"):
        parse_limit(text)


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("2027,元旦,2027-01-03,2027-01-01,,x", "is not a holiday"),
        ("2027,元旦,2027-01-01,2027-01-03,2027-01-02,x", "is not a holiday"),
        ("2027,元旦,2027-01-01,2027-13-03,,x", "line 2"),
        ("2027,元旦,2027-01-01", "line 2"),
    ],
)
def test_a_notice_that_contradicts_itself_is_refused_with_its_line(line, why):
    with pytest.raises(ValueError, match=why):
        parse_notices("year,name,first,last,worked_instead,source\n" + line + "\n")


@pytest.mark.parametrize(
    ("start", "limit", "last"),
    [
        ("2026-01-31", "1 months", "2026-02-28"),
        ("2026-11-24", "6 months", "2027-05-24"),
        ("2024-02-29", "1 years", "2025-02-28"),
        ("2026-11-24", "5 years", "2031-11-24"),
    ],
)
def test_months_and_years_end_on_the_same_day_or_the_last_of_the_month(start, limit, last):
    assert add(DAYS, date.fromisoformat(start), parse_limit(limit)) == date.fromisoformat(last)
