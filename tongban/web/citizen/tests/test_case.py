"""The page of a case: one number, whose turn it is, what happened, and what the person can do now."""

import pytest

from tongban.base.uuid7 import uuid7
from tongban.cases.models import Ask, Case
from tongban.cases.rules.table import Act
from tongban.cases.tests.build import XUHUI, an_officer, do
from tongban.web.citizen.tests.build import a_case_of, a_citizen, a_scan, a_visitor, hand_in, some_ground

pytestmark = pytest.mark.django_db

ADDRESS = {"target": "field:address", "problem": "请写到门牌号。"}
PROOF = {"target": "material:premises_proof", "problem": "没有签章。"}


@pytest.fixture(autouse=True)
def _ground(settings, tmp_path):
    some_ground(settings, tmp_path)


def page_of(client, case, **more) -> str:
    return client.get(f"/cases/{case.id}/", **more).text


def to_correct(*targets) -> tuple:
    client = a_citizen()
    case = a_case_of(client)
    do(an_officer(), case, Act.ASK_CORRECTION, targets=list(targets))
    return client, case


def test_the_page_shows_the_number_whose_turn_it_is_and_until_when():
    client = a_citizen()
    case = a_case_of(client)
    page = page_of(client, case)
    assert case.number in page
    assert "待受理" in page
    assert "安徽省合肥市肥西县（县级市场监督管理部门）审查是否受理" in page
    assert f"{case.notice_due.year}年{case.notice_due.month}月{case.notice_due.day}日" in page


def test_what_was_handed_in_can_be_read_again():
    client = a_citizen()
    case = a_case_of(client)
    page = page_of(client, case)
    assert "示例路1号" in page
    assert "个人经营" in page
    link = page.partition(f'href="/cases/{case.id}/materials/')[2].partition('"')[0]
    answer = client.get(f"/cases/{case.id}/materials/{link}")
    assert b"".join(answer.streaming_content) in (b"%PDF-1.4 a", b"%PDF-1.4 b")


def test_each_turn_has_its_line_and_its_paper():
    client = a_citizen()
    case = a_case_of(client)
    officer = an_officer()
    do(officer, case, Act.ACCEPT)
    do(officer, case, Act.GRANT, text="符合条件。")
    page = page_of(client, case)
    for text in ("已登记您的申请", "已受理", "受理通知书", "作出准予决定", "准予决定书", "符合条件。"):
        assert text in page


def test_a_paper_is_shown_in_a_frame_that_runs_nothing():
    client = a_citizen()
    case = a_case_of(client)
    do(an_officer(), case, Act.ACCEPT)
    address = f"/cases/{case.id}/documents/{case.number}-02/"
    assert "sandbox></iframe>" in client.get(address).text
    plain = client.get(f"{address}?plain")
    assert "sandbox" in plain.headers["Content-Security-Policy"]
    assert "受理通知书" in plain.text
    assert client.get(f"/cases/{case.id}/documents/none/").status_code == 404


def test_another_persons_case_is_not_there():
    case = a_case_of(a_citizen())
    stranger = a_citizen(person=uuid7())
    for path in ("", "news/", f"documents/{case.number}-02/", "materials/" + "0" * 64 + "/"):
        assert stranger.get(f"/cases/{case.id}/{path}").status_code == 404
    for act in ("supply", "account", "withdraw"):
        assert stranger.post(f"/cases/{case.id}/{act}/", {"sure": "yes"}).status_code == 404
    assert a_visitor().get(f"/cases/{case.id}/").url.startswith("/login/")


def test_a_correction_is_answered_in_place_field_by_field():
    client, case = to_correct(ADDRESS, PROOF)
    page = page_of(client, case)
    assert "请写到门牌号。" in page
    assert 'value="示例路1号"' in page
    assert 'name="material.premises_proof"' in page
    assert 'name="scope"' not in page
    typed = {"seen": case.head, "address": "示例路1号101室", "material.premises_proof": a_scan("new")}
    answer = client.post(f"/cases/{case.id}/supply/", typed)
    assert answer.url == f"/cases/{case.id}/"
    case.refresh_from_db()
    assert case.status == "submitted"
    page = page_of(client, case)
    assert "您已提交补正内容" in page
    assert "示例路1号101室" in page


def test_a_half_correction_says_what_is_still_missing_and_sends_nothing():
    client, case = to_correct(ADDRESS, PROOF)
    answer = client.post(f"/cases/{case.id}/supply/", {"seen": case.head, "address": "示例路2号"})
    assert answer.status_code == 422
    assert '<a href="#q-material-premises_proof">' in answer.text
    assert 'value="示例路2号"' in answer.text
    case.refresh_from_db()
    assert case.status == "correcting"


def test_a_correction_of_something_that_changed_meanwhile_is_not_taken():
    client, case = to_correct(ADDRESS)
    do(an_officer(), case, Act.RECORD, event="note", text="已电话联系")
    answer = client.post(f"/cases/{case.id}/supply/", {"seen": case.head - 1, "address": "示例路2号"})
    assert answer.status_code == 409
    assert 'value="示例路2号"' in answer.text


def test_a_bounced_payment_asks_for_a_new_account(settings, tmp_path):
    client = a_citizen()
    case = a_case_of(client)
    Case.objects.filter(id=case.id).update(pattern="money")
    case.refresh_from_db()
    officer = an_officer()
    do(officer, case, Act.ACCEPT)
    do(officer, case, Act.GRANT, amount="1200.00")
    assert "等待到账" in page_of(client, case)
    do(officer, case, Act.DELIVER, event="money_bounced")
    assert "请填写新的收款账户" in page_of(client, case)
    wrong = client.post(f"/cases/{case.id}/account/", {"seen": case.head, "account": "我的卡"})
    assert "8 至 30 位数字" in wrong.text
    client.post(f"/cases/{case.id}/account/", {"seen": case.head, "account": "6222 0000 1111 2222"})
    assert "等待到账" in page_of(client, case)


def test_withdrawing_needs_a_second_word():
    client = a_citizen()
    case = a_case_of(client)
    answer = client.post(f"/cases/{case.id}/withdraw/", {"seen": case.head})
    assert "请勾选确认" in answer.text
    client.post(f"/cases/{case.id}/withdraw/", {"seen": case.head, "sure": "yes", "reason": "不办了"})
    case.refresh_from_db()
    assert case.status == "withdrawn"
    page = page_of(client, case)
    assert "申请已经撤回" in page
    assert "撤回申请</summary>" not in page


def test_news_come_only_when_there_are_any(django_assert_max_num_queries):
    client = a_citizen()
    case = a_case_of(client)
    mark = client.get(f"/cases/{case.id}/").context["mark"]
    with django_assert_max_num_queries(4):
        assert client.get(f"/cases/{case.id}/news/", {"seen": mark}).status_code == 204
    do(an_officer(), case, Act.ACCEPT)
    news = client.get(f"/cases/{case.id}/news/", {"seen": mark})
    assert news.status_code == 200
    assert "办理中" in news.text
    assert "<html" not in news.text


def test_until_the_home_registers_there_is_a_number_a_telephone_and_a_date():
    client = a_citizen()
    application = hand_in(client, XUHUI)
    page = page_of(client, application)
    assert "待对方登记" in page
    assert application.number in page
    assert "021-12345" in page
    assert f"{application.submitted_at.year}年" in page
    assert "示例路1号" in page


def test_between_the_homes_receipt_and_its_first_step_the_application_is_still_on_its_way():
    client = a_citizen()
    application = hand_in(client, XUHUI)
    Ask.objects.update(outcome="taken")
    assert "待对方登记" in page_of(client, application)


def test_an_opening_that_the_home_refused_says_why_and_what_to_do():
    client = a_citizen()
    application = hand_in(client, XUHUI)
    facts = {"item": "kstb-1-37", "version": "1", "on": "2026-01-01"}
    Ask.objects.update(outcome="rejected", reason="version_not_valid", facts=facts)
    page = page_of(client, application)
    assert "对方没有登记" in page
    assert "请按现行版本重新提交" in page
