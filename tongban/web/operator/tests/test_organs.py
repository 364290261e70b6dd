"""Organs on the operator's pages: found, registered, changed, closed."""

from datetime import timedelta

import pytest
from django.utils import timezone

from tongban.base.actor import Actor, Role
from tongban.base.identifiers import demo_credit_code
from tongban.base.times import legal_date
from tongban.base.uuid7 import uuid7
from tongban.orgs.models import Organ
from tongban.orgs.queries import find_organ
from tongban.orgs.tests.build import FEIXI, VILLAGE
from tongban.staff.tests.build import HALL, POLICE, ground, loaded
from tongban.web.officer.tests.build import an_operator, logged_in

pytestmark = pytest.mark.django_db

TODAY = legal_date(timezone.now())
NEW = demo_credit_code(node="34", kind="12", running=77)
PLACE = ["340000000000", "340100000000", FEIXI]
TYPED = {"code": NEW, "name": "肥西县示例公证处", "kind": "notary", "division": PLACE, "nature": "9", "phone": "12345"}


@pytest.fixture(autouse=True)
def _ground(settings, tmp_path):
    ground(settings, tmp_path)
    loaded()


def an_auditor():
    return logged_in(Actor(role=Role.AUDITOR, node="34", person=uuid7()))


def register(client, **changes):
    return client.post("/ops/organs/new/", {**TYPED, **changes})


def test_an_organ_is_registered_and_shown_in_words():
    client = an_operator()
    answer = client.post("/ops/organs/new/", TYPED, follow=True)
    assert "机构已经登记" in answer.text
    assert "安徽省合肥市肥西县" in answer.text
    organ = find_organ(NEW)
    assert (organ.division_id, organ.kind, organ.nature, organ.phone) == (FEIXI, "notary", "9", "12345")


def test_what_is_wrong_stands_at_its_box_and_what_was_typed_stays():
    answer = register(an_operator(), code=NEW[:-1], phone="电话")
    assert answer.status_code == 422
    assert "统一社会信用代码应为18位" in answer.text
    assert "电话号码格式不正确" in answer.text
    assert 'value="肥西县示例公证处"' in answer.text
    assert find_organ(NEW) is None


def test_an_organ_in_a_village_is_named_by_the_code_of_the_village():
    client = an_operator()
    register(client, below=VILLAGE)
    assert find_organ(NEW).division_id == VILLAGE
    assert f'value="{VILLAGE}"' in client.get(f"/ops/organs/{NEW}/change/").text


def test_a_change_keeps_the_code():
    client = an_operator()
    register(client)
    client.post(f"/ops/organs/{NEW}/change/", {**TYPED, "code": HALL, "address": "示例路3号"})
    assert find_organ(NEW).address == "示例路3号"
    assert find_organ(HALL).address == "示例路1号"


def test_without_scripts_a_place_is_chosen_level_by_level():
    answer = register(an_operator(), division="340000000000", narrow="division")
    assert answer.status_code == 200
    assert "合肥市" in answer.text
    assert find_organ(NEW) is None


def test_a_closing_is_registered_and_taken_back():
    client = an_operator()
    day = (TODAY + timedelta(days=30)).isoformat()
    assert "撤销日期已经登记" in client.post(f"/ops/organs/{HALL}/close/", {"closed_on": day}, follow=True).text
    assert find_organ(HALL).closed_on.isoformat() == day
    assert "将撤销" in client.get("/ops/organs/").text
    assert "已取消撤销" in client.post(f"/ops/organs/{HALL}/close/", {"keep": "yes"}, follow=True).text


def test_an_organ_that_is_served_says_why_it_cannot_close_today():
    answer = an_operator().post(f"/ops/organs/{HALL}/close/", {"closed_on": TODAY.isoformat()})
    assert answer.status_code == 422
    assert "还有 1 人在这个机构在岗" in answer.text


def test_a_closing_needs_a_day():
    answer = an_operator().post(f"/ops/organs/{HALL}/close/", {"closed_on": ""})
    assert "日期应写成" in answer.text


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({}, {HALL, POLICE}),
        ({"place": PLACE}, {HALL}),
        ({"begins": "肥西"}, {HALL}),
        ({"begins": POLICE[:17].lower()}, {POLICE}),
        ({"begins": "天文"}, set()),
    ],
)
def test_organs_are_found_by_place_name_and_code(query, found):
    page = an_operator().get("/ops/organs/", query)
    assert {organ.code for organ, *_ in page.context["rows"]} == found


def many(count: int) -> None:
    Organ.objects.bulk_create(
        Organ(code=f"1134{number:014d}", name="示例", kind=f"kind{number}", division_id=FEIXI, level="county")
        for number in range(count)
    )


def test_organs_are_paged_without_a_gap():
    many(45)
    client, seen, here = an_operator(), [], "/ops/organs/"
    while here:
        page = client.get(here)
        seen += [organ.code for organ, *_ in page.context["rows"]]
        here = page.context["pager"].next
    assert len(seen) == len(set(seen)) == 47


def test_twenty_organs_cost_no_more_questions_than_one(django_assert_num_queries):
    client = an_operator()
    client.get("/ops/organs/")
    with django_assert_num_queries(5):
        client.get("/ops/organs/")
    many(30)
    with django_assert_num_queries(5):
        client.get("/ops/organs/")


def test_an_auditor_reads_but_changes_nothing():
    client = an_auditor()
    assert "登记撤销" not in client.get(f"/ops/organs/{HALL}/").text
    assert client.get("/ops/organs/").status_code == 200
    assert register(client).status_code == 403
    assert client.post(f"/ops/organs/{HALL}/close/", {"closed_on": TODAY.isoformat()}).status_code == 403


def test_an_unknown_organ_is_not_there():
    assert an_operator().get("/ops/organs/nothing/").status_code == 404
