"""Several people in one case, as an officer sees and decides it."""

from typing import Any

import pytest

from tongban.cases.models import Case, Step
from tongban.cases.rules.state import from_json
from tongban.cases.rules.table import Act
from tongban.cases.tests.build import FEIXI, WANG, XUHUI, a_case, an_officer, an_opening, do, publish, stage
from tongban.cases.tests.test_parties import ANSWERS, EX_OFFICIO, LI_NAMED, MANY, TWO, a_number, signed
from tongban.orgs.tests.build import some_organs
from tongban.web.officer.tests.build import act, address_of, an_officer_at_his_desk, logged_in, open_dossier

pytestmark = pytest.mark.django_db

OTHER_NAMED = {"name": "示例成员", "id_number": a_number(), "relation": "child"}
TYPED = {
    "place": [FEIXI],
    "kind": "natural",
    "name": "示例王芳",
    "id_type": "identity_card",
    "id_number": WANG,
    "phone": "",
    "reason": "连续两年未报送年度报告（示例）",
    "shown": ["operation", "premises", "permit", "address", "scope", "employees"],
    "operation": "personal",
    "premises": "shop",
    "permit": "no",
    "address": "示例路1号",
    "scope": "小吃服务",
    "employees": "2",
}


def many(**changes: Any) -> Case:
    opening = an_opening(answers={**ANSWERS, "members": [LI_NAMED, OTHER_NAMED]})
    case = a_case(opening=opening, parties=MANY, **changes)
    do(an_officer(), case, Act.ACCEPT)
    return case


def test_the_head_names_all_who_apply_masked():
    case = a_case(opening=signed(), parties=TWO)
    page = an_officer_at_his_desk().get(address_of(case)).text
    assert "共同申请人" in page
    assert "示**芳" in page
    assert "示**强" in page


def test_the_dossier_shows_who_signed_when_and_that_it_is_what_stands_here():
    case = a_case(opening=signed(), parties=TWO)
    client = an_officer_at_his_desk()
    open_dossier(client, case)
    page = client.get(address_of(case, "dossier")).text
    assert "签名的内容摘要与现在的申请内容一致" in page
    assert "本人登录签名" in page


def test_the_dossier_names_who_has_not_signed_and_the_case_cannot_be_accepted():
    case = a_case(opening=an_opening(answers=ANSWERS), parties=TWO)
    client = an_officer_at_his_desk()
    open_dossier(client, case)
    assert "示例王芳、示例李强" in client.get(address_of(case, "dossier")).text
    assert "还有2人没有签名" in client.get(address_of(case)).text


def test_persons_are_granted_but_for_those_ticked_each_with_a_reason():
    case = many()
    client = an_officer_at_his_desk()
    page = client.get(address_of(case, "acts", "grant")).text
    assert "逐人决定（2 人）" in page
    act(client, case, "grant", **{"deny": ["members.1"], "why:members.1": "学籍查不到"})
    case.refresh_from_db()
    assert from_json(case.state).outcome == "partial"
    open_dossier(client, case)
    assert "学籍查不到" in client.get(address_of(case, "dossier")).text


def test_a_tick_without_a_reason_is_told_at_its_line_and_stays_ticked():
    case = many()
    answer = act(an_officer_at_his_desk(), case, "grant", **{"deny": ["members.1"], "why:members.1": ""})
    assert answer.status_code == 422
    assert 'id="deny-members-1-wrong"' in answer.text
    assert 'value="members.1" id="deny-members-1" checked' in answer.text


def test_names_are_whole_only_after_the_dossier_was_opened():
    case = many()
    client = an_officer_at_his_desk()
    assert "示例李强" not in client.get(address_of(case, "acts", "grant")).text
    open_dossier(client, case)
    assert "示例李强" in client.get(address_of(case, "acts", "grant")).text


def test_who_was_refused_at_his_place_is_ticked_with_its_reason():
    fields = [
        {"name": "business_place", "label": "地区", "type": "place"},
        {"name": "members", "label": "人员", "type": "people", "place": "迁出地"},
    ]
    people = [
        {**LI_NAMED, "place": XUHUI},
        {**OTHER_NAMED, "place": FEIXI},
        {**LI_NAMED, "id_number": WANG, "place": FEIXI},
    ]
    example = {"key": "one", "label": "一", "answers": {"business_place": FEIXI, "members": people}}
    case = a_case(
        opening=an_opening(answers=example["answers"]),
        parties=MANY,
        situations=[],
        fields=fields,
        materials=[],
        examples=[example],
        stages=[stage("from", kind="assist", place="field:members", on_refusal="continue")],
    )
    do(an_officer(), case, Act.ACCEPT)
    assist = Case.objects.get(lead=case.id, place=FEIXI)
    do(an_officer(), assist, Act.ACCEPT)
    do(an_officer(), assist, Act.GRANT, denied=[{"person": "members.1", "reason": "户口已迁走"}])
    page = an_officer_at_his_desk().get(address_of(case, "acts", "grant")).text
    assert 'value="members.2" id="deny-members-2" checked' in page
    assert 'value="户口已迁走"' in page
    assert 'value="members.1" id="deny-members-1" checked' not in page


def ready(**parties: Any) -> None:
    some_organs()
    publish(parties={**EX_OFFICIO, **parties})


def test_an_officer_finds_what_he_may_open_by_himself():
    ready()
    assert "/office/new/kstb-1-37/" in an_officer_at_his_desk().get("/office/new/").text
    assert "没有您可以依职权启动的事项" in an_officer_at_his_desk("grant").get("/office/new/").text
    assert an_officer_at_his_desk("grant").get("/office/new/kstb-1-37/").status_code == 404


def test_an_officer_opens_a_case_by_himself_and_the_page_says_so():
    ready()
    client = an_officer_at_his_desk()
    client.get("/office/new/kstb-1-37/")
    answer = client.post("/office/new/kstb-1-37/", TYPED)
    case = Case.objects.get()
    assert answer.url == address_of(case)
    assert Step.objects.get(case=case, no=1).header["facts"]["ex_officio"] is True
    assert "依职权办理" in client.get(address_of(case)).text


def test_what_is_missing_is_told_at_its_box_and_nothing_typed_is_lost():
    ready()
    answer = an_officer_at_his_desk().post("/office/new/kstb-1-37/", {**TYPED, "reason": "", "address": "路"})
    assert answer.status_code == 422
    assert 'id="q-reason-wrong"' in answer.text
    assert 'value="路"' in answer.text
    assert not Case.objects.exists()


def test_a_situation_brings_its_questions_before_anything_is_opened():
    ready()
    typed = {**TYPED, "premises": "network", "refresh": "1"}
    page = an_officer_at_his_desk().post("/office/new/kstb-1-37/", typed)
    assert (page.status_code, "电子商务平台名称" in page.text) == (200, True)


def test_an_item_for_applications_alone_is_not_offered():
    some_organs()
    publish()
    client = logged_in(an_officer())
    assert "/office/new/kstb-1-37/" not in client.get("/office/new/").text
    assert client.get("/office/new/kstb-1-37/").status_code == 404
