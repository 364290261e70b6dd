"""The pages on which a province suspends, resumes and withdraws its standard, and the hub ends or merges an item."""

import pytest

from tongban.base.actor import Actor, Role
from tongban.base.uuid7 import uuid7
from tongban.calendar.queries import today
from tongban.catalogue.models import BaseItem, ItemChange, ItemVersion
from tongban.catalogue.tests.build import publish
from tongban.exchange.tests.build import a_federation
from tongban.web.officer.tests.build import an_operator, logged_in

pytestmark = pytest.mark.django_db
PAGE = "/ops/standards/kstb-1-37/"


def an_auditor():
    return logged_in(Actor(role=Role.AUDITOR, node="34", person=uuid7()))


@pytest.fixture(autouse=True)
def _ground(settings, tmp_path):
    a_federation(settings, tmp_path)
    publish()


def version() -> ItemVersion:
    return ItemVersion.objects.get(item="kstb-1-37", province="34")


def test_a_province_suspends_and_resumes_with_a_reason_that_everybody_can_read(client):
    operator = an_operator()
    operator.post(PAGE, {"do": "suspend", "why": "系统升级（示例）"})
    assert version().suspended_from == today()
    assert "暂停受理" in operator.get("/ops/standards/").text
    assert "系统升级" in client.get("/list/changes/").text
    operator.post(PAGE, {"do": "resume", "why": "升级完成（示例）"})
    assert version().suspended_from is None


def test_a_standard_is_withdrawn_from_a_day_on():
    an_operator().post(PAGE, {"do": "withdraw", "since": "2099-01-01", "why": "标准修订（示例）"})
    assert version().withdrawn_on.isoformat() == "2099-01-01"


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ({"do": "suspend"}, "why-wrong"),
        ({"why": "示例"}, "is-wrong"),
        ({"do": "resume", "why": "示例"}, "is-wrong"),
        ({"do": "suspend", "why": "示例", "since": "明天"}, "since-wrong"),
        ({"do": "suspend", "why": "示例", "since": "2020-01-01"}, "since-wrong"),
        ({"do": "suspend", "why": "示例", "since": "2099-02-01", "until": "2099-01-01"}, "until-wrong"),
    ],
)
def test_what_is_missing_or_wrong_is_told_at_its_box_and_nothing_changes(typed, told):
    answer = an_operator().post(PAGE, typed)
    assert answer.status_code == 422
    assert told in answer.text
    assert version().suspended_from is None


def test_at_the_hub_an_item_is_merged_into_another_and_opened_again(settings):
    settings.NODE = "00"
    operator = an_operator()
    operator.post(PAGE, {"do": "merged", "successor": "kstb-1-31", "why": "并入企业登记（示例）"})
    assert BaseItem.objects.get(key="kstb-1-37").successor_id == "kstb-1-31"
    operator.post(PAGE, {"do": "open", "why": "恢复（示例）"})
    assert BaseItem.objects.get(key="kstb-1-37").state == "open"
    assert ItemChange.objects.filter(item="kstb-1-37", province="00").count() == 2


def test_an_auditor_looks_and_changes_nothing():
    auditor = an_auditor()
    assert "调整并告知各地" not in auditor.get(PAGE).text
    assert auditor.post(PAGE, {"do": "suspend", "why": "示例"}).status_code in (403, 422)
    assert version().suspended_from is None


def test_the_list_asks_the_same_questions_for_one_and_for_many(django_assert_max_num_queries):
    operator = an_operator()
    operator.get("/ops/standards/")
    with django_assert_max_num_queries(8):
        assert operator.get("/ops/standards/").status_code == 200
