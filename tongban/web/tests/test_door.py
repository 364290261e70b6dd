"""The one door: who comes in, where it leads, what every answer carries."""

import pytest
from django.test import Client

from tongban.base.actor import Role
from tongban.people.models import Account

pytestmark = pytest.mark.django_db


def account(role: Role, username: str = "somebody") -> Account:
    made = Account(username=username, name="示例某某", role=role)
    made.set_password("open-sesame")
    made.save()
    return made


@pytest.mark.parametrize(
    ("role", "leads_to"), [(Role.APPLICANT, "/"), (Role.CLERK, "/counter/"), (Role.OFFICER, "/office/")]
)
def test_each_role_is_led_to_its_own_place(role, leads_to):
    account(role)
    answer = Client().post("/login/", {"username": "somebody", "password": "open-sesame"})
    assert (answer.status_code, answer.url) == (302, leads_to)


def test_a_wrong_password_is_told_in_words_and_keeps_the_name():
    account(Role.APPLICANT)
    answer = Client().post("/login/", {"username": "somebody", "password": "wrong"})
    assert answer.status_code == 422
    assert "账号或密码不正确" in answer.text
    assert 'value="somebody"' in answer.text


def test_nobody_is_led_to_another_site():
    account(Role.APPLICANT)
    answer = Client().post(
        "/login/?next=https://evil.example/",
        {"username": "somebody", "password": "open-sesame", "next": "https://evil.example/"},
    )
    assert answer.url == "/"


def test_log_out_ends_the_session():
    client = Client()
    client.force_login(account(Role.APPLICANT))
    client.post("/logout/")
    assert "_auth_user_id" not in client.session


@pytest.mark.parametrize("path", ["/login/", "/nowhere/"])
def test_every_page_forbids_inline_scripts_and_styles(path):
    policy = Client().get(path).headers["Content-Security-Policy"]
    assert "unsafe" not in policy
    assert "default-src 'none'" in policy


def test_a_page_that_is_not_there_says_what_to_do_next():
    answer = Client().get("/nowhere/")
    assert answer.status_code == 404
    assert "从首页搜索要办的事" in answer.text


def test_a_form_that_is_too_old_is_explained():
    answer = Client(enforce_csrf_checks=True).post("/login/", {"username": "a", "password": "b"})
    assert answer.status_code == 403
    assert "刷新后重新提交" in answer.text


def test_a_page_that_only_takes_forms_says_so_in_words():
    answer = Client().get("/logout/")
    assert (answer.status_code, answer.headers["Allow"]) == (405, "POST")
    assert "从页面上的按钮进入" in answer.text
