"""The officer's pages, on PostgreSQL as the app role."""

import pytest

from tongban.base.words import say
from tongban.cases.models import Body, Case, Step
from tongban.cases.queries import allowed_acts
from tongban.cases.rules.table import Act
from tongban.cases.tests.build import WANG, a_case, an_officer, an_opening, do, later, stage
from tongban.journal.models import Entry
from tongban.web.officer.tests.build import act, address_of, an_officer_at_his_desk, logged_in, open_dossier

pytestmark = pytest.mark.django_db


def test_the_case_page_has_exactly_the_buttons_that_the_table_allows():
    case = a_case()
    officer = an_officer("accept", "decline", "record")
    page = logged_in(officer).get(address_of(case))
    offered = {name for name in Act if f"/acts/{name}/" in page.text}
    assert offered == set(allowed_acts(officer, case)) == {Act.ACCEPT, Act.DECLINE, Act.RECORD}


def test_accepting_takes_one_click_and_leads_back_to_the_case():
    case = a_case()
    client = an_officer_at_his_desk()
    answer = act(client, case, "accept")
    assert (answer.status_code, answer.url) == (302, address_of(case))
    assert Case.objects.get(id=case.id).status == "accepted"


def test_a_correction_names_everything_that_was_ticked_or_written_about():
    case = a_case()
    act(
        an_officer_at_his_desk(),
        case,
        "ask_correction",
        **{
            "target": ["field:trade_name"],
            "problem:field:trade_name": "名称与他人重复",
            "problem:material:application": "没有签名",
        },
    )
    assert Step.objects.get(case=case, no=2).header["facts"]["targets"] == ["field:trade_name", "material:application"]


def test_a_tick_without_a_problem_is_told_at_its_line_and_keeps_the_rest():
    case = a_case()
    answer = act(
        an_officer_at_his_desk(),
        case,
        "ask_correction",
        **{"target": ["field:trade_name", "field:scope"], "problem:field:scope": "写得太宽"},
    )
    assert answer.status_code == 422
    assert 'id="t-field-trade_name-wrong"' in answer.text
    assert 'value="写得太宽"' in answer.text
    assert Case.objects.get(id=case.id).head == 1


def test_nothing_ticked_is_told_in_words():
    answer = act(an_officer_at_his_desk(), a_case(), "ask_correction")
    assert answer.status_code == 422
    assert say("input.nothing_ticked") in answer.text


def test_a_page_that_was_overtaken_says_what_changed_and_keeps_what_was_typed():
    case = a_case()
    client = an_officer_at_his_desk()
    do(an_officer(), case, Act.RECORD, event="note", text="电话已联系")
    answer = client.post(address_of(case, "acts", "decline"), {"seen": "1", "reason": "不属于本机关职权"})
    assert answer.status_code == 409
    assert "有了新进展" in answer.text
    assert say("record.note") in answer.text
    assert "不属于本机关职权" in answer.text
    assert f'name="seen" value="{case.head}"' in answer.text
    again = client.post(address_of(case, "acts", "decline"), {"seen": str(case.head), "reason": "不属于本机关职权"})
    assert again.status_code == 302


def test_what_was_typed_survives_even_when_the_act_is_no_longer_possible():
    case = a_case()
    client = an_officer_at_his_desk()
    do(an_officer(), case, Act.ACCEPT)
    answer = client.post(address_of(case, "acts", "decline"), {"seen": "1", "reason": "不属于本机关职权"})
    assert answer.status_code == 409
    assert "不属于本机关职权" in answer.text
    assert Case.objects.get(id=case.id).status == "accepted"


def test_personal_data_is_masked_until_a_purpose_is_written_down():
    case = a_case()
    client = an_officer_at_his_desk()
    assert WANG not in client.get(address_of(case)).text
    assert WANG not in client.get(address_of(case, "dossier")).text
    open_dossier(client, case, "核对申请人身份")
    assert WANG in client.get(address_of(case, "dossier")).text
    entry = Entry.objects.get(case=case.id)
    assert (entry.event, entry.what, entry.purpose) == ("look", "dossier", "核对申请人身份")


def test_without_a_purpose_nothing_is_opened_and_nothing_is_written_down():
    case = a_case()
    answer = open_dossier(an_officer_at_his_desk(), case, "  ")
    assert answer.status_code == 422
    assert WANG not in answer.text
    assert not Entry.objects.filter(case=case.id).exists()


def test_an_opened_dossier_closes_by_itself():
    case = a_case()
    client = an_officer_at_his_desk()
    open_dossier(client, case)
    later(1)
    assert WANG not in client.get(address_of(case, "dossier")).text


def test_one_persons_purpose_opens_nothing_for_another():
    case = a_case()
    open_dossier(an_officer_at_his_desk(), case)
    assert WANG not in an_officer_at_his_desk().get(address_of(case, "dossier")).text


def test_an_internal_opinion_stays_at_home():
    case = a_case()
    client = an_officer_at_his_desk()
    act(client, case, "accept", opinion="材料由乙复核")
    assert set(Body.objects.filter(step__case=case, step__no=2).values_list("audience", flat=True)) == {
        "applicant",
        "home",
    }
    assert "材料由乙复核" in client.get(address_of(case)).text


def test_the_current_stage_is_decided_on_its_form():
    case = a_case(stages=[stage("site"), stage("board")])
    client = an_officer_at_his_desk()
    act(client, case, "accept")
    assert "环节site" in client.get(address_of(case, "acts", "part_decided")).text
    act(client, case, "part_decided", part="site", outcome="done", text="现场核查合格")
    assert Case.objects.get(id=case.id).state["parts"][0]["status"] == "done"


def test_a_public_notice_shows_its_days_and_cannot_be_ended_before():
    case = a_case(stages=[stage("notice", kind="publicity")])
    client = an_officer_at_his_desk()
    act(client, case, "accept")
    assert "期满次日起可以办结" in client.get(address_of(case, "acts", "part_decided")).text
    answer = act(client, case, "part_decided", part="notice", outcome="done")
    assert answer.status_code == 422
    assert say("reason.still_waiting", stage="环节notice") in answer.text


def test_an_act_that_the_law_refuses_says_why_on_the_form():
    case = a_case(stages=[stage("site")])
    client = an_officer_at_his_desk()
    act(client, case, "accept")
    answer = act(client, case, "grant")
    assert answer.status_code == 422
    assert say("reason.parts_open", stage="环节site") in answer.text


def test_transfer_asks_for_the_place_level_by_level_without_losing_the_reason():
    case = a_case()
    client = an_officer_at_his_desk()
    half = act(client, case, "transfer", narrow="place", place="340000000000", reason="经营场所不在本地")
    assert half.status_code == 200
    assert "合肥市" in half.text
    assert "经营场所不在本地" in half.text
    assert Case.objects.get(id=case.id).head == 1


def test_a_case_of_another_region_is_as_if_it_were_not_there():
    case = a_case()
    client = an_officer_at_his_desk(region="3402")
    assert client.get(address_of(case)).status_code == 404
    assert client.get(address_of(case, "acts", "accept")).status_code == 404


def test_a_document_is_read_only_by_one_who_said_why():
    case = a_case(opening=an_opening())
    client = an_officer_at_his_desk()
    act(client, case, "accept")
    number = Step.objects.get(case=case, no=2).header["documents"][0]["number"]
    assert client.get(address_of(case, "documents", number)).status_code == 422
    open_dossier(client, case)
    assert "受理通知书" in client.get(address_of(case, "documents", number)).text


def test_what_would_be_refused_whatever_it_said_is_told_beside_its_name():
    case = a_case(stages=[stage("site")])
    client = an_officer_at_his_desk()
    act(client, case, "accept")
    page = client.get(address_of(case)).text
    assert say("reason.parts_open", stage="环节site") in page
    assert say("reason.not_suspended") in page


def test_money_is_granted_with_its_sum_and_arrives_as_the_same_sum():
    case = a_case(pattern="money", closing="money_arrived")
    client = an_officer_at_his_desk()
    act(client, case, "accept")
    assert act(client, case, "grant").status_code == 422
    act(client, case, "grant", amount="1200")
    assert "1200.00 元" in client.get(address_of(case)).text
    form = client.get(address_of(case, "acts", "deliver"))
    assert 'value="1200.00"' in form.text
    wrong = act(client, case, "deliver", event="money_arrived", amount="1199.00")
    assert say("reason.amount_differs", drawn="1200.00") in wrong.text
    act(client, case, "deliver", event="money_arrived", amount="1200.00")
    assert Case.objects.get(id=case.id).status == "closed"


def test_an_extension_names_who_approved_it_and_stays_within_the_law():
    case = a_case()
    client = an_officer_at_his_desk()
    act(client, case, "accept")
    wrong = act(client, case, "extend", days="90", approver="示例负责人", reason="案情复杂")
    assert say("reason.days_out_of_range") in wrong.text
    act(client, case, "extend", days="3", approver="示例负责人", reason="案情复杂")
    assert "已延长 3 日" in client.get(address_of(case)).text


def test_a_special_procedure_stops_the_clock_until_it_ends():
    case = a_case()
    client = an_officer_at_his_desk()
    act(client, case, "accept")
    act(client, case, "suspend", kind="hearing", reason="须听证，预计十日")
    page = client.get(address_of(case)).text
    assert "特别程序中（听证）" in page
    assert "启动特别程序（听证）" in page
    act(client, case, "resume")
    assert "特别程序中（听证）" not in client.get(address_of(case)).text


def test_a_hand_off_is_answered_with_where_the_matter_is_done():
    case = a_case(pattern="handoff", handoff={"to": "医保服务平台", "channels": ["线上"], "source": "示例"})
    client = an_officer_at_his_desk()
    assert "医保服务平台" in client.get(address_of(case, "acts", "answer")).text
    act(client, case, "answer", handed_to="医保服务平台")
    assert Case.objects.get(id=case.id).status == "answered"


def test_who_received_it_and_under_which_number_stands_with_the_opening():
    case = a_case()
    page = an_officer_at_his_desk().get(address_of(case)).text
    assert "安徽省网上申请" in page
    assert "S1" in page


def test_an_assist_case_says_for_whom_and_may_be_granted_in_part():
    stages = [stage("there", kind="assist", place="field:business_place")]
    lead = a_case(stages=stages, opening=an_opening(answers={"business_place": "340102000000"}))
    client = an_officer_at_his_desk()
    act(client, lead, "accept")
    assist = Case.objects.get(lead=lead.id)
    page = client.get(address_of(assist)).text
    assert "请求协办" in page
    assert "部分准予" not in page
    act(client, assist, "accept")
    assert "部分准予" in client.get(address_of(assist, "acts", "grant")).text
    act(client, assist, "grant", partial="yes", text="一人同意，一人不同意")
    assert Case.objects.get(id=lead.id).state["parts"][0]["status"] == "partial"
