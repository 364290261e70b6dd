from typing import Any

import pytest
from django.test import Client

from tongban.applications.actions import ask_signatures
from tongban.applications.models import Application
from tongban.applications.queries import signatures_of
from tongban.applications.tests.build import CO_APPLICANTS, filled_in, wang
from tongban.cases.models import Case
from tongban.cases.rules.table import Act
from tongban.cases.tests.build import an_officer, do
from tongban.people.tests.build import LI
from tongban.web.counter.tests.build import a_clerk_at_the_counter, a_counter, a_scan_of, begin, everything, press

pytestmark = pytest.mark.django_db

FAMILY = {
    "operation": "family",
    "members.0.name": "示例李强",
    "members.0.id_number": LI,
    "members.0.relation": "spouse",
}


@pytest.fixture(autouse=True)
def _ground(settings, tmp_path):
    a_counter(settings, tmp_path, parties=CO_APPLICANTS)


def ready(client: Client) -> Application:
    """An intake with everything, before anybody has signed."""
    application = begin(client)
    press(client, application, operation="family", premises="shop", permit="no")
    press(client, application, **{**everything(), **FAMILY})
    application.refresh_from_db()
    return application


def asked(client: Client) -> Application:
    application = ready(client)
    press(client, application, "ask", **FAMILY)
    application.refresh_from_db()
    return application


def sign(client: Client, matter: Any, number: int, **more: str) -> Any:
    typed = {"do": f"sign:{number}", f"way.{number}": "card_read", f"note.{number}": "", **more}
    return client.post(f"/counter/signatures/{matter}/", typed)


def text(response: Any) -> str:
    return str(response.content.decode())


def states(application: Application) -> list[str]:
    return [row.state for row in signatures_of(application.id)]


def test_the_intake_says_who_has_to_sign_and_leads_to_it():
    client = a_clerk_at_the_counter()
    application = ready(client)
    page = text(client.get(f"/counter/intakes/{application.id}/"))
    assert "由 2 人分别签名" in page
    answer = press(client, application, "ask", **FAMILY)
    assert answer.url == f"/counter/signatures/{application.id}/"


def test_each_is_identified_and_signs_what_is_shown_whole():
    client = a_clerk_at_the_counter()
    application = asked(client)
    page = text(client.get(f"/counter/signatures/{application.id}/"))
    assert "小吃服务" in page
    assert page.count("身份已核验，本人已签名") == 2
    sign(client, application.id, 1)
    page = text(sign(client, application.id, 2))
    assert "全部人员已经签名" in page
    assert "读卡核验，人证一致" in page
    assert states(application) == ["signed", "signed"]


def test_it_is_handed_in_after_the_last_has_signed():
    client = a_clerk_at_the_counter()
    application = asked(client)
    refused = press(client, application, "submit", **FAMILY)
    assert "还有2人没有签名" in text(refused)
    sign(client, application.id, 1)
    sign(client, application.id, 2)
    press(client, application, "submit", **FAMILY)
    assert Case.objects.get(id=application.id).status == "submitted"


def test_a_change_at_the_counter_voids_the_signatures_and_says_so():
    client = a_clerk_at_the_counter()
    application = asked(client)
    sign(client, application.id, 1)
    press(client, application, **{**FAMILY, "scope": "早点"})
    assert states(application) == ["void", "void"]
    assert "原来的签名已经作废" in text(client.get(f"/counter/intakes/{application.id}/"))
    assert "没有签名" not in text(client.get(f"/counter/signatures/{application.id}/"))


def test_who_brings_his_card_signs_what_another_filled_in_at_home():
    application = filled_in(wang())
    ask_signatures(wang(), application.id)
    client = a_clerk_at_the_counter()
    assert client.get(f"/counter/signatures/{application.id}/").status_code == 404
    found = text(client.post("/counter/signatures/", {"id_number": LI}))
    assert f"/counter/signatures/{application.id}/" in found
    page = text(client.post(f"/counter/signatures/{application.id}/", {"id_number": LI, "do": "open"}))
    assert page.count("身份已核验，本人已签名") == 1
    sign(client, application.id, 2, id_number=LI)
    assert states(application) == ["signed", "signed"]


def test_a_card_for_which_nothing_waits_and_a_number_that_is_none_are_told_apart():
    client = a_clerk_at_the_counter()
    assert "没有等这个号码签名的申请" in text(client.post("/counter/signatures/", {"id_number": LI}))
    assert client.post("/counter/signatures/", {"id_number": "12"}).status_code == 422


def test_a_supplement_is_signed_before_the_clerk_and_handed_in():
    client = a_clerk_at_the_counter()
    application = asked(client)
    for number in (1, 2):
        sign(client, application.id, number)
    press(client, application, "submit", **FAMILY)
    case = Case.objects.get(id=application.id)
    do(an_officer(), case, Act.ASK_CORRECTION, targets=[{"target": "material:application", "problem": "不清楚"}])
    typed = {"seen": case.head, "material.application": a_scan_of("clear")}
    answer = client.post(f"/counter/cases/{case.id}/acts/supply/", typed)
    matter = answer.url.rstrip("/").rpartition("/")[2]
    assert "补正内容等待签名" in text(client.get(f"/counter/cases/{case.id}/"))
    for number in (1, 2):
        sign(client, matter, number)
    client.post(f"/counter/cases/{case.id}/supplement/", {"do": "send"})
    case.refresh_from_db()
    assert case.status == "submitted"
