"""A case runs by the limits of the mode in which it came, or by shorter ones that its home has promised."""

import pytest

from tongban.calendar.queries import days, today
from tongban.calendar.rules import add_workdays
from tongban.cases.rules.table import Act
from tongban.cases.tests.build import FEIXI, a_case, an_officer, an_opening, do
from tongban.catalogue.actions import publish_implementation
from tongban.orgs.tests.build import OPERATOR

pytestmark = pytest.mark.django_db

AT_COUNTERS = {"mode": "counter", "statutory": "30 working", "promised": "12 working", "source": "示例"}


@pytest.mark.parametrize(("mode", "promised"), [("online", 1), ("counter", 12)])
def test_the_promised_day_follows_the_mode(mode, promised):
    case = a_case(opening=an_opening(mode=mode), mode_limits=[AT_COUNTERS])
    do(an_officer(), case, Act.ACCEPT)
    assert case.decision_due == add_workdays(days(), today(), promised)


def test_a_county_that_promises_less_time_is_held_to_it():
    opening = an_opening(mode="counter")
    case = a_case(opening=opening, mode_limits=[AT_COUNTERS])
    row = {"item": case.item, "place": FEIXI, "version": 1, "starts": "2026-01-01", "source": "示例", "sources": {}}
    publish_implementation(OPERATOR, content={**row, "promised": "0 working"})
    do(an_officer(), case, Act.ACCEPT)
    assert case.decision_due == today()
