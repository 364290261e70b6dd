"""Tokens: got by password, ended by log-out and by time."""

import pytest
from django.contrib.auth.hashers import make_password

from tongban.api.models import Token
from tongban.api.public.tests.build import Visitor, a_visitor, token_for, wang
from tongban.base.actor import Actor, Role
from tongban.base.canonical import digest
from tongban.base.uuid7 import uuid7
from tongban.people.actions import give_code, set_password
from tongban.people.models import Account
from tongban.people.queries import actor_of

pytestmark = pytest.mark.django_db

OPERATOR = Actor(role=Role.OPERATOR, node="34")


@pytest.fixture(scope="module")
def password():
    return make_password("open-sesame")


def an_account(password="", **changes) -> Account:
    return Account.objects.create(
        username="somebody", name="示例某某", role=Role.APPLICANT, person_id=uuid7(), password=password, **changes
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


def test_tokens_are_older_than_a_new_password_and_open_nothing():
    account = an_account()
    visitor = Visitor(token_for(account))
    set_password(actor_of(account), account=account.id, password="a lake in the hills")
    assert visitor.get("/sessions/current").status_code == 401
    assert Visitor(token_for(account)).get("/sessions/current").status_code == 200


def test_accounts_of_a_demonstration_have_no_token_in_production(settings):
    visitor = Visitor(token_for(an_account(is_demo=True)))
    assert visitor.get("/sessions/current").status_code == 200
    settings.DEMO = False
    assert visitor.get("/sessions/current").status_code == 401


def test_after_five_wrong_passwords_a_program_is_told_to_wait(password):
    an_account(password)
    for _ in range(5):
        Visitor().post("/sessions", {"username": "somebody", "password": "wrong"})
    answer = Visitor().post("/sessions", {"username": "somebody", "password": "open-sesame"})
    problem = answer.json()
    assert (answer.status_code, problem["reason"], problem["status"]) == (429, "login_paused", 429)
    assert answer["Content-Type"] == "application/problem+json"
    assert 0 < int(answer["Retry-After"]) == problem["retry_after"] <= 31
    assert "以后再试" in problem["detail"]


def test_a_code_gives_no_token_before_a_password_is_chosen():
    code, _ = give_code(OPERATOR, account=an_account().id)
    answer = Visitor().post("/sessions", {"username": "somebody", "password": code})
    assert (answer.status_code, answer.json()["reason"]) == (403, "code_only_for_choosing")


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
