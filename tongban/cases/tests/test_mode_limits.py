"""A case runs by the limits of the mode in which it came."""

import pytest

from tongban.calendar.queries import days, today
from tongban.calendar.rules import add_workdays
from tongban.cases.rules.table import Act
from tongban.cases.tests.build import a_case, an_officer, an_opening, do

pytestmark = pytest.mark.django_db

AT_COUNTERS = {"mode": "counter", "statutory": "30 working", "promised": "12 working", "source": "示例"}


@pytest.mark.parametrize(("mode", "promised"), [("online", 1), ("counter", 12)])
def test_the_promised_day_follows_the_mode(mode, promised):
    case = a_case(opening=an_opening(mode=mode), mode_limits=[AT_COUNTERS])
    do(an_officer(), case, Act.ACCEPT)
    assert case.decision_due == add_workdays(days(), today(), promised)
