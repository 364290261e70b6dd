"""What a counter sees and does after it has handed in."""

import pytest

from tongban.applications.models import Custody
from tongban.cases.models import Ask, Case, Step
from tongban.cases.rules.table import Act
from tongban.cases.tests.build import XUHUI, an_officer, do, item_content
from tongban.files.models import File
from tongban.web.counter.tests.build import (
    a_clerk_at_the_counter,
    a_counter,
    a_scan_of,
    address_of,
    filled,
    press,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _ground(settings, tmp_path):
    materials = [dict(material) for material in item_content()["materials"]]
    materials[0]["original"] = True
    a_counter(settings, tmp_path, materials=materials)


def received(client, *, held: bool = True):
    """An application handed in, with its original in custody."""
    application = filled(client)
    if held:
        press(client, application, "take:application")
    press(client, application, "submit")
    return Case.objects.get(id=application.id)


def address(case, *rest):
    return "/".join([f"/counter/cases/{case.id}", *rest, ""])


def note(client, case, event, **typed):
    return client.post(address(case, "custody"), {"event": event, "material": "application", **typed})


def test_an_original_that_is_demanded_must_be_held_before_handing_in():
    client = a_clerk_at_the_counter()
    application = filled(client)
    assert press(client, application, "submit").status_code == 422
    press(client, application, "take:application")
    assert press(client, application, "submit").status_code == 302


def test_no_paper_travels_before_the_home_has_looked_at_the_scans():
    client = a_clerk_at_the_counter()
    case = received(client)
    assert "custody_sent" not in client.get(address(case)).text
    note(client, case, "custody_sent", waybill="SF123")
    assert Custody.objects.get(application=case.id).place == "here"
    do(an_officer(), case, Act.RECORD, event="precheck_passed")
    assert "custody_sent" in client.get(address(case)).text
    note(client, case, "custody_sent", waybill="SF123")
    assert Custody.objects.get(application=case.id).place == "sent"


def test_an_original_goes_out_arrives_and_comes_back_each_as_a_step_of_the_case():
    client = a_clerk_at_the_counter()
    case = received(client)
    do(an_officer(), case, Act.RECORD, event="precheck_passed")
    for event in ("custody_sent", "custody_arrived", "custody_returned"):
        note(client, case, event, waybill="SF123")
    noted = [step.header["facts"].get("event") for step in Step.objects.filter(case=case).order_by("no")]
    assert noted[-3:] == ["custody_sent", "custody_arrived", "custody_returned"]
    assert Custody.objects.get(application=case.id).place == "returned"


def test_sending_without_a_waybill_is_told():
    client = a_clerk_at_the_counter()
    case = received(client)
    do(an_officer(), case, Act.RECORD, event="precheck_passed")
    answer = client.post(address(case, "custody"), {"event": "custody_sent", "material": "application"}, follow=True)
    assert "运单号" in answer.text
    assert Custody.objects.get(application=case.id).place == "here"


def test_a_correction_is_passed_on_word_by_word():
    client = a_clerk_at_the_counter()
    case = received(client)
    do(an_officer(), case, Act.ASK_CORRECTION, targets=[{"target": "field:scope", "problem": "写得太宽"}])
    page = client.get(address(case)).text
    assert "请转告申请人补正" in page
    assert "写得太宽" in page


def test_the_counter_hands_in_the_supplement_for_the_person():
    client = a_clerk_at_the_counter()
    case = received(client)
    targets = [
        {"target": "field:scope", "problem": "写得太宽"},
        {"target": "material:premises_proof", "problem": "看不清"},
    ]
    do(an_officer(), case, Act.ASK_CORRECTION, targets=targets)
    form = client.get(address(case, "acts", "supply"))
    assert "小吃服务" in form.text
    assert "存在的问题：看不清" in form.text
    scan = {"material.premises_proof": a_scan_of("again"), "compared.premises_proof": "yes"}
    answer = client.post(address(case, "acts", "supply"), {"seen": case.head, "scope": "面点", **scan})
    assert answer.status_code == 302
    case.refresh_from_db()
    assert (case.status, case.head) == ("submitted", 3)


def test_a_scan_is_not_lost_when_something_else_of_the_supplement_is_missing():
    client = a_clerk_at_the_counter()
    case = received(client)
    targets = [
        {"target": "field:scope", "problem": "写得太宽"},
        {"target": "material:premises_proof", "problem": "看不清"},
    ]
    do(an_officer(), case, Act.ASK_CORRECTION, targets=targets)
    scan = {"material.premises_proof": a_scan_of("again")}
    half = client.post(address(case, "acts", "supply"), {"seen": case.head, "scope": "", **scan})
    assert half.status_code == 422
    assert "已上传：again.pdf" in half.text
    digest = next(scan.digest for scan in half.context["scans"])
    kept = {"kept.premises_proof": digest, "kept-name.premises_proof": "again.pdf"}
    done = client.post(address(case, "acts", "supply"), {"seen": case.head, "scope": "面点", **kept})
    assert done.status_code == 302


def test_a_digest_that_this_window_did_not_upload_is_not_taken():
    client = a_clerk_at_the_counter()
    case = received(client)
    do(an_officer(), case, Act.ASK_CORRECTION, targets=[{"target": "material:premises_proof", "problem": "看不清"}])
    digest = File.objects.order_by("digest").values_list("digest", flat=True)[0]
    kept = {"kept.premises_proof": digest, "kept-name.premises_proof": "x.pdf"}
    assert client.post(address(case, "acts", "supply"), {"seen": case.head, **kept}).status_code == 422


def test_recalling_before_acceptance_ends_the_case():
    client = a_clerk_at_the_counter()
    case = received(client, held=True)
    answer = client.post(address(case, "acts", "recall"), {"seen": case.head, "reason": "申请人改变主意"})
    assert answer.status_code == 302
    case.refresh_from_db()
    assert case.status == "withdrawn"


def test_the_counter_can_recall_what_the_home_has_not_registered_yet():
    client = a_clerk_at_the_counter()
    application = filled(client, XUHUI)
    press(client, application, "take:application")
    press(client, application, "submit")
    answer = client.post(f"/counter/cases/{application.id}/acts/recall/", {"seen": "", "reason": "写错了地点"})
    assert answer.status_code == 302
    assert list(Ask.objects.filter(case_id=application.id).order_by("made_at").values_list("act", flat=True)) == [
        "open",
        "recall",
    ]


def test_the_counter_hands_out_the_result():
    client = a_clerk_at_the_counter()
    case = received(client)
    do(an_officer(), case, Act.ACCEPT)
    do(an_officer(), case, Act.GRANT)
    client.post(address(case, "acts", "deliver"), {"seen": case.head, "text": "本人领取执照正本一份"})
    case.refresh_from_db()
    assert case.status == "closed"


def test_an_overtaken_form_says_what_changed_and_keeps_the_words():
    client = a_clerk_at_the_counter()
    case = received(client)
    seen = case.head
    do(an_officer(), case, Act.ACCEPT)
    answer = client.post(address(case, "acts", "recall"), {"seen": seen, "reason": "申请人改变主意"})
    assert answer.status_code == 409
    assert "受理" in answer.text
    assert "申请人改变主意" in answer.text


def test_the_counter_never_sees_the_decisions_amount_or_the_internal_opinion():
    client = a_clerk_at_the_counter()
    case = received(client)
    do(an_officer(), case, Act.ACCEPT, opinion="内部：请乙复核")
    assert "请乙复核" not in client.get(address(case)).text


def test_a_number_of_the_receipt_leads_to_the_case():
    client = a_clerk_at_the_counter()
    application = received(client)
    number = client.get(address(application)).context["application"].number
    assert client.get(f"/counter/?number={number}").url == f"/counter/cases/{application.id}/"


def test_partner_desks_come_from_the_directory():
    page = a_clerk_at_the_counter().get("/counter/partners/").text
    assert "上海市" in page
    assert "0551-12345" in page


def test_an_intake_given_in_elsewhere_shows_as_waiting_in_the_list():
    client = a_clerk_at_the_counter()
    application = filled(client, XUHUI)
    press(client, application, "take:application")
    press(client, application, "submit")
    assert "待对方登记" in client.get("/counter/").text
    assert address_of(application) not in client.get("/counter/").text


def test_a_payment_that_came_back_gets_another_account_through_the_counter():
    client = a_clerk_at_the_counter()
    case = received(client)
    Case.objects.filter(id=case.id).update(pattern="money")
    do(an_officer(), case, Act.ACCEPT)
    do(an_officer(), case, Act.GRANT, amount="1200.00")
    do(an_officer(), case, Act.DELIVER, event="money_bounced")
    assert "新的收款账户" in client.get(address(case, "acts", "supply")).text
    assert client.post(address(case, "acts", "supply"), {"seen": case.head, "account": ""}).status_code == 422
    client.post(address(case, "acts", "supply"), {"seen": case.head, "account": "6222000000000000"})
    case.refresh_from_db()
    assert case.state["money"] == "ordered"
