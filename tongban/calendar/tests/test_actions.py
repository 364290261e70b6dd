from datetime import UTC, date, datetime, timedelta

import pytest
from django.core.management import CommandError, call_command

from tongban.base.actor import Actor, Role
from tongban.base.errors import Rejected
from tongban.calendar import actions, queries, rules
from tongban.calendar.models import Day

pytestmark = pytest.mark.django_db

OPERATOR = Actor(role=Role.OPERATOR, node="34")
CITIZEN = Actor(role=Role.APPLICANT, node="34")
NOTICE = rules.Notice(2027, "元旦", date(2027, 1, 1), date(2027, 1, 3), (date(2027, 1, 9),), "示例通知")


def test_the_supplied_notices_load_and_a_second_load_changes_nothing():
    call_command("load_calendar", verbosity=0)
    before = queries.version()
    assert not rules.is_workday(queries.days(), date(2026, 10, 1))
    call_command("load_calendar", verbosity=0)
    assert queries.version() == before


def test_years_without_a_notice_are_filled_provisionally():
    call_command("load_calendar", verbosity=0)
    days = queries.days()
    assert not rules.is_workday(days, date(2027, 10, 1))
    assert rules.is_provisional(days, date(2027, 10, 1))
    assert not rules.is_provisional(days, date(2026, 10, 1))


def test_a_notice_that_comes_later_takes_the_place_of_the_provisional_days():
    call_command("load_calendar", verbosity=0)
    assert actions.load_notices(OPERATOR, notices=[NOTICE])
    days = queries.days()
    assert rules.is_workday(days, date(2027, 1, 9))
    assert not rules.is_provisional(days, date(2027, 10, 1))
    assert not Day.objects.filter(year=2027, provisional=True).exists()


def test_a_changed_calendar_raises_its_version():
    actions.load_notices(OPERATOR, notices=[NOTICE])
    before = queries.version()
    actions.load_notices(OPERATOR, notices=[NOTICE, NOTICE])
    assert queries.version() == before
    actions.recompute(OPERATOR, through=2028)
    assert queries.version() > before


def test_nothing_can_be_foretold_without_a_single_notice():
    with pytest.raises(Rejected, match="no_calendar_notice"):
        actions.recompute(OPERATOR, through=2028)


def test_a_citizen_changes_neither_the_calendar_nor_the_clock():
    for change in (
        lambda: actions.load_notices(CITIZEN, notices=[NOTICE]),
        lambda: actions.recompute(CITIZEN, through=2028),
        lambda: actions.shift_clock(CITIZEN, days=1),
    ):
        with pytest.raises(Rejected, match="not_allowed"):
            change()


def test_the_clock_of_a_demo_goes_forward_and_adds_up():
    actions.shift_clock(OPERATOR, days=3)
    actions.shift_clock(OPERATOR, hours=12)
    ahead = queries.now() - datetime.now(UTC)
    assert timedelta(days=3.49) < ahead < timedelta(days=3.51)


def test_the_clock_of_a_demo_never_goes_back():
    with pytest.raises(Rejected, match="clock_goes_forward"):
        actions.shift_clock(OPERATOR, days=-1)


def test_the_clock_of_a_demo_stops_where_the_calendar_ends():
    for _ in range(2):
        actions.shift_clock(OPERATOR, days=3650)
    with pytest.raises(Rejected, match="clock_too_far"):
        actions.shift_clock(OPERATOR, days=3650)


def test_the_clock_of_a_real_node_cannot_be_moved_and_ignores_an_offset(settings):
    actions.shift_clock(OPERATOR, days=3)
    settings.DEMO = False
    with pytest.raises(Rejected, match="clock_is_real"):
        actions.shift_clock(OPERATOR, days=1)
    assert abs(queries.now() - datetime.now(UTC)) < timedelta(minutes=1)


def test_a_faulty_file_of_notices_is_refused_with_its_line(tmp_path):
    path = tmp_path / "notices.csv"
    path.write_text("year,name,first,last,worked_instead,source\n2027,元旦,soon,2027-01-03,,x\n", "utf-8")
    with pytest.raises(CommandError, match="line 2"):
        call_command("load_calendar", file=path, verbosity=0)
