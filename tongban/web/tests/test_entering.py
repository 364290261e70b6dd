"""Log in, choose the first password, change it."""

import re
from datetime import date

import pytest
from django.test import Client

from tongban.base.actor import Actor, Role
from tongban.people.actions import close_account, give_code
from tongban.people.models import Account
from tongban.web.tests.test_door import account

pytestmark = pytest.mark.django_db

OPERATOR = Actor(role=Role.OPERATOR, node="34")
OLD, NEW = "open-sesame", "a lake in the hills"


def log_in(client, password=OLD, **more):
    return client.post("/login/", {"username": "somebody", "password": password}, **more)


def with_code(role=Role.OFFICER) -> tuple[Client, str]:
    """A browser in which somebody has just typed the code that an operator gave him, and the code."""
    code, _ = give_code(OPERATOR, account=account(role).id)
    client = Client()
    assert log_in(client, code).url == "/login/password/"
    return client, code


def choose(client, password=NEW, again=NEW):
    return client.post("/login/password/", {"password": password, "again": again})


def change(client, **typed):
    return client.post("/password/", {"current": OLD, "password": NEW, "again": NEW, **typed})


def test_after_five_wrong_passwords_the_page_says_when_to_come_back():
    account(Role.OFFICER)
    client = Client()
    for _ in range(5):
        assert log_in(client, "wrong").status_code == 422
    answer = log_in(client)
    assert answer.status_code == 429
    assert 0 < int(answer["Retry-After"]) <= 31
    assert re.search(r"请在 \d\d:\d\d 以后再试（还要等 \d+ 秒）", answer.text)
    assert "重发登录码" in answer.text
    assert "is-wrong" not in answer.text


def test_an_unknown_name_is_answered_like_a_known_one():
    account(Role.OFFICER)
    varies = re.compile(r'csrfmiddlewaretoken" value="\w+|somebody|nobody|\d+ 秒|\d\d:\d\d')

    def answers(name: str) -> list[str]:
        pages = [Client().post("/login/", {"username": name, "password": "wrong"}) for _ in range(6)]
        return [f"{page.status_code} {varies.sub('', page.text)}" for page in pages]

    assert answers("somebody") == answers("nobody")


def test_ones_own_browser_is_let_in_while_strangers_guess():
    account(Role.OFFICER)
    own = Client()
    log_in(own)
    own.post("/logout/")
    stranger = Client()
    for _ in range(6):
        log_in(stranger, "wrong")
    assert log_in(stranger).status_code == 429
    assert log_in(own).status_code == 302


def test_a_forged_memory_of_the_browser_is_no_memory():
    account(Role.OFFICER)
    client = Client()
    client.cookies["tongban_device_34"] = "WyJhIixbXV0:forged:forged"
    assert log_in(client).status_code == 302


def test_who_comes_with_a_code_chooses_a_password_before_he_is_let_in():
    client, _ = with_code()
    assert client.get("/office/").status_code == 302
    assert "设置密码" in client.get("/login/password/").text
    assert choose(client).url == "/office/"
    assert client.get("/password/").status_code == 200
    assert log_in(Client(), NEW).status_code == 302


def test_a_weak_choice_is_explained_at_the_box():
    client, _ = with_code()
    answer = choose(client, "lake", "lake")
    assert answer.status_code == 422
    assert "密码至少 10 个字符。" in answer.text
    assert "lake" not in answer.text


def test_a_code_that_was_given_anew_ends_the_choice():
    client, _ = with_code()
    give_code(OPERATOR, account=Account.objects.get().id)
    assert choose(client).url == "/login/"
    assert log_in(Client(), NEW).status_code == 422


def test_a_closed_account_chooses_nothing():
    client, _ = with_code()
    close_account(OPERATOR, account=Account.objects.get().id, on=date(2026, 1, 1))
    assert choose(client).url == "/login/"


def test_nobody_chooses_without_a_code():
    assert Client().get("/login/password/").url == "/login/"


def test_a_changed_password_ends_the_other_log_ins_and_keeps_this_one():
    account(Role.OFFICER)
    here, elsewhere = Client(), Client()
    log_in(here)
    log_in(elsewhere)
    assert change(here).url == "/password/"
    assert here.get("/password/").status_code == 200
    assert elsewhere.get("/password/").status_code == 302


def test_the_old_password_has_to_be_right():
    account(Role.OFFICER)
    client = Client()
    log_in(client)
    answer = change(client, current="wrong")
    assert answer.status_code == 422
    assert "现在的密码不正确" in answer.text


def test_an_officer_who_is_out_is_out_of_every_browser_at_once():
    somebody = account(Role.OFFICER)
    client = Client()
    log_in(client)
    close_account(OPERATOR, account=somebody.id, on=date(2026, 1, 1))
    assert client.get("/password/").status_code == 302
