"""The door at which another node asks who looked (protocol, section 17)."""

import json

import pytest

from tongban.api.nodes import door
from tongban.base.canonical import canonical_json
from tongban.cases.models import Case
from tongban.exchange.tests import build
from tongban.journal.models import Entry
from tongban.looks.rules import question_as_json, read_answer
from tongban.looks.tests.build import WANG, a_look, a_question, received_in_shanghai

pytestmark = pytest.mark.django_db
PATH = "/nodes/v1/looks"


@pytest.fixture(autouse=True)
def federation(settings, tmp_path):
    build.a_federation(settings, tmp_path)
    door.journalled_lately.clear()


def ask(client, case: Case, *, by="31", **more):
    body = canonical_json(question_as_json(a_question(case.id)))
    return build.post(client, body, path=PATH, by=by, **more)


def reason_of(response):
    return response.status_code, json.loads(response.content)["reason"]


def test_a_follower_asks_and_is_told(client):
    case = received_in_shanghai()
    entry = a_look(case)
    response = ask(client, case)
    assert response.status_code == 200
    (answer,) = read_answer(json.loads(response.content), a_question(case.id))
    assert [(look.id, look.purpose) for look in answer.looks] == [(str(entry.pk), "审查本办件")]


def test_nothing_personal_goes_either_way(client):
    case = received_in_shanghai()
    entry = a_look(case)
    text = ask(client, case).content.decode()
    for secret in (WANG, str(case.applicant), entry.actor, entry.subject, "示例王芳"):
        assert secret not in text


def test_another_node_is_told_nothing_and_it_is_no_error(client):
    case = received_in_shanghai()
    a_look(case)
    response = ask(client, case, by="32")
    assert response.status_code == 200
    assert json.loads(response.content)["cases"] == [{"case": str(case.id), "refused": "may_not_ask"}]


def test_a_question_without_a_signature_is_refused_and_journalled(client):
    case = received_in_shanghai()
    body = canonical_json(question_as_json(a_question(case.id)))
    response = client.post(PATH, data=body, content_type="application/json")
    assert reason_of(response) == (401, "unsigned")
    assert Entry.objects.filter(event="node_refused").exists()


def test_a_question_that_was_changed_on_its_way_is_refused(client):
    case = received_in_shanghai()
    body = canonical_json(question_as_json(a_question(case.id)))
    signed = build.sign_request(build.signer_of("31"), method="POST", url=f"http://34.example{PATH}", body=body)
    changed = body.replace(b'"after":null', b'"after":"12"')
    response = client.post(PATH, data=changed, content_type="application/json", headers=signed)
    assert reason_of(response) == (401, "wrong_request_signature")


@pytest.mark.parametrize("body", [b"{}", b"[]", b'{"cases":[]}', b"{" * 40])
def test_a_question_in_another_form_is_malformed(client, body):
    assert reason_of(build.post(client, body, path=PATH)) == (400, "malformed")


def test_a_question_about_too_many_cases_is_malformed(client):
    case = received_in_shanghai()
    value = question_as_json(a_question(case.id))
    body = canonical_json(value | {"cases": value["cases"] * 21})
    assert reason_of(build.post(client, body, path=PATH)) == (400, "malformed")


def test_a_question_is_not_asked_in_an_address(client):
    assert build.get(client, PATH).status_code == 405
