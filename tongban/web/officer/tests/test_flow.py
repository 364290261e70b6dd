"""What an officer sees of a person who is asked, and of papers that end."""

from datetime import date

import pytest

from tongban.base.words import say_day
from tongban.cases.models import Case, Step
from tongban.cases.rules.table import Act
from tongban.cases.tests.build import a_case, an_officer, an_opening, do, later, stage
from tongban.cases.tests.test_validity import LEAVE, MOVING
from tongban.web.officer.tests.build import act, address_of, an_officer_at_his_desk

pytestmark = pytest.mark.django_db

ASKING = [stage("here", name="核对缴费记录", on_refusal="ask_applicant"), stage("after")]


def an_asked_case() -> Case:
    case = a_case(stages=ASKING)
    do(an_officer(), case, Act.ACCEPT)
    do(an_officer(), case, Act.PART_DECIDED, part="here", outcome="refused", text="没有这一段缴费记录")
    return case


def test_the_officer_sees_for_whom_he_waits_and_since_when():
    case = an_asked_case()
    client = an_officer_at_his_desk()
    page = client.get(address_of(case)).text
    asked = Step.objects.filter(case=case).latest("no").header
    assert "正在等申请人选择" in page
    since, until = (say_day(date.fromisoformat(day)) for day in (asked["legal_date"], asked["facts"]["answer_by"]))
    assert f"自{since}起，最迟 {until}" in page
    assert page.count("核对缴费记录") == 3, "the note, the flow, the past"
    assert "等待申请人选择" in client.get("/office/").text


def test_a_decision_before_the_answer_is_refused_in_words_and_what_was_typed_stays():
    case = an_asked_case()
    answer = act(an_officer_at_his_desk(), case, "deny", reason="没有缴费记录，无法转移")
    assert answer.status_code == 422
    assert "申请人选择之前不能作出决定" in answer.text
    assert "没有缴费记录，无法转移" in answer.text


def test_after_the_last_day_the_officer_goes_on_by_a_form():
    case = an_asked_case()
    later(12)
    client = an_officer_at_his_desk()
    page = client.get(address_of(case)).text
    assert "申请人没有在" in page
    assert f'href="{address_of(case, "acts", "go_on")}"' in page
    assert act(client, case, "go_on").status_code == 302
    assert Step.objects.filter(case=case).latest("no").header["facts"]["silent"] is True
    assert "申请人到期没有选择" not in client.get("/office/").text


def test_a_refusal_without_a_reason_for_the_person_is_told_at_its_box():
    case = a_case(stages=ASKING)
    do(an_officer(), case, Act.ACCEPT)
    answer = act(an_officer_at_his_desk(), case, "part_decided", part="here", outcome="refused")
    assert answer.status_code == 422
    assert 'id="q-text-wrong"' in answer.text


def test_what_could_be_about_nothing_is_not_offered():
    case = a_case(stages=[stage("here")])
    do(an_officer(), case, Act.ACCEPT)
    page = an_officer_at_his_desk().get(address_of(case)).text
    assert "/acts/go_on/" not in page
    assert "/acts/renew/" not in page


def a_move() -> Case:
    case = a_case(opening=an_opening(answers={"business_place": "340121000000"}), stages=MOVING)
    do(an_officer(), case, Act.ACCEPT)
    do(an_officer(), case, Act.PART_DECIDED, part="permit", outcome="done")
    return case


def test_the_work_list_tells_of_a_paper_before_it_ends_and_after():
    a_move()
    client = an_officer_at_his_desk()
    assert client.get("/office/").text.count("环节文书在有效期内") == 2
    later(36)
    assert "环节文书还剩" in client.get("/office/").text
    later(14)
    assert "环节文书已过期" in client.get("/office/").text


def test_an_ended_paper_is_put_out_anew_by_a_form_that_names_it():
    case = a_move()
    later(50)
    client = an_officer_at_his_desk()
    page = client.get(address_of(case)).text
    assert "户口准迁证已于" in page
    assert "（已过期）" in page
    assert "户口准迁证：" in client.get(address_of(case, "acts", "renew")).text
    assert act(client, case, "renew", part="permit", reason="迁出地尚未办结").status_code == 302
    assert "户口准迁证已于" not in client.get(address_of(case)).text


def test_the_other_place_reads_on_its_page_why_it_cannot_grant():
    a_move()
    assist = Case.objects.get(lead_part=LEAVE)
    do(an_officer(), assist, Act.ACCEPT)
    later(50)
    page = an_officer_at_his_desk().get(address_of(assist)).text
    assert "牵头地出具的户口准迁证有效期已于" in page
    assert "户口准迁证已于" in page
