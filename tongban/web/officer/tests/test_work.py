"""The work list: whose cases, in what order, how many questions to the database."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tongban.cases.rules.table import Act
from tongban.cases.tests.build import a_case, an_officer, an_opening, do, later
from tongban.orgs.actions import grant
from tongban.orgs.tests.build import OPERATOR
from tongban.web.officer.tests.build import an_officer_at_his_desk, logged_in
from tongban.web.paging import PAGE

pytestmark = pytest.mark.django_db


def test_the_list_shows_open_cases_of_his_regions_and_no_full_name():
    case = a_case()
    page = an_officer_at_his_desk().get("/office/").text
    assert case.number in page
    assert "示例王芳" not in page
    assert case.number not in an_officer_at_his_desk(region="3402").get("/office/").text


def test_a_grant_for_another_item_shows_nothing():
    case = a_case()
    officer = an_officer("accept", region="3402")
    grant(OPERATOR, officer=officer.person, acts=["accept"], item="kstb-1-05", region="34")
    client = logged_in(officer)
    assert case.number not in client.get("/office/").text
    grant(OPERATOR, officer=officer.person, acts=["accept"], item=case.item, region="34")
    assert case.number in client.get("/office/").text


def test_lateness_is_said_in_words():
    a_case(limits={**_limits(), "silence_accepts": False})
    later(30)
    page = an_officer_at_his_desk().get("/office/").text
    assert "已超期" in page
    assert "tag-warn" in page


def test_a_correction_stops_the_clock_in_the_list():
    case = a_case()
    target = {"target": "field:trade_name", "problem": "重名"}
    do(an_officer(), case, Act.ASK_CORRECTION, targets=[target])
    assert "等待补正，不计时" in an_officer_at_his_desk().get("/office/").text


def test_the_list_can_be_narrowed_to_a_status():
    case = a_case()
    client = an_officer_at_his_desk()
    assert case.number in client.get("/office/?status=submitted").text
    assert case.number not in client.get("/office/?status=accepted").text
    assert client.get("/office/?status=nonsense").status_code == 404


def test_a_number_leads_straight_to_the_case():
    case = a_case()
    client = an_officer_at_his_desk()
    assert client.get(f"/office/?number={case.number}").url == f"/office/cases/{case.id}/"
    assert client.get("/office/?number=nothing").status_code == 404


def test_every_case_is_met_once_while_paging():
    numbers = {a_case(opening=an_opening()).number for _ in range(PAGE + 3)}
    client = an_officer_at_his_desk()
    first = client.get("/office/")
    second = client.get(first.context["pager"].next)
    shown = [line.case.number for page in (first, second) for line in page.context["lines"]]
    assert len(shown) == len(set(shown)) == PAGE + 3
    assert set(shown) == numbers
    assert second.context["pager"].next == ""


def test_a_longer_list_asks_the_database_no_more_often():
    client = an_officer_at_his_desk_with(1)
    with CaptureQueriesContext(connection) as one:
        client.get("/office/")
    for _ in range(10):
        a_case(opening=an_opening())
    with CaptureQueriesContext(connection) as many:
        client.get("/office/")
    assert len(many) == len(one) <= 12


def an_officer_at_his_desk_with(cases: int):
    for _ in range(cases):
        a_case(opening=an_opening())
    client = an_officer_at_his_desk()
    client.get("/office/")
    return client


def _limits():
    return {
        "statutory": "3 working",
        "promised": "1 working",
        "notice": "5 working",
        "silence_accepts": False,
        "source": "示例",
        "promised_source": "示例",
    }
