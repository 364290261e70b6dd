"""Refusals: RFC 9457 with a reason that programs rely on and a sentence that people read."""

import pytest

from tongban.api.public.problems import STATUSES, problem_of, sentence
from tongban.api.public.tests.build import Visitor, a_visitor, wang
from tongban.base.actor import Role
from tongban.base.errors import NotYet, Rejected

LOG_IN = "/sessions"


@pytest.mark.parametrize("reason", sorted(STATUSES))
def test_every_reason_of_the_table_has_a_sentence(reason):
    assert sentence(reason, {}) != reason


def test_a_stale_act_tells_the_head_and_what_changed():
    problem = problem_of(Rejected("stale", head=4, changed="受理"))
    assert (problem["status"], problem["head"], problem["changed"]) == (409, 4, "受理")
    assert "受理" in problem["detail"]


def test_a_refusal_that_names_fields_is_422_with_a_sentence_each():
    problem = problem_of(Rejected("no_applicant", fields={"applicant": "required"}))
    assert problem["status"] == 422
    assert problem["errors"] == [{"field": "applicant", "reason": "required", "detail": "必须填写。"}]


def test_a_sentence_in_the_place_of_a_code_stands_for_itself():
    assert problem_of(Rejected("invalid", fields={"a": "两处不一致"}))["errors"][0]["detail"] == "两处不一致"


def test_a_refusal_by_the_state_of_things_is_409():
    assert problem_of(Rejected("files_missing", count=2))["status"] == 409


def test_what_comes_too_early_is_503_and_says_when_to_come_again():
    assert problem_of(NotYet("department_away"))["status"] == 503
    assert problem_of(NotYet("department_away"))["retry_after"] == 1


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("content", "status", "reason"),
    [
        (b"", 422, "invalid"),
        (b"{", 400, "malformed"),
        (b"[]", 422, "invalid"),
        (b'{"username": "a", "username": "b", "password": "c"}', 400, "malformed"),
        (b'{"username": "a", "password": 1.5}', 400, "malformed"),
        (b'{"username": "a", "password": NaN}', 400, "malformed"),
        (b'{"username": "a", "password": 1e999}', 400, "malformed"),
        (b'{"username": "a", "password": 99999999999999999999}', 400, "malformed"),
        (b'{"username": "a", "password": "\\u0000"}', 400, "malformed"),
        (b'{"username": "a", "password": "\\ud800"}', 400, "malformed"),
        (b'{"username": "a", "password": "\xff"}', 400, "malformed"),
        (b"[" * 100_000, 400, "malformed"),
        (b'{"username": "a", "password": "b", "more": 1}', 422, "invalid"),
        (b'{"username": 1, "password": "b"}', 422, "invalid"),
        (b'{"username": "a"}', 422, "invalid"),
        (b'{"username": "' + b"a" * 1_000_001 + b'", "password": "b"}', 413, "body_too_large"),
        (b'{"username": "' + b"a" * 5_000_000 + b'", "password": "b"}', 413, "body_too_large"),
    ],
)
def test_a_body_that_is_wrong_is_refused_with_a_reason(content, status, reason):
    answer = Visitor().raw("POST", LOG_IN, content)
    assert (answer.status_code, answer.json()["reason"]) == (status, reason)
    assert answer["Content-Type"] == "application/problem+json"


@pytest.mark.django_db
def test_a_whole_number_may_be_written_with_a_point():
    answer = a_visitor(Role.OPERATOR).raw("POST", "/demo/clock", b'{"days": 2.0}')
    assert answer.status_code == 200


@pytest.mark.django_db
def test_a_body_of_another_type_is_415():
    answer = Visitor().raw("POST", LOG_IN, b"username=a&password=b", content_type="application/x-www-form-urlencoded")
    assert (answer.status_code, answer.json()["reason"]) == (415, "wrong_media_type")


@pytest.mark.django_db
def test_each_wrong_field_is_named_in_words():
    errors = Visitor().post(LOG_IN, {"username": 1, "more": 2}).json()["errors"]
    assert {error["field"]: error["detail"] for error in errors} == {
        "username": "应为文字。",
        "password": "缺少这一项。",
        "more": "不认识这一项，请删去。",
    }


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/", "/nothing", "/cases/no-uuid", "/items/a/b"])
def test_a_path_that_is_none_is_a_problem_not_a_page(path):
    answer = Visitor().get(path)
    assert (answer.status_code, answer.json()["reason"]) == (404, "no_such_path")


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/sessions", "/items", "/openapi.json"])
def test_a_method_that_is_not_known_is_405_and_tells_those_that_are(path):
    answer = Visitor().raw("PATCH", path, b"{}")
    assert (answer.status_code, answer.json()["reason"]) == (405, "no_such_method")
    assert answer["Allow"]


@pytest.mark.django_db
@pytest.mark.parametrize("cursor", ["x", "eA", "MQ", "LTE", "OTk5OTk5OTk5OTk5OTk5OTk5OTk5OTk5", "4pmA"])
def test_a_cursor_that_was_never_given_out_is_404(cursor):
    assert wang().get("/cases", cursor=cursor).json()["reason"] == "no_such_page"
