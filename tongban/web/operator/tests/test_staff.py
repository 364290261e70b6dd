"""Staff on the operator's pages: found, registered, given a code and rights, gone and come back."""

import re

import pytest
from django.test import Client
from django.utils import timezone

from tongban.base.actor import Actor, Role
from tongban.base.times import legal_date
from tongban.base.uuid7 import uuid7
from tongban.orgs.models import Grant
from tongban.orgs.queries import permissions_of
from tongban.orgs.tests.build import FEIXI
from tongban.people.models import Account
from tongban.staff.tests.build import HALL, POLICE, account, ground, loaded
from tongban.web.officer.tests.build import an_operator, logged_in

pytestmark = pytest.mark.django_db

TODAY = legal_date(timezone.now()).isoformat()
PASSWORD = "a lake in the hills"
TYPED = {"username": "new1", "name": "示例新人", "role": "officer", "organ": POLICE}


@pytest.fixture(autouse=True)
def _ground(settings, tmp_path):
    ground(settings, tmp_path)
    loaded()


def an_auditor():
    return logged_in(Actor(role=Role.AUDITOR, node="34", person=uuid7()))


def page_of(username: str, *rest: str) -> str:
    return "/".join([f"/ops/staff/{account(username).id}", *rest, ""])


def names(page) -> set[str]:
    return {line.account.username for line in page.context["lines"]}


def test_somebody_new_is_registered_and_the_page_says_what_is_still_missing():
    page = an_operator().post("/ops/staff/new/", TYPED, follow=True).text
    assert "还要发放登录码" in page
    assert "还没有登录码" in page
    assert "现在没有授权，什么也办不了" in page
    assert account("new1").organ == POLICE


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"username": "police1"}, "这个账号名已被使用"),
        ({"username": "13812345678"}, "不能用身份证号码或手机号码"),
        ({"name": ""}, "请填写姓名"),
        ({"role": ""}, "岗位应为"),
        ({"organ": ""}, "须填写所在机构"),
        ({"organ": "X"}, "没有这个机构"),
    ],
)
def test_what_is_wrong_stands_at_its_box(changes, sentence):
    answer = an_operator().post("/ops/staff/new/", {**TYPED, **changes})
    assert answer.status_code == 422
    assert sentence in answer.text


def test_from_the_page_of_an_organ_its_code_is_filled_in():
    assert f'value="{HALL}"' in an_operator().get("/ops/staff/new/", {"organ": HALL}).text


def test_a_member_moves_to_another_organ():
    an_operator().post(page_of("hall1", "change"), {"name": "示例窗口", "role": "clerk", "organ": POLICE})
    assert account("hall1").organ == POLICE


def test_the_slip_of_paper_lets_its_holder_in_and_nobody_reads_the_code_again():
    client = an_operator()
    slip = client.post(page_of("police1", "code"))
    code = re.search(r'code-large number">([0-9a-z-]{14})<', slip.text).group(1)
    assert "http://testserver/login/" in slip.text
    assert slip.headers["Cache-Control"].count("no-store") == 1
    assert code not in client.get(page_of("police1")).text
    holder = Client()
    assert holder.post("/login/", {"username": "police1", "password": code}).url == "/login/password/"
    assert holder.post("/login/password/", {"password": PASSWORD, "again": PASSWORD}).url == "/office/"
    assert holder.get("/office/").status_code == 200
    assert "在用" in client.get(page_of("police1")).text


def test_the_page_says_in_words_what_an_officer_may_do():
    page = an_operator().get(page_of("police1")).text
    assert "在安徽省合肥市，办理个体工商户设立登记" in page
    assert "可以：告知补正、受理、准予" in page
    assert "可以：全部办件环节" in page


@pytest.mark.parametrize(("username", "duty"), [("hall1", "在所在机构的窗口收件"), ("ops1", "看不到办件内容")])
def test_the_others_need_no_rights_and_the_page_says_what_they_do(username, duty):
    page = an_operator().get(page_of(username)).text
    assert duty in page
    assert "增加授权" not in page


def test_a_right_is_given_in_a_place_on_an_item_for_some_acts():
    typed = {"region": ["340000000000", "340100000000", FEIXI], "item": "kstb-1-37", "acts": ["deny", "extend"]}
    page = an_operator().post(page_of("police1", "rights"), typed, follow=True).text
    assert "已经授权给示例承办" in page
    assert "可以：延长期限、不予" in page
    wanted = ({"deny", "extend"}, "kstb-1-37", "340123")
    assert wanted in [
        (set(right.acts), right.item, right.region) for right in permissions_of(account("police1").officer_id)
    ]


def test_a_right_without_item_or_acts_is_explained():
    answer = an_operator().post(page_of("police1", "rights"), {"region": "340000000000"})
    assert answer.status_code == 422
    assert "没有选择任何办理环节" in answer.text
    assert "没有这个事项" in answer.text


def test_only_officers_are_given_rights():
    answer = an_operator().post(page_of("hall1", "rights"), {"region": "340000000000", "item": "*", "acts": "*"})
    assert "只有承办人员需要授权" in answer.text


def test_an_ended_right_is_kept_in_view():
    client = an_operator()
    grant = Grant.objects.first()
    page = client.post(page_of("police1", "rights", str(grant.id), "end"), follow=True).text
    assert "授权已经终止" in page
    assert "已经终止的授权" in page
    assert len(permissions_of(account("police1").officer_id)) == 1


def test_who_leaves_is_out_and_can_be_brought_back():
    client, holder = an_operator(), Client()
    holder.force_login(account("police1"))
    page = client.post(page_of("police1", "leave"), {"left_on": TODAY}, follow=True).text
    assert "账号已关闭" in page
    assert "已离岗" in page
    assert holder.get("/office/").status_code == 302
    assert "已经恢复" in client.post(page_of("police1", "return"), follow=True).text
    assert account("police1").is_active


@pytest.mark.parametrize(("day", "sentence"), [("", "日期应写成"), ("2999-01-01", "不能晚于今天")])
def test_a_day_that_does_not_do_is_explained(day, sentence):
    answer = an_operator().post(page_of("police1", "leave"), {"left_on": day})
    assert answer.status_code == 422
    assert sentence in answer.text


def test_an_operator_does_nothing_to_his_own_account():
    client = Client()
    client.force_login(account("ops1"))
    page = client.get(page_of("ops1")).text
    assert "这是您自己的账号" in page
    assert "办理离岗" not in page
    assert "不能对自己的账号这样做" in client.post(page_of("ops1", "code")).text


def test_staff_is_found_by_the_beginning_of_a_name_that_stands_in_no_address():
    client = an_operator()
    assert names(client.post("/ops/staff/", {"begins": "示例窗"})) == {"hall1"}
    assert names(client.post("/ops/staff/", {"begins": "police"})) == {"police1"}
    assert {"police1", "hall1", "ops1"} <= names(client.get("/ops/staff/", {"begins": "hall"}))


def test_the_staff_of_one_organ_is_listed():
    assert names(an_operator().get("/ops/staff/", {"organ": HALL})) == {"hall1"}


def test_citizens_are_no_staff():
    citizen = Account.objects.create(username="citizen", name="示例", role=Role.APPLICANT)
    client = an_operator()
    assert "citizen" not in names(client.get("/ops/staff/"))
    assert client.get(f"/ops/staff/{citizen.id}/").status_code == 404


def many(count: int) -> None:
    Account.objects.bulk_create(
        Account(username=f"many{number:03d}", name="示例多人", role=Role.CLERK, organ=HALL) for number in range(count)
    )


def test_staff_is_paged_without_a_gap():
    many(45)
    client, seen, here = an_operator(), [], f"/ops/staff/?organ={HALL}"
    while here:
        page = client.get(here)
        seen += [line.account.username for line in page.context["lines"]]
        here = page.context["pager"].next
    assert len(seen) == len(set(seen)) == 46


def test_more_than_fifty_found_are_told_to_be_too_many():
    many(60)
    page = an_operator().post("/ops/staff/", {"begins": "示例多"})
    assert len(page.context["lines"]) == 50
    assert "只列出前 50 人" in page.text


def test_twenty_people_cost_no_more_questions_than_one(django_assert_num_queries):
    client = an_operator()
    with django_assert_num_queries(4):
        client.get("/ops/staff/")
    many(30)
    with django_assert_num_queries(4):
        client.get("/ops/staff/")


def test_an_auditor_reads_but_changes_nothing():
    client = an_auditor()
    page = client.get(page_of("police1")).text
    assert "可以：全部办件环节" in page
    for word in ("发放登录码", "终止<", "增加授权", "办理离岗"):
        assert word not in page
    for rest in ("change", "code", "leave", "return", "rights"):
        assert client.post(page_of("police1", rest)).status_code == 403
