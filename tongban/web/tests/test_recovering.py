"""A node that recovers from a restore: everything can be read, and nothing that was typed is lost."""

import pytest
from django.test import Client

from tongban.cases.models import Case
from tongban.cases.rules.table import Act, Status
from tongban.cases.tests.build import a_case, an_officer, do, the_applicant
from tongban.exchange import actions, queries
from tongban.exchange.models import Loss, Memory, Recovery
from tongban.exchange.tests import build
from tongban.web.citizen.tests.build import a_citizen, some_ground
from tongban.web.officer.tests.build import act, address_of, an_officer_at_his_desk, an_operator

pytestmark = pytest.mark.django_db

BANNER = "正在从备份恢复"


@pytest.fixture
def ground(settings, tmp_path):
    some_ground(settings, tmp_path)


@pytest.fixture
def restored(settings, ground):
    """Call it, and this node has just been restored."""
    return lambda: build.restore(settings)


def the_person(case: Case) -> Client:
    return a_citizen(the_applicant(case).person)


def test_every_page_can_be_read_and_says_that_nothing_can_be_handed_in(restored):
    case = a_case()
    restored()
    for client, address in (
        (an_officer_at_his_desk(), address_of(case)),
        (the_person(case), f"/cases/{case.id}/"),
        (Client(), "/items/"),
    ):
        page = client.get(address)
        assert page.status_code == 200
        assert BANNER in page.text


def test_a_node_that_was_never_restored_says_nothing_of_it(ground):
    assert BANNER not in Client().get("/items/").text


def test_an_officer_keeps_what_he_typed_on_his_form(restored):
    case, officer = a_case(), an_officer_at_his_desk()
    restored()
    page = act(officer, case, "decline", reason="不属于本机关职权范围", opinion="请核对")
    assert page.status_code == 503
    assert "正在向其他节点取回" in page.text
    assert "不属于本机关职权范围" in page.text
    assert f'action="{address_of(case, "acts", "decline")}"' not in page.text
    assert Case.objects.get().status == Status.SUBMITTED


def test_the_same_form_goes_through_when_the_node_has_recovered(restored):
    case, officer = a_case(), an_officer_at_his_desk()
    restored()
    act(officer, case, "decline", reason="不属于本机关职权范围")
    recovery = actions.begin_recovery()
    Recovery.objects.update(looked_at=recovery.begun_at)
    actions.open_node(recovery)
    assert not queries.is_recovering()
    assert act(officer, case, "decline", reason="不属于本机关职权范围").status_code == 302


def test_a_citizen_keeps_his_supplement(restored):
    case = a_case()
    targets = [{"target": "field:trade_name", "problem": "与核名不符"}]
    do(an_officer(), case, Act.ASK_CORRECTION, targets=targets)
    citizen = the_person(case)
    restored()
    page = citizen.post(f"/cases/{case.id}/supply/", {"seen": 2, "trade_name": "新的店名"})
    assert page.status_code == 503
    assert "新的店名" in page.text


def test_any_other_form_comes_back_with_everything_to_be_sent_once_more(restored):
    case = a_case()
    citizen = the_person(case)
    restored()
    typed = {"sure": "yes", "reason": "改到明年再办", "seen": "1"}
    page = citizen.post(f"/cases/{case.id}/withdraw/", typed)
    assert page.status_code == 503
    assert "重新提交" in page.text
    assert '<input type="hidden" name="sure" value="yes">' in page.text
    assert 'name="reason" rows="3">改到明年再办</textarea>' in page.text
    assert f'action="/cases/{case.id}/withdraw/"' in page.text


def test_a_draft_goes_on(restored):
    citizen = a_citizen()
    restored()
    begun = citizen.post("/items/kstb-1-37/begin/", {"from": "340123000000", "at": "340123000000"})
    assert begun.status_code == 302
    assert begun["Location"].startswith("/apply/")


class TestOperator:
    def test_the_overview_says_who_has_still_to_tell_and_why(self, restored):
        restored()
        recovery = actions.begin_recovery()
        recovery.tellings.filter(peer="31").update(trouble="other_life")
        recovery.tellings.filter(peer="32").update(told_at=recovery.begun_at)
        page = an_operator().get("/ops/").text
        assert "原来的节点可能还在运行" in page
        assert page.count("等待告知") == 2
        assert page.count("已告知") == 1

    def test_what_cannot_be_rebuilt_is_named_with_its_reason(self, restored):
        restored()
        actions.begin_recovery()
        told = {"peer": "31", "ours": True, "letter_id": "0198c0de-0000-7000-8000-000000000001", "kind": "step"}
        signed = {"protected": b"", "payload": b"", "signature": b"", "receipt": b"", "parts": b""}
        Memory.objects.create(**told, **signed, subject="a-case", trouble="fork")
        page = an_operator().get("/ops/").text
        assert "a-case" in page
        assert '<code class="code">fork</code>' in page

    def test_what_is_gone_is_listed_in_words_page_by_page(self, ground, django_assert_max_num_queries):
        actions.note_loss("numbers", subject="cases_number", detail="102-106")
        actions.note_loss("body", subject="a-case", detail="2 home")
        for number in range(60):
            actions.note_loss("dossier", subject=f"case-{number}", detail="x")
        operator = an_operator()
        assert "恢复以后没有找回的" in operator.get("/ops/").text
        with django_assert_max_num_queries(6):
            first = operator.get("/ops/losses/").text
        assert "没有取回的申请内容" in first
        oldest = Loss.objects.order_by("id")[2].pk
        second = operator.get(f"/ops/losses/?before={oldest}").text
        assert "0000102 至 0000106" in second
        assert "第 2 步，内部意见" in second
