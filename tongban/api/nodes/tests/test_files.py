import hashlib
import json
import uuid

import pytest

from tongban.base.actor import system
from tongban.exchange.tests import build
from tongban.files import actions

pytestmark = pytest.mark.django_db

CONTENT = b"%PDF-1.7 scan"
DIGEST = hashlib.sha256(CONTENT).hexdigest()
CASE = uuid.UUID("0198c0de-0000-7000-8000-000000000001")


@pytest.fixture(autouse=True)
def federation(settings, tmp_path):
    build.a_federation(settings, tmp_path)
    actions.keep(system("34"), CONTENT, media_type="application/pdf")


def pull(client, *, by="31", digest=DIGEST, case=CASE):
    return build.get(client, f"/nodes/v1/files/{digest}?case={case}", by=by)


def reason_of(response):
    return response.status_code, json.loads(response.content)["reason"]


def test_a_follower_of_a_case_that_names_the_file_gets_its_bytes(client):
    actions.allow(DIGEST, case=CASE, nodes=["31"])
    response = pull(client)
    assert b"".join(response.streaming_content) == CONTENT
    assert response["Content-Length"] == str(len(CONTENT))


@pytest.mark.parametrize(
    ("by", "case"),
    [("32", CASE), ("31", uuid.UUID("0198c0de-0000-7000-8000-000000000002"))],
    ids=["another node", "another case"],
)
def test_a_digest_is_no_permission(client, by, case):
    actions.allow(DIGEST, case=CASE, nodes=["31"])
    assert reason_of(pull(client, by=by, case=case)) == (403, "may_not_pull")


def test_a_file_that_is_allowed_but_not_here_is_not_found(client):
    actions.allow("a" * 64, case=CASE, nodes=["31"])
    assert reason_of(pull(client, digest="a" * 64)) == (404, "not_found")


@pytest.mark.parametrize(("digest", "case"), [("A" * 64, CASE), ("..", CASE), (DIGEST, "1")], ids=str)
def test_a_wrong_digest_or_case_is_malformed(client, digest, case):
    assert reason_of(pull(client, digest=digest, case=case)) == (400, "malformed")


def test_a_pull_without_a_signature_is_refused(client):
    actions.allow(DIGEST, case=CASE, nodes=["31"])
    assert reason_of(client.get(f"/nodes/v1/files/{DIGEST}?case={CASE}")) == (401, "unsigned")
