"""My matters in one list, and a query's answers in one page."""

import pytest

from tongban.applications.models import Application
from tongban.base.uuid7 import uuid7
from tongban.cases.models import Ask, Case
from tongban.cases.rules.table import Act
from tongban.cases.tests.build import XUHUI, a_case, an_officer, an_opening, do
from tongban.people.tests.build import a_person
from tongban.web.citizen.tests.build import a_case_of, a_citizen, begin, hand_in, some_ground

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _ground(settings, tmp_path):
    some_ground(settings, tmp_path)


def a_bundle(client) -> tuple[Application, Application]:
    """One application at home, one on its way to Shanghai, made together as a query makes them."""
    here, there = hand_in(client), hand_in(client, XUHUI)
    Application.objects.filter(id__in=[here.id, there.id]).update(bundle=here.id)
    return here, there


def test_drafts_waiting_ones_and_cases_stand_in_one_list():
    client = a_citizen()
    draft = begin(client)
    waiting = hand_in(client, XUHUI)
    case = a_case_of(client)
    page = client.get("/my/").text
    assert f'href="/apply/{draft.id}/"' in page
    assert waiting.number in page
    assert "咨询电话 021-12345" in page
    assert case.number in page
    assert "待受理" in page


def test_what_waits_for_the_person_stands_out():
    client = a_citizen()
    case = a_case_of(client)
    do(an_officer(), case, Act.ASK_CORRECTION, targets=[{"target": "field:scope", "problem": "太宽"}])
    assert "轮到您了" in client.get("/my/").text


def test_another_persons_matters_are_not_in_the_list():
    case = a_case_of(a_citizen())
    assert case.number not in a_citizen(person=uuid7()).get("/my/").text


def test_a_long_list_asks_the_database_no_more_than_a_short_one(django_assert_num_queries):
    client = a_citizen()
    a_case_of(client)
    for _ in range(25):
        a_case(opening=an_opening(case_id=uuid7()))
    assert Case.objects.filter(applicant=a_person().id).count() == 26
    with django_assert_num_queries(11):
        page = client.get("/my/")
    assert page.text.count('class="number"') == 20
    older = client.get(page.context["pager"].next)
    assert older.text.count('class="number"') == 6


def test_a_cursor_that_is_not_ours_is_not_found():
    assert a_citizen().get("/my/?after=x").status_code == 404


def test_a_query_merges_what_came_and_names_who_did_not_reply():
    client = a_citizen()
    here, there = a_bundle(client)
    Case.objects.filter(id=here.id).update(pattern="instant")
    case = Case.objects.get(id=here.id)
    records = [{"label": "累计缴费月数", "value": "36"}]
    do(an_officer(), case, Act.ANSWER, records=records, text="示例")
    page = client.get(f"/my/queries/{here.id}/").text
    assert "向 2 个地区查询，1 个已答复，1 个还没有答复" in page
    assert "累计缴费月数" in page
    assert "<strong>上海市徐汇区</strong>" in page
    assert "021-12345" in page
    assert there.number not in page


def test_a_case_of_a_query_leads_to_the_merged_page():
    client = a_citizen()
    here, _ = a_bundle(client)
    address = f'href="/my/queries/{here.id}/"'
    assert address in client.get("/my/").text
    assert address in client.get(f"/cases/{here.id}/").text


def test_a_query_between_a_homes_receipt_and_its_first_step_is_one_without_a_reply():
    client = a_citizen()
    here, _ = a_bundle(client)
    Ask.objects.update(outcome="taken")
    assert "2 个还没有答复" in client.get(f"/my/queries/{here.id}/").text


def test_a_query_that_one_home_refused_says_why():
    client = a_citizen()
    here, _ = a_bundle(client)
    Ask.objects.update(outcome="rejected", reason="no_agreement")
    assert "对方没有登记" in client.get(f"/my/queries/{here.id}/").text


def test_the_merged_page_keeps_itself_up_to_date():
    client = a_citizen()
    here, _ = a_bundle(client)
    mark = client.get(f"/my/queries/{here.id}/").context["mark"]
    assert client.get(f"/my/queries/{here.id}/", {"seen": mark}).status_code == 204
    Ask.objects.update(outcome="rejected", reason="no_agreement")
    news = client.get(f"/my/queries/{here.id}/", {"seen": mark})
    assert news.status_code == 200
    assert "<html" not in news.text
