"""一件事 with a browser: what it means, one set of questions and papers, one handing in, one page for all parts."""

import pytest
from django.test import Client

from tongban.applications.tests.build import a_log_in
from tongban.base.uuid7 import uuid7
from tongban.bundles.actions import submit
from tongban.bundles.actions.following import follow_bundles
from tongban.bundles.models import Bundle, Part
from tongban.bundles.queries import content_of, shipped
from tongban.bundles.tests.build import answers_of, case_of, decide, filled_in, ground, states
from tongban.calendar.queries import now
from tongban.cases.rules.table import Act
from tongban.cases.tests.build import FEIXI, XUHUI
from tongban.catalogue.models import ItemVersion
from tongban.people.tests.build import a_company, a_person
from tongban.web.citizen.tests.build import a_citizen, a_scan, a_visitor

pytestmark = pytest.mark.django_db
FIRST = {"benefit": "yes", "check": "yes", "register_place": FEIXI, "paying_place": FEIXI, "insured_place": XUHUI}


@pytest.fixture(autouse=True)
def _ground(settings, tmp_path):
    ground(settings, tmp_path)


def begin(client: Client) -> Bundle:
    answer = client.post("/bundles/unemployed/begin/", {"from": FEIXI})
    return Bundle.objects.get(id=answer.url.rstrip("/").rpartition("/")[2])


def address(made: Bundle, page: str = "") -> str:
    return f"/my/bundles/{made.id}/{page}/" if page else f"/my/bundles/{made.id}/"


def send(client: Client, made: Bundle, page: str, typed: dict, **more):
    shown = client.get(address(made, page)).context.get("shown", [])
    made.refresh_from_db()
    return client.post(address(made, page), {"seen": made.revision, "shown": shown, **typed, **more})


def answer_first(client: Client, made: Bundle, **changes):
    """Twice: the first answers bring up the places of the parts that they call for."""
    send(client, made, "situations", {**FIRST, **changes})
    return send(client, made, "situations", {**FIRST, **changes})


def form() -> dict:
    """What a browser sends for the answers of the example."""
    return {name: answer for name, answer in answers_of(paying_place=FEIXI).items() if name not in FIRST}


def handed_in(client: Client, **changes) -> Bundle:
    made = filled_in(a_log_in(a_person().id), **{"paying_place": FEIXI, **changes})
    return submit(a_log_in(made.applicant), made.id)


def test_the_front_door_leads_to_every_event():
    page = a_visitor().get("/").text
    assert all(f'href="/bundles/{key}/"' in page for key in shipped())
    assert a_visitor().get("/bundles/").text.count("一件事</span>") == len(shipped())


@pytest.mark.parametrize("key", sorted(shipped()))
def test_every_event_has_a_page_although_its_items_are_not_published(key):
    page = a_visitor().get(f"/bundles/{key}/")
    assert page.status_code == 200
    assert "此项须另行办理" in page.text


def test_the_page_says_who_handles_each_part_how_long_all_takes_and_in_which_order():
    page = a_visitor().get("/bundles/unemployed/").text
    for text in (
        "登记地公共就业服务机构",
        "11 个工作日",
        "失业登记 → 申领失业保险金",
        "等“失业登记”办成以后自动提交",
        "每种只交一次",
    ):
        assert text in page
    assert "要不要申领失业保险金？ 要" in page


def test_for_a_place_the_page_says_what_is_open_there_and_what_is_not():
    ItemVersion.objects.filter(item="kstb-3-06", province="31").update(suspended_from="2020-01-01")
    page = a_visitor().get("/bundles/unemployed/", {"from": FEIXI, "at": XUHUI}).text
    assert "这个事项已经暂停受理" in page
    assert page.count("可以一起办") == 2


def test_who_is_in_another_province_is_led_to_its_node():
    page = a_visitor().get("/bundles/unemployed/", {"from": XUHUI, "at": XUHUI}).text
    assert "到所在地的专区办理" in page
    assert "开始办理</a>" not in page


def test_the_page_of_an_event_asks_a_fixed_number_of_times(django_assert_num_queries):
    visitor = a_visitor()
    visitor.get("/bundles/unemployed/", {"from": FEIXI, "at": XUHUI})
    with django_assert_num_queries(24):
        visitor.get("/bundles/unemployed/", {"from": FEIXI, "at": XUHUI})


def test_when_every_part_has_ended_the_page_looks_no_more():
    client = a_citizen()
    made = handed_in(client, benefit="no", check="no")
    assert "data-ended" not in client.get(address(made)).text
    decide(case_of(made, "registration"), Act.DECLINE, reason="示例")
    assert "data-ended" in client.get(address(made)).text


def test_an_event_that_does_not_exist_is_not_found():
    assert a_visitor().get("/bundles/nothing/").status_code == 404


def test_a_visitor_logs_in_first():
    assert a_visitor().get("/bundles/unemployed/begin/").url.startswith("/login/?next=/bundles/")


def test_who_is_not_served_learns_it_before_filling_anything_in():
    page = a_citizen(person=a_company().id).get("/bundles/unemployed/begin/", {"from": FEIXI}).text
    assert "现在的账号不能申请这件事" in page


def test_page_by_page_to_one_handing_in_without_scripts():
    client = a_citizen()
    made = begin(client)
    assert client.get(address(made)).url == address(made, "situations")
    assert answer_first(client, made).url == address(made, "parts")
    outlook = client.get(address(made, "parts")).text
    assert "上海市徐汇区" in outlook
    assert client.post(address(made, "parts")).url == address(made, "form")
    questions = client.get(address(made, "form")).text
    assert questions.count("最后工作的单位") == 1
    assert "申领失业保险金要填的信息" in questions
    assert send(client, made, "form", form()).url == address(made, "materials")
    papers = client.get(address(made, "materials")).text
    assert "用于：失业登记、申领失业保险金" in papers
    assert send(client, made, "materials", {"material.claim.application": a_scan()}).url == address(made, "check")
    summary = client.get(address(made, "check")).text
    assert "示例电子有限公司" in summary
    assert summary.count("几项共用的信息</h2>") == 1
    assert send(client, made, "check", {"agree": "yes"}).url == address(made)
    assert states(made) == {"record": "made", "registration": "made", "claim": "waiting"}


def test_nothing_is_handed_in_without_the_promise():
    client = a_citizen()
    made = filled_in(a_log_in(a_person().id))
    assert "请阅读并勾选承诺" in send(client, made, "check", {}).text
    assert not Part.objects.exists()


def test_before_the_first_questions_are_answered_no_other_page_is_shown():
    client = a_citizen()
    made = begin(client)
    assert client.get(address(made, "form")).url == address(made, "situations")
    page = send(client, made, "situations", {"benefit": "no", "register_place": FEIXI})
    assert page.status_code == 422
    assert 'href="#q-check"' in page.text
    assert client.get(address(made, "nothing")).status_code == 404


def test_what_is_wrong_is_told_at_its_place_and_what_was_right_is_kept():
    client = a_citizen()
    made = begin(client)
    answer_first(client, made)
    page = send(client, made, "form", {**form(), "claim.card_bank": ""})
    assert page.status_code == 422
    assert 'href="#q-claim-card_bank"' in page.text
    made.refresh_from_db()
    assert content_of(made)["answers"]["employer"] == "示例电子有限公司"


def test_a_city_where_a_county_decides_is_asked_to_be_narrowed_down():
    client = a_citizen()
    made = begin(client)
    page = answer_first(client, made, register_place="340100000000")
    assert "请选到区县" in page.text


def test_the_last_page_leads_to_whatever_is_missing():
    client = a_citizen()
    made = begin(client)
    answer_first(client, made)
    page = client.get(address(made, "check")).text
    assert f'href="{address(made, "form")}#q-registration-education"' in page
    assert f'href="{address(made, "materials")}#m-claim-application"' in page


def test_another_windows_changes_are_not_overwritten_and_nothing_typed_is_lost():
    client = a_citizen()
    made = begin(client)
    answer_first(client, made)
    page = send(client, made, "form", {**form(), "employer": "别的单位"}, seen="1")
    assert page.status_code == 409
    assert 'value="别的单位"' in page.text


def test_in_a_demonstration_an_example_fills_everything_in():
    client = a_citizen()
    made = begin(client)
    client.post(address(made, "situations"), {"example": "benefit"})
    made.refresh_from_db()
    assert content_of(made)["answers"]["registration.education"] == "college"


def test_a_draft_can_be_given_up():
    client = a_citizen()
    made = begin(client)
    assert client.post(address(made, "drop")).url == "/my/"
    assert client.get(address(made)).status_code == 404


def test_one_page_shows_all_parts_and_one_timeline():
    client = a_citizen()
    made = handed_in(client)
    decide(case_of(made, "registration"), Act.ACCEPT, Act.GRANT)
    page = client.get(address(made)).text
    for text in (
        "“失业登记”办成以后，系统会自动提交这一项",
        "待对方登记",
        "已办结",
        "</a>：作出准予决定",
        "</a>：已受理",
    ):
        assert text in page
    follow_bundles(now())
    assert "系统会自动提交这一项" not in client.get(address(made)).text


def test_when_the_earlier_part_fails_she_is_asked_and_can_let_it_go_or_go_on():
    client = a_citizen()
    made = handed_in(client)
    decide(case_of(made, "registration"), Act.DECLINE, reason="示例")
    follow_bundles(now())
    assert "请您决定" in client.get("/my/").text
    page = client.get(address(made)).text
    assert "“失业登记”没有办成。您可以继续办这一项，也可以不办。" in page
    answer = client.post(f"{address(made)}parts/claim/", {"do": "go_on"}, follow=True)
    assert "已继续办理：申领失业保险金" in answer.text
    assert "等您完成" in answer.text
    assert client.post(f"{address(made)}parts/claim/", {"do": "let_go"}).status_code == 409
    assert client.post(f"{address(made)}parts/claim/", {"do": "x"}).status_code == 404


def test_a_case_leads_back_to_its_event_and_a_correction_is_made_there():
    client = a_citizen()
    made = handed_in(client)
    case = case_of(made, "registration")
    assert f'href="{address(made)}"' in client.get(f"/cases/{case.id}/").text
    decide(case, Act.ASK_CORRECTION, reason="示例", targets=[{"target": "field:education", "problem": "示例"}])
    page = client.get(address(made)).text
    assert "轮到您了" in page
    assert f'href="/cases/{case.id}/"' in page


def test_the_page_says_nothing_new_as_long_as_nothing_is():
    client = a_citizen()
    made = handed_in(client)
    mark = client.get(address(made)).context["mark"]
    assert client.get(address(made), {"seen": mark}).status_code == 204
    decide(case_of(made, "registration"), Act.ACCEPT)
    assert "已受理" in client.get(address(made), {"seen": mark}).text


def test_another_persons_bundle_is_not_there():
    made = handed_in(a_citizen())
    stranger = a_citizen(person=uuid7())
    for page in ("", "form", "check"):
        assert stranger.get(address(made, page)).status_code == 404
    assert stranger.post(f"{address(made)}parts/claim/", {"do": "let_go"}).status_code == 404
    assert stranger.post(address(made, "drop")).status_code == 404


def test_the_lists_ask_the_database_equally_often_for_one_bundle_and_for_many(django_assert_num_queries):
    client = a_citizen()
    handed_in(client)
    with django_assert_num_queries(3):
        client.get("/my/bundles/")
    for _ in range(3):
        begin(client)
    with django_assert_num_queries(3):
        assert client.get("/my/bundles/").text.count("card-link") == 4


def test_the_page_of_a_bundle_asks_equally_often_however_long_its_history(django_assert_num_queries):
    client = a_citizen()
    made = handed_in(client)
    client.get(address(made))
    with django_assert_num_queries(11):
        client.get(address(made))
    decide(case_of(made, "registration"), Act.ACCEPT, Act.GRANT)
    with django_assert_num_queries(11):
        client.get(address(made))


def test_all_bundles_are_listed_page_by_page():
    client = a_citizen()
    for _ in range(21):
        begin(client)
    first = client.get("/my/bundles/")
    assert first.text.count("card-link") == 20
    assert client.get(first.context["pager"].next).text.count("card-link") == 1
    assert "查看全部" in client.get("/my/").text
