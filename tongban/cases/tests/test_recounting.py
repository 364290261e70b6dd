"""A calendar that changes moves the due days of open cases, and nothing else."""

from datetime import date

import pytest

from tongban.calendar.actions import load_notices
from tongban.calendar.queries import now
from tongban.calendar.rules import Notice
from tongban.cases import duties
from tongban.cases.models import Case, Step
from tongban.cases.rules.table import Act
from tongban.cases.tests.build import a_case, an_officer, an_opening, do, received_by
from tongban.exchange.models import Letter
from tongban.orgs.tests.build import OPERATOR

pytestmark = pytest.mark.django_db


def a_holiday(first: date, last: date) -> None:
    notice = Notice(first.year, "示例假", first, last, (), "示例")
    load_notices(OPERATOR, notices=[notice])


def test_a_new_holiday_moves_the_due_days_and_touches_no_chain(monkeypatch):
    monkeypatch.setattr(duties, "AT_A_TIME", 1)
    cases = [a_case(opening=an_opening(receiving=received_by("31"))) for _ in range(2)]
    do(an_officer(), cases[1], Act.SEND_BACK, reason="扫描件缺页")
    duties.deem_accepted(now())
    case, steps = cases[0], Step.objects.count()
    before, letters = case.notice_due, Letter.objects.filter(kind="due").count()
    a_holiday(before, before)
    while duties.deem_accepted(now()):
        pass
    case.refresh_from_db()
    assert case.notice_due > before
    assert Step.objects.count() == steps
    assert Letter.objects.filter(kind="due").count() == letters + 1
    assert Case.objects.get(id=cases[1].id).notice_due is None


def test_due_days_are_not_counted_again_while_the_calendar_stays():
    case = a_case()
    duties.deem_accepted(now())
    Case.objects.filter(id=case.id).update(notice_due="2020-01-01")
    duties.deem_accepted(now())
    assert Case.objects.get(id=case.id).notice_due == date(2020, 1, 1)
