"""An intake at the counter, on PostgreSQL as the app role."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tongban.applications.models import Application
from tongban.applications.queries import content_of
from tongban.base.words import say
from tongban.cases.models import Ask, Case, Dossier
from tongban.cases.tests.build import XUHUI, item_content
from tongban.journal.models import Entry
from tongban.people.tests.build import WANG
from tongban.web.counter.tests.build import (
    ANSWERS,
    ITEM,
    PERSON,
    a_clerk,
    a_clerk_at_the_counter,
    a_counter,
    a_scan_of,
    address_of,
    begin,
    everything,
    handed_in,
    press,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _ground(settings, tmp_path):
    a_counter(settings, tmp_path)


def test_the_search_says_for_each_item_whether_it_may_be_received_here_and_why():
    page = a_clerk_at_the_counter().get("/counter/new/", {"q": "个体", "place": XUHUI})
    offer = next(offer for offer in page.context["offers"] if offer.key == ITEM)
    assert [mode for mode, _ in offer.modes] == ["counter"]
    assert offer.why


def test_without_an_agreement_the_reason_stands_where_the_button_would_be(settings):
    page = a_clerk_at_the_counter().get("/counter/new/", {"q": "个体", "place": "320102000000"})
    offer = next(offer for offer in page.context["offers"] if offer.key == ITEM)
    assert offer.modes == ()
    assert offer.why in page.text


def test_a_place_is_chosen_level_by_level_without_script():
    page = a_clerk_at_the_counter().get("/counter/new/", {"q": "个体", "place": "340000000000", "narrow": "place"})
    assert "合肥市" in page.text
    assert page.context["offers"] == []


def test_where_the_matter_lies_is_not_asked_again():
    application = begin(a_clerk_at_the_counter(), XUHUI)
    assert content_of(application)["answers"] == {"business_place": XUHUI}


def test_the_checklist_names_whose_standard_it_is_and_how_old():
    client = a_clerk_at_the_counter()
    page = client.get(address_of(begin(client, XUHUI)))
    assert page.context["standard"].province == "上海市"
    assert "上海市标准第 1 版" in page.text


def test_the_checklist_follows_the_situation():
    client = a_clerk_at_the_counter()
    application = begin(client)
    press(client, application, premises="network")
    keys = {line.check.key for line in client.get(address_of(application)).context["checks"]}
    assert "platform_proof" in keys
    assert "premises_proof" not in keys


def test_one_button_keeps_answers_scans_comparisons_and_the_person():
    client = a_clerk_at_the_counter()
    application = begin(client)
    press(client, application, premises="shop")
    assert press(client, application, "save", **everything()).status_code == 302
    application.refresh_from_db()
    content = content_of(application)
    assert content["answers"]["scope"] == "小吃服务"
    assert {entry["key"]: entry["compared"] for entry in content["materials"]} == {
        "application": True,
        "premises_proof": False,
    }
    assert content["identity_check"]["way"] == "card_seen"
    assert application.applicant is not None


def test_who_compared_an_original_and_when_stays_with_it():
    clerk = a_clerk()
    client = a_clerk_at_the_counter(clerk)
    application = begin(client)
    press(client, application, **{"material.application": a_scan_of("application")})
    press(client, application, **{"compared.application": "yes"})
    application.refresh_from_db()
    scan = content_of(application)["materials"][0]
    assert scan["compared_by"]["officer"] == str(clerk.person)
    assert scan["compared_by"]["organ"] == clerk.organ


def test_a_wrong_number_loses_neither_the_answers_nor_the_scans():
    client = a_clerk_at_the_counter()
    application = begin(client)
    answer = press(client, application, "submit", **{**everything(), "id_number": "999934198603120000"})
    assert answer.status_code == 422
    assert "999934198603120000" in answer.text
    application.refresh_from_db()
    content = content_of(application)
    assert content["answers"]["scope"] == "小吃服务"
    assert len(content["materials"]) == 2
    assert application.state == Application.State.DRAFT


def test_a_file_that_is_no_scan_is_told_at_its_line():
    client = a_clerk_at_the_counter()
    application = begin(client)
    upload = a_scan_of("x")
    upload.name, upload.file = "x.exe", type(upload.file)(b"MZ not a scan")
    upload.size = 13
    answer = press(client, application, **{"material.application": upload})
    assert answer.status_code == 422
    assert 'id="m-application-wrong"' in answer.text


def test_everything_that_is_missing_is_told_at_one_time():
    client = a_clerk_at_the_counter()
    application = begin(client)
    press(client, application, **ANSWERS)
    answer = press(client, application, "submit", **PERSON, scope="")
    assert answer.status_code == 422
    labels = {error.label for error in answer.context["errors"]}
    assert {"经营范围", "个体工商户登记（备案）申请书", "经营场所使用证明"} <= labels


def test_without_an_applicant_it_is_not_handed_in():
    client = a_clerk_at_the_counter()
    application = begin(client)
    typed = {name: value for name, value in everything().items() if name not in PERSON}
    answer = press(client, application, "submit", **typed)
    assert answer.status_code == 422
    assert say("reason.no_applicant") in answer.text


def test_what_another_window_changed_is_not_overwritten_and_what_was_typed_stays():
    client = a_clerk_at_the_counter()
    application = begin(client)
    press(client, application, scope="第一个窗口写的")
    answer = client.post(
        address_of(application), {"do": "save", "seen": "1", "shown": ["scope"], "scope": "第二个窗口写的"}
    )
    assert answer.status_code == 409
    assert "第二个窗口写的" in answer.text
    application.refresh_from_db()
    assert content_of(application)["answers"]["scope"] == "第一个窗口写的"


def test_an_intake_is_saved_when_the_person_leaves_and_taken_up_again():
    client = a_clerk_at_the_counter()
    application = begin(client)
    assert press(client, application, "leave", **{**PERSON, "scope": "小吃"}).url == "/counter/"
    desk = client.get("/counter/").text
    assert address_of(application) in desk
    assert "草稿" in desk
    assert "小吃" in client.get(address_of(application)).text


def test_taking_an_intake_up_again_is_a_look_once_in_half_an_hour():
    client = a_clerk_at_the_counter()
    application = begin(client)
    press(client, application, **PERSON)
    for _ in range(3):
        page = client.get(address_of(application))
    assert Entry.objects.filter(case=application.id, what="application").count() == 1
    assert WANG not in page.text


def test_handing_in_gives_a_receipt_to_print_and_opens_the_case():
    client = a_clerk_at_the_counter()
    application = handed_in(client)
    assert Case.objects.get(id=application.id).receiving_organ == application.organ
    page = client.get(address_of(application, "papers", "receipt"))
    assert application.number in page.text
    assert "收件凭证" in page.text


def test_the_receipt_is_there_while_the_home_has_not_answered():
    client = a_clerk_at_the_counter()
    application = handed_in(client, XUHUI)
    assert Ask.objects.get(case_id=application.id).outcome == "waiting"
    page = client.get(f"/counter/cases/{application.id}/").text
    assert "待对方登记" in page
    assert "0551-12345" in page
    assert client.get(address_of(application, "papers", "receipt")).status_code == 200


def test_how_the_identity_was_checked_travels_to_the_home():
    application = handed_in(a_clerk_at_the_counter())
    assert Dossier.objects.filter(case=application.id).exists()
    content = content_of(application)
    assert content["identity_check"]["organ"] == application.organ


def test_returning_on_the_spot_lists_everything_that_is_missing_on_one_note():
    client = a_clerk_at_the_counter()
    application = begin(client)
    assert press(client, application, "return", **PERSON, premises="shop").url == address_of(application, "return")
    answer = client.post(address_of(application, "return"), {"reason": "缺经营场所证明"})
    assert answer.url == f"/counter/cases/{application.id}/"
    note = client.get(address_of(application, "papers", "returned")).text
    assert "一次性告知单" in note
    assert "经营场所使用证明" in note
    assert not Case.objects.filter(id=application.id).exists()


def test_a_return_without_a_word_of_explanation_is_not_made():
    client = a_clerk_at_the_counter()
    application = begin(client)
    answer = client.post(address_of(application, "return"), {"reason": " "})
    assert answer.status_code == 422
    application.refresh_from_db()
    assert application.state == Application.State.DRAFT


def test_an_intake_of_another_counter_is_as_if_it_were_not_there():
    application = begin(a_clerk_at_the_counter())
    stranger = a_clerk()
    other = type(stranger)(role=stranger.role, node="34", person=stranger.person, organ="X" * 18, via=stranger.via)
    assert a_clerk_at_the_counter(other).get(address_of(application)).status_code == 404


def test_an_original_is_held_only_where_the_item_demands_it():
    client = a_clerk_at_the_counter()
    page = client.get(address_of(begin(client)))
    assert "收存原件" not in page.text
    assert not any(material.get("original") for material in item_content()["materials"])


def test_giving_up_an_intake_sends_nothing():
    client = a_clerk_at_the_counter()
    application = begin(client)
    client.post(address_of(application, "drop"))
    assert client.get(address_of(application)).status_code == 404


def test_a_longer_list_asks_the_database_no_more_often():
    client = a_clerk_at_the_counter()
    press(client, begin(client), **PERSON)
    client.get("/counter/")
    with CaptureQueriesContext(connection) as one:
        client.get("/counter/")
    for _ in range(6):
        begin(client)
    with CaptureQueriesContext(connection) as many:
        client.get("/counter/")
    assert len(many) == len(one) <= 12
