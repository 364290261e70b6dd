from typing import Any

import pytest
from django.test import Client

from tongban.applications.models import Application
from tongban.applications.queries import signatures_of
from tongban.applications.tests.build import CO_APPLICANTS, LI
from tongban.base.uuid7 import uuid7
from tongban.cases.models import Case
from tongban.cases.rules.table import Act
from tongban.cases.tests.build import FEIXI, XUHUI, an_officer, do
from tongban.people.tests.build import a_person
from tongban.web.citizen.tests.build import (
    FORM,
    SITUATION,
    a_citizen,
    a_scan,
    address,
    begin,
    send,
    some_ground,
)

pytestmark = pytest.mark.django_db

TYPED = {"members.0.name": "示例李强", "members.0.id_number": LI, "members.0.relation": "spouse"}


@pytest.fixture(autouse=True)
def _ground(settings, tmp_path):
    some_ground(settings, tmp_path, parties={**CO_APPLICANTS})


def li() -> Client:
    return a_citizen(a_person(name="示例李强", id_number=LI).id)


def filled(client: Client, place: str = FEIXI) -> Application:
    application = begin(client, place)
    send(client, application, "situations", {**SITUATION, "operation": "family"})
    send(client, application, "form", {**FORM, "business_place": place, **TYPED})
    send(
        client, application, "materials", {"material.application": a_scan("a"), "material.premises_proof": a_scan("b")}
    )
    return application


def asked(client: Client, place: str = FEIXI) -> Application:
    application = filled(client, place)
    send(client, application, "check", {"agree": "yes", "do": "sign"})
    return application


def sign(client: Client, matter: Any, **more: str) -> Any:
    page = client.get(f"/sign/{matter}/")
    return client.post(f"/sign/{matter}/", {"agree": "yes", "digest": page.context["matter"].digest, **more})


def signed_by_both(place: str = FEIXI) -> Application:
    wang = a_citizen()
    application = asked(wang, place)
    sign(li(), application.id)
    send(wang, application, "check", {"agree": "yes", "do": "submit"})
    application.refresh_from_db()
    return application


def text(response: Any) -> str:
    return str(response.content.decode())


def test_the_last_page_asks_for_signatures_before_it_hands_in():
    wang = a_citizen()
    application = filled(wang)
    page = text(wang.get(address(application, "check")))
    assert "要由 2 人分别签名" in page
    assert "签名，并请其他人签名" in page
    assert "提交申请</button>" not in page


def test_who_is_asked_finds_it_on_his_page_and_signs_what_is_shown_whole():
    application = asked(a_citizen())
    assert "等我签名" in text(li().get("/my/"))
    assert "个体工商户设立登记" in text(li().get("/my/signatures/"))
    page = text(li().get(f"/sign/{application.id}/"))
    for shown in ("示例王芳", "小吃服务", "示例路1号", "a.pdf"):
        assert shown in page
    assert sign(li(), application.id).status_code == 302
    assert "您已于" in text(li().get(f"/sign/{application.id}/"))


def test_a_paper_of_it_is_opened_by_him_who_signs_and_by_nobody_else():
    application = asked(a_citizen())
    digest = li().get(f"/sign/{application.id}/").context["materials"][0][1]
    opened = li().get(f"/sign/{application.id}/materials/{digest}/")
    assert b"".join(opened.streaming_content).startswith(b"%PDF")
    stranger = a_citizen(uuid7())
    assert stranger.get(f"/sign/{application.id}/materials/{digest}/").status_code == 404
    assert stranger.get(f"/sign/{application.id}/").status_code == 404


def test_nobody_signs_without_a_tick():
    application = asked(a_citizen())
    assert sign(li(), application.id, agree="").status_code == 422
    assert [row.state for row in signatures_of(application.id)] == ["signed", "waiting"]


def test_when_all_have_signed_the_applicant_hands_it_in():
    wang = a_citizen()
    application = asked(wang)
    assert "还在等待签名" in text(wang.get(address(application, "check")))
    assert "等待其他人签名" in text(wang.get("/my/"))
    sign(li(), application.id)
    assert "已全部签名，可以提交" in text(wang.get("/my/"))
    answer = send(wang, application, "check", {"agree": "yes", "do": "submit"})
    assert answer.url == f"/receipts/{application.id}/"


def test_a_change_voids_the_signatures_and_both_are_told():
    wang = a_citizen()
    application = asked(wang)
    sign(li(), application.id)
    send(wang, application, "form", {**FORM, **TYPED, "scope": "早点"})
    assert "原来的签名已经作废" in text(wang.get(address(application, "check")))
    assert "内容有改动" in text(li().get("/my/signatures/"))
    answer = li().get(f"/sign/{application.id}/")
    assert (answer.status_code, "改好以后会再请您签名" in text(answer)) == (422, True)


def test_a_number_that_is_another_persons_leads_back_to_its_box():
    li()
    wang = a_citizen()
    application = filled(wang)
    send(wang, application, "form", {**FORM, **TYPED, "members.0.name": "示例陈立"})
    answer = send(wang, application, "check", {"agree": "yes", "do": "sign"})
    assert answer.status_code == 422
    assert [error.id for error in answer.context["errors"]] == ["q-members-0-name"]


def test_the_other_applicant_follows_it_before_and_after_the_home_has_registered_it():
    far = signed_by_both(XUHUI)
    assert far.number in text(li().get("/my/"))
    assert "待对方登记" in text(li().get(f"/cases/{far.id}/"))


def test_the_other_applicant_sees_the_case_and_who_signed():
    application = signed_by_both()
    page = text(li().get(f"/cases/{application.id}/"))
    assert "当事人" in page
    assert "共同申请人" in page
    assert "其他申请人也申请撤回以后，才会撤回" in page


def test_one_asks_to_withdraw_and_is_told_that_the_other_has_to_ask_too():
    application = signed_by_both()
    client = li()
    client.post(f"/cases/{application.id}/withdraw/", {"sure": "yes"})
    page = text(client.get(f"/cases/{application.id}/"))
    assert "其他申请人也申请以后，才会撤回" in page
    assert "我确认撤回这件申请" not in page
    assert "我确认撤回这件申请" in text(a_citizen().get(f"/cases/{application.id}/"))


def test_a_supplement_waits_on_the_page_of_the_case_until_all_have_signed():
    application = signed_by_both()
    case = Case.objects.get(id=application.id)
    do(an_officer(), case, Act.ASK_CORRECTION, targets=[{"target": "field:scope", "problem": "太笼统"}])
    wang = a_citizen()
    wang.post(f"/cases/{case.id}/supply/", {"seen": case.head, "scope": "早点"})
    page = wang.get(f"/cases/{case.id}/")
    assert "补正内容等待签名" in text(page)
    assert "提交补正内容</button>" not in text(page)
    matter = page.context["supplement"].id
    assert "这次改动" in text(li().get(f"/sign/{matter}/"))
    sign(li(), matter)
    assert "提交补正内容</button>" in text(wang.get(f"/cases/{case.id}/"))
    wang.post(f"/cases/{case.id}/supplement/", {"do": "send"})
    case.refresh_from_db()
    assert case.status == "submitted"


def test_a_supplement_given_up_is_filled_in_anew():
    application = signed_by_both()
    case = Case.objects.get(id=application.id)
    do(an_officer(), case, Act.ASK_CORRECTION, targets=[{"target": "field:scope", "problem": "太笼统"}])
    wang = a_citizen()
    wang.post(f"/cases/{case.id}/supply/", {"seen": case.head, "scope": "早点"})
    wang.post(f"/cases/{case.id}/supplement/", {"do": "drop"})
    assert "请补正下面的内容" in text(wang.get(f"/cases/{case.id}/"))


def test_the_page_of_what_waits_costs_the_same_however_long(django_assert_num_queries):
    wang = a_citizen()
    for _ in range(3):
        asked(wang)
    client = li()
    with django_assert_num_queries(6):
        client.get("/my/signatures/")
