"""谁看过我的信息: case by case, at this node and elsewhere, and who did not answer."""

import pytest

from tongban.base.uuid7 import uuid7
from tongban.cases.models import Case
from tongban.cases.tests.build import a_case, an_officer, an_opening
from tongban.exchange.tests.build import a_federation, another_province
from tongban.journal.actions import record_look
from tongban.looks.tests.build import a_look, a_told_look, an_answer, decided_in_shanghai
from tongban.people.tests.build import a_person
from tongban.web.citizen.looks import ALL, CASES, NEWEST
from tongban.web.citizen.tests.build import a_case_of, a_citizen, some_ground, the_actor

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _ground(settings, tmp_path):
    some_ground(settings, tmp_path)


@pytest.fixture
def shanghai(settings, tmp_path):
    with another_province("31") as found:
        found.tell = lambda question: an_answer(question, a_told_look(1))
        a_federation(settings, tmp_path, endpoints={"31": found.endpoint})
        yield found


@pytest.fixture
def nobody_there(settings, tmp_path):
    a_federation(settings, tmp_path, endpoints={"31": "http://127.0.0.1:9"})


def looks_page(client, **query) -> str:
    return client.get("/my/looks/", query).text


def test_looks_stand_under_their_case_with_who_when_what_and_for_what():
    client = a_citizen()
    case = a_case_of(client)
    entry = a_look(case)
    page = looks_page(client)
    assert case.number in page
    assert "承办人员" in page
    assert entry.actor[:8].upper() in page
    assert "查看身份信息和申请内容，用于：审查本办件" in page
    assert "dossier" not in page


def test_looks_at_other_places_are_in_the_same_list(shanghai):
    decided_in_shanghai()
    page = looks_page(a_citizen())
    assert "徐汇区市场监督管理局（示例）" in page
    assert "3F9A2C10" in page
    assert "查询范围：安徽省（本地）、上海市（" in page
    assert "没有答复" not in page


@pytest.mark.usefixtures("nobody_there")
def test_a_place_that_did_not_answer_is_named_with_its_telephone():
    decided_in_shanghai()
    page = looks_page(a_citizen())
    assert "<strong>上海市没有答复</strong>" in page
    assert "上海市还没有答复过" in page
    assert "021-12345" in page


@pytest.mark.usefixtures("nobody_there")
def test_a_place_that_did_not_answer_is_named_once_for_all_cases():
    for _ in range(3):
        decided_in_shanghai()
    page = looks_page(a_citizen())
    assert page.count("<strong>上海市没有答复</strong>") == 1
    assert "涉及 3 件办件" in page
    assert page.count("上海市（没有答复）") == 3


def test_what_another_node_writes_is_shown_as_text(shanghai):
    shanghai.tell = lambda question: an_answer(question, a_told_look(1, purpose="<script>", what="x", role="y"))
    decided_in_shanghai()
    page = looks_page(a_citizen())
    assert "&lt;script&gt;" in page
    assert "查看办件信息" in page
    assert "工作人员" in page


def test_looks_that_belong_to_no_case_stand_at_the_end():
    client = a_citizen()
    record_look(an_officer(), subject=the_actor().person, case=None, what="account", purpose="帮办")
    page = looks_page(client)
    assert "其他查看" in page
    assert "查看账号和身份信息，用于：帮办" in page


def test_another_persons_looks_are_not_shown():
    case = a_case_of(a_citizen())
    a_look(case)
    stranger = a_citizen(person=uuid7())
    assert "审查本办件" not in looks_page(stranger)
    assert stranger.get(f"/cases/{case.id}/looks/").status_code == 404


def test_of_many_looks_the_newest_are_shown_and_the_rest_are_a_page_of_their_own():
    client = a_citizen()
    case = a_case_of(client)
    for number in range(NEWEST + 1):
        a_look(case, purpose=f"用途{number}")
    page = looks_page(client)
    assert "用途0" not in page
    assert f'href="/cases/{case.id}/looks/"' in page
    whole = client.get(f"/cases/{case.id}/looks/").text
    assert all(f"用途{number}" in whole for number in range(NEWEST + 1))


def test_all_looks_at_a_case_come_in_pages():
    client = a_citizen()
    case = a_case_of(client)
    for number in range(ALL + 2):
        a_look(case, purpose=f"用途{number}。")
    first = client.get(f"/cases/{case.id}/looks/")
    second = client.get(first.context["pager"].next)
    assert (first.text.count("用途"), second.text.count("用途")) == (ALL, 2)
    assert "用途0。" in second.text
    assert client.get(f"/cases/{case.id}/looks/?after=x").status_code == 404


def test_many_cases_take_as_many_questions_to_the_database_as_one(shanghai, django_assert_num_queries):
    client = a_citizen()
    a_look(decided_in_shanghai())
    record_look(an_officer(), subject=the_actor().person, case=None, what="account", purpose="帮办")
    with django_assert_num_queries(25):
        looks_page(client)
    for _ in range(CASES + 2):
        decided_in_shanghai()
    for _ in range(3):
        a_case(opening=an_opening(case_id=uuid7()))
    assert Case.objects.filter(applicant=a_person().id).count() == CASES + 6
    for case in Case.objects.all():
        a_look(case)
    asked = len(shanghai.questions)
    with django_assert_num_queries(25):
        page = client.get("/my/looks/")
    assert len(shanghai.questions) == asked + 1
    assert page.text.count("归安徽省") + page.text.count("归上海市") == CASES
    older = client.get(page.context["pager"].next)
    assert older.text.count("归安徽省") + older.text.count("归上海市") == 6
