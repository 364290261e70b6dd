"""The same request under the same key is carried out once."""

from datetime import timedelta

import pytest
from django.utils import timezone

from tongban.api.actions import forget_old
from tongban.api.models import Answer, Token
from tongban.api.public.tests.build import an_officer, begun, draft, ground, handed_in, li, wang
from tongban.applications.models import Application
from tongban.cases.models import Step

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _ground(settings, tmp_path):
    ground(settings, tmp_path)


def test_the_same_request_again_is_answered_alike_and_done_once():
    visitor = wang()
    first = visitor.post("/applications", draft(), key="k-1")
    again = visitor.post("/applications", draft(), key="k-1")
    assert (first.status_code, first.json()) == (again.status_code, again.json())
    assert Application.objects.count() == 1


def test_a_step_is_written_once_however_often_it_is_asked_for():
    case, officer = handed_in(wang()), an_officer()
    body = {"act": "accept", "seen": 1, "content": {}}
    answers = [officer.post(f"/cases/{case}/acts", body, key="k-1") for _ in range(3)]
    assert [answer.status_code for answer in answers] == [201] * 3
    assert len({answer.json()["digest"] for answer in answers}) == 1
    assert Step.objects.filter(case=case, act="accept").count() == 1


def test_another_body_under_the_key_is_422():
    visitor = wang()
    visitor.post("/applications", draft(), key="k-1")
    answer = visitor.post("/applications", draft(mode="online"), key="k-1")
    assert (answer.status_code, answer.json()["reason"]) == (422, "key_reused")


def test_a_key_is_its_owners_alone():
    one, other = wang(), li()
    cases = {visitor.post("/applications", draft(), key="k-1").json()["case_id"] for visitor in (one, other)}
    assert len(cases) == 2


def test_a_key_belongs_to_one_path():
    visitor = wang()
    first, second = begun(visitor), begun(visitor)
    answers = [visitor.post(f"/applications/{case}/submit", key="k-1").json() for case in (first, second)]
    assert [answer["case_id"] for answer in answers] == [first, second]


def test_what_was_refused_may_be_tried_again_under_its_key():
    visitor = wang()
    assert visitor.post("/applications", draft(place="999999999999"), key="k-1").status_code == 422
    assert visitor.post("/applications", draft(), key="k-1").status_code == 201


def test_an_upload_under_a_key_is_compared_by_its_bytes():
    visitor = wang()
    assert visitor.upload("一", key="k-1").json() == visitor.upload("一", key="k-1").json()
    assert visitor.upload("二", key="k-1").status_code == 422


def test_keys_are_kept_for_seven_days_and_tokens_until_they_end():
    visitor = wang()
    visitor.post("/applications", draft(), key="k-1")
    forget_old(timezone.now() + timedelta(hours=11))
    assert (Answer.objects.count(), Token.objects.count()) == (1, 1)
    forget_old(timezone.now() + timedelta(days=7, minutes=1))
    assert (Answer.objects.count(), Token.objects.count()) == (0, 0)


@pytest.mark.parametrize("key", [" ", "a b", "é", "a" * 101])
def test_a_key_is_a_short_word_without_spaces(key):
    answer = wang().upload("一", key=key)
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, "Idempotency-Key")
