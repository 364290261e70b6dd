"""An application page by page: kept at each step, only what is needed, everything wrong told at one time."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from tongban.applications.models import Application
from tongban.applications.queries import content_of
from tongban.base.uuid7 import uuid7
from tongban.calendar.queries import today
from tongban.cases.models import Ask, Case
from tongban.cases.tests.build import FEIXI, ITEM, XUHUI, item_content, publish
from tongban.catalogue.actions import publish_implementation
from tongban.catalogue.models import ItemVersion
from tongban.catalogue.tests.build import OPERATOR
from tongban.people.tests.build import a_company
from tongban.web.citizen.tests.build import (
    FORM,
    SITUATION,
    a_citizen,
    a_scan,
    a_visitor,
    address,
    begin,
    fill_in,
    hand_in,
    send,
    some_ground,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _ground(settings, tmp_path):
    some_ground(settings, tmp_path)


def answers(application: Application) -> dict:
    application.refresh_from_db()
    return content_of(application)["answers"]


def test_a_visitor_logs_in_first_and_comes_back():
    answer = a_visitor().get(f"/items/{ITEM}/begin/?from={FEIXI}&at={XUHUI}")
    assert answer.url.startswith("/login/?next=/items/")


def test_before_it_begins_the_person_sees_for_whom_and_where():
    page = a_citizen().get(f"/items/{ITEM}/begin/", {"from": FEIXI, "at": XUHUI}).text
    assert "上海市徐汇区" in page
    assert "示**芳" in page
    assert 'value="online"' in page


def test_without_a_place_the_guide_asks_for_it_first():
    assert a_citizen().get(f"/items/{ITEM}/begin/", {"from": FEIXI}).url.startswith(f"/items/{ITEM}/")


def test_who_is_not_served_learns_it_before_filling_anything_in():
    client = a_citizen(person=a_company().id)
    page = client.get(f"/items/{ITEM}/begin/", {"from": FEIXI, "at": FEIXI}).text
    assert "这件事面向自然人" in page
    assert "开始填写" not in page
    client.post(f"/items/{ITEM}/begin/", {"from": FEIXI, "at": FEIXI})
    assert not Application.objects.exists()


def test_the_place_that_was_chosen_is_not_asked_again():
    application = begin(a_citizen(), XUHUI)
    assert answers(application) == {"business_place": XUHUI}


def test_the_situation_comes_first_and_leads_only_to_the_fields_needed():
    client = a_citizen()
    application = begin(client)
    assert client.get(f"/apply/{application.id}/").url == address(application, "situations")
    assert send(client, application, "situations", SITUATION).url == address(application, "form")
    page = client.get(address(application, "form")).text
    assert "经营场所详细地址" in page
    assert "网店网址" not in page


def test_an_unanswered_question_is_told_at_its_place_and_above():
    client = a_citizen()
    application = begin(client)
    page = send(client, application, "situations", {"operation": "personal"})
    assert page.status_code == 422
    assert "有 2 处需要修改" in page.text
    assert '<a href="#q-premises">' in page.text
    assert 'aria-describedby="q-premises-wrong"' in page.text


def test_what_was_right_is_kept_although_something_is_wrong():
    client = a_citizen()
    application = begin(client)
    send(client, application, "situations", SITUATION)
    page = send(client, application, "form", {**FORM, "employees": "两个"})
    assert page.status_code == 422
    assert "请填写整数" in page.text
    assert answers(application)["address"] == "示例路1号"


def test_a_question_that_an_answer_brings_up_is_asked_not_blamed():
    client = a_citizen()
    application = begin(client)
    send(client, application, "situations", SITUATION)
    page = client.get(address(application, "form"))
    application.refresh_from_db()
    send(client, application, "situations", {**SITUATION, "premises": "network"})
    application.refresh_from_db()
    late = {"seen": application.revision, "shown": page.context["shown"], **FORM}
    answer = client.post(address(application, "form"), late, follow=True)
    assert answer.status_code == 200
    assert "还有下面的内容需要填写" in answer.text
    assert "网店网址" in answer.text


def test_a_list_grows_by_a_button_and_keeps_what_was_typed():
    client = a_citizen()
    application = begin(client)
    send(client, application, "situations", {**SITUATION, "operation": "family"})
    typed = {**FORM, "members.0.name": "示例成员", "members.0.id_number": "", "more": "members"}
    answer = send(client, application, "form", typed)
    page = client.get(answer.url.partition("#")[0]).text
    assert 'name="members.1.name"' in page
    assert 'value="示例成员"' in page


def test_a_place_is_narrowed_down_without_scripts():
    client = a_citizen()
    application = begin(client)
    send(client, application, "situations", SITUATION)
    answer = send(client, application, "form", {**FORM, "business_place": "340000000000", "narrow": "business_place"})
    assert answer.url.endswith("#q-business_place")
    assert "合肥市" in client.get(answer.url.partition("#")[0]).text


def test_another_windows_changes_are_not_overwritten_and_nothing_typed_is_lost():
    client = a_citizen()
    application = begin(client)
    send(client, application, "situations", SITUATION)
    page = send(client, application, "form", {**FORM, "address": "别处"}, seen="1")
    assert page.status_code == 409
    assert "刚在别处修改过" in page.text
    assert 'value="别处"' in page.text
    assert "address" not in answers(application)


def test_missing_papers_are_named_all_at_once_and_shared_ones_are_not_asked_for():
    client = a_citizen()
    application = begin(client)
    send(client, application, "situations", SITUATION)
    send(client, application, "form", FORM)
    page = send(client, application, "materials", {"material.application": a_scan()})
    assert page.status_code == 422
    assert "有 1 处需要修改" in page.text
    assert "经营场所使用证明：这份材料还没有上传" in page.text
    assert "共享核验，免提交" in page.text


def test_a_file_is_judged_by_its_bytes_not_by_its_name():
    client = a_citizen()
    application = begin(client)
    send(client, application, "situations", SITUATION)
    program = SimpleUploadedFile("a.pdf", b"MZ\x90\x00", content_type="application/pdf")
    page = send(client, application, "materials", {"material.application": program, "go": "stay"})
    assert "请改传 PDF、JPG 或 PNG" in page.text
    assert content_of(Application.objects.get())["materials"] == []


def test_an_uploaded_paper_can_be_removed():
    client = a_citizen()
    application = fill_in(client)
    send(client, application, "materials", {"remove": "application"})
    assert [entry["key"] for entry in content_of(Application.objects.get())["materials"]] == ["premises_proof"]


def test_the_last_page_shows_everything_in_words():
    client = a_citizen()
    page = client.get(address(fill_in(client), "check")).text
    for text in ("个人经营", "安徽省合肥市肥西县", "示例路1号", "a.pdf", "经营者身份证件"):
        assert text in page


def test_the_last_page_leads_to_whatever_is_missing():
    client = a_citizen()
    application = begin(client)
    page = client.get(address(application, "check")).text
    assert f'href="{address(application, "situations")}#q-operation"' in page


def test_nothing_is_handed_in_without_the_promise():
    client = a_citizen()
    application = fill_in(client)
    page = send(client, application, "check", {})
    assert "请阅读并勾选承诺" in page.text
    assert not Case.objects.exists()


def test_handing_in_gives_a_receipt_with_its_number_at_once():
    client = a_citizen()
    application = fill_in(client, XUHUI)
    answer = send(client, application, "check", {"agree": "yes"})
    application.refresh_from_db()
    page = client.get(answer.url).text
    assert application.number in page
    assert "021-12345" in page
    assert Ask.objects.get().outcome == "waiting"


def test_the_paper_of_the_receipt_runs_nothing_and_can_be_kept():
    client = a_citizen()
    application = hand_in(client)
    shown = client.get(f"/receipts/{application.id}/paper/")
    assert "sandbox" in shown.headers["Content-Security-Policy"]
    assert "paper.css" in shown.text
    saved = client.get(f"/receipts/{application.id}/paper/?save")
    assert "attachment" in saved.headers["Content-Disposition"]
    assert "paper.css" not in saved.text


def test_another_persons_draft_is_not_there():
    application = begin(a_citizen())
    stranger = a_citizen(person=uuid7())
    for path in (address(application, "form"), f"/receipts/{application.id}/", f"/apply/{application.id}/"):
        assert stranger.get(path).status_code == 404
    assert stranger.post(f"/apply/{application.id}/drop/").status_code == 404


def test_a_draft_can_be_given_up():
    client = a_citizen()
    application = begin(client)
    client.post(f"/apply/{application.id}/drop/")
    application.refresh_from_db()
    assert application.state == "dropped"


def test_in_a_demonstration_an_example_fills_everything_in():
    client = a_citizen()
    application = begin(client)
    send(client, application, "situations", {"example": "personal_shop"})
    assert answers(application)["business_place"] == FEIXI
    assert answers(application)["scope"] == "小吃服务"


def test_what_has_been_handed_in_opens_its_case_not_a_form():
    client = a_citizen()
    application = hand_in(client)
    assert client.get(address(application, "form")).url == f"/cases/{application.id}/"


def test_a_draft_is_told_that_its_item_has_a_newer_version_and_goes_on_under_it():
    client = a_citizen()
    application = begin(client)
    send(client, application, "situations", SITUATION)
    publish(number=2, limits={**item_content(ITEM)["limits"], "promised": "2 working"})
    page = client.get(address(application, "form")).text
    assert "这个事项的标准有了第 2 版" in page
    assert "照原来的第 1 版提交" in page
    assert "现在是“2 个工作日”" in page, page[page.index("有哪些不同") :][:600]
    assert "标准有了新版" in client.get("/my/").text
    client.post(f"/apply/{application.id}/version/")
    application.refresh_from_db()
    assert application.version == 2
    assert answers(application)["premises"] == SITUATION["premises"]
    assert "这个事项的标准有了" not in client.get(address(application, "form")).text


def test_a_version_that_holds_no_more_is_told_and_so_is_an_item_that_takes_nothing():
    client = a_citizen()
    application = begin(client)
    publish(number=2, limits={**item_content(ITEM)["limits"], "promised": "2 working"})
    ItemVersion.objects.filter(item=ITEM, province="34", version=1).update(withdrawn_on=today())
    page = client.get(address(application, "situations")).text
    assert "原来的第 1 版已经不能用来提交" in page
    ItemVersion.objects.filter(item=ITEM, province="34").update(suspended_from=today())
    assert "这个事项现在不收新的申请" in client.get(address(application, "situations")).text
    assert "暂不收新的申请" in client.get("/my/").text


def test_what_a_place_waives_is_not_asked_for():
    client = a_citizen()
    application = begin(client)
    send(client, application, "situations", SITUATION)
    send(client, application, "form", FORM)
    assert "经营场所使用证明" in client.get(address(application, "materials")).text
    row = {"item": ITEM, "place": FEIXI, "version": 1, "starts": "2020-01-01", "source": "示例", "sources": {}}
    publish_implementation(OPERATOR, content={**row, "waived": ["premises_proof"]})
    assert "经营场所使用证明" not in client.get(address(application, "materials")).text
