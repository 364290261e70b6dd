"""Tokens: got by password, ended by log-out and by time."""

import pytest
from django.contrib.auth.hashers import make_password

from tongban.api.models import Token
from tongban.api.public.tests.build import Visitor, a_visitor, token_for, wang
from tongban.base.actor import Role
from tongban.base.canonical import digest
from tongban.people.models import Account

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def password():
    return make_password("open-sesame")


def an_account(password="", **changes) -> Account:
    return Account.objects.create(
        username="somebody", name="示例某某", role=Role.APPLICANT, password=password, **changes
    )


def test_a_password_gives_a_token_that_opens_the_door(password):
    an_account(password)
    answer = Visitor().post("/sessions", {"username": "somebody", "password": "open-sesame"})
    assert answer.status_code == 201
    myself = Visitor(answer.json()["token"]).get("/sessions/current")
    assert myself.json() == {"name": "示例某某", "role": "applicant", "organ": None, "node": "34"}


def test_a_wrong_password_is_401_in_words(password):
    an_account(password)
    answer = Visitor().post("/sessions", {"username": "somebody", "password": "wrong"})
    assert (answer.status_code, answer.json()["reason"]) == (401, "login_failed")
    assert answer["WWW-Authenticate"].startswith("Bearer")


def test_the_token_itself_is_nowhere_stored():
    visitor = wang()
    stored = Token.objects.get()
    assert visitor.token not in str(vars(stored))
    assert stored.digest == digest(visitor.token.encode())


def test_after_log_out_the_token_opens_nothing():
    visitor = wang()
    assert visitor.delete("/sessions/current").status_code == 204
    assert visitor.get("/sessions/current").status_code == 401


def test_a_token_ends_by_itself():
    visitor = Visitor(token_for(an_account(), hours=-1))
    assert visitor.get("/sessions/current").status_code == 401


def test_a_closed_account_is_out_at_once():
    account = an_account()
    visitor = Visitor(token_for(account))
    Account.objects.filter(id=account.id).update(is_active=False)
    assert visitor.get("/sessions/current").status_code == 401


@pytest.mark.parametrize("header", ["", "Bearer", "Bearer ", "Bearer wrong", "Basic d3Jvbmc6d3Jvbmc=", "Bearer é"])
def test_anything_else_in_the_header_is_401(header):
    answer = Visitor().http.get("/api/v1/cases", headers={"Authorization": header} if header else {})
    assert (answer.status_code, answer.json()["reason"]) == (401, "unauthenticated")


def test_a_browsers_session_does_not_open_the_door_for_programs():
    visitor = Visitor()
    visitor.http.force_login(an_account())
    assert visitor.get("/cases").status_code == 401


def test_only_a_citizen_reads_who_looked_at_him():
    assert a_visitor(Role.OPERATOR).get("/looks").status_code == 403
    assert wang().get("/looks").json() == {"items": [], "next": None}
