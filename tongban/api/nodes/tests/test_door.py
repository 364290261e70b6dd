"""Who is let in, and how the others are told."""

import json
import time

import pytest
from http_message_signatures import HTTPMessageSigner, algorithms

from tongban.exchange import signatures
from tongban.exchange.tests import build

pytestmark = pytest.mark.django_db

PATH = "/nodes/v1/letters"


@pytest.fixture(autouse=True)
def federation(settings, tmp_path):
    build.a_federation(settings, tmp_path)


def reason_of(response):
    return response.status_code, json.loads(response.content)["reason"]


def signed(*, by="31", body=b"{}", path=PATH, method="POST", created=None, covered=None):
    message = signatures._Message(method, f"http://34.example{path}")
    signer = build.signer_of(by)
    HTTPMessageSigner(signature_algorithm=algorithms.ED25519, key_resolver=signatures._OurKey(signer)).sign(
        message,
        key_id=signer.kid,
        created=created,
        covered_component_ids=covered or signatures.COVERED_WITH_BODY,
        body=body if covered is None else None,
    )
    return message.headers


def send(client, headers, *, body=b"{}", path=PATH):
    return client.post(path, data=body, content_type="application/json", headers=headers)


def test_a_request_without_a_signature_is_refused(client):
    assert reason_of(send(client, {})) == (401, "unsigned")


def test_a_good_signature_comes_in(client):
    assert reason_of(send(client, signed())) == (400, "malformed")


@pytest.mark.parametrize("seconds", [-75, 45], ids=["old", "early"])
def test_a_signature_is_good_for_one_minute(client, seconds):
    created = build.later(seconds=seconds)
    assert reason_of(send(client, signed(created=created))) == (401, "wrong_request_signature")


def test_clocks_may_differ_by_some_seconds(client):
    for seconds in (-50, 20):
        assert reason_of(send(client, signed(created=build.later(seconds=seconds)))) == (400, "malformed")


def test_a_body_that_was_changed_is_refused(client):
    assert reason_of(send(client, signed(body=b"{}"), body=b"[]")) == (401, "wrong_request_signature")


def test_a_signature_for_another_address_is_refused(client):
    assert reason_of(send(client, signed(path="/nodes/v1/letters/batch"))) == (401, "wrong_request_signature")


def test_a_signature_that_does_not_cover_the_body_is_refused(client):
    headers = signed(covered=("@method", "@target-uri"))
    assert reason_of(send(client, headers)) == (401, "wrong_request_signature")


def test_nonsense_in_the_headers_is_refused(client):
    headers = {"Signature": "tongban=:AAAA:", "Signature-Input": 'tongban=("@method" "@what");keyid="31-1"'}
    assert reason_of(send(client, headers)) == (401, "wrong_request_signature")
    assert reason_of(send(client, {"Signature": "\x01", "Signature-Input": "((("}))[0] == 401


def test_a_stranger_is_refused(client):
    body = b"{}"
    headers = signatures.sign_request(
        build.signer_of("31", number=7), method="POST", url=f"http://34.example{PATH}", body=body
    )
    assert reason_of(send(client, headers)) == (401, "unknown_key")


@pytest.mark.parametrize(
    ("end", "reason"),
    [({"revoked_at": build.LONG_AGO}, "key_revoked"), ({"until": build.LONG_AGO}, "key_expired")],
    ids=["revoked", "replaced"],
)
def test_a_key_whose_time_is_over_opens_no_door(client, settings, tmp_path, end, reason):
    build.a_federation(settings, tmp_path / "other", keys_of={"31": [build.a_key("31", **end)]})
    assert reason_of(send(client, signed())) == (401, reason)


def test_a_directory_that_the_hub_did_not_sign_is_not_believed(client, settings, tmp_path):
    build.a_federation(settings, tmp_path / "other")
    text = settings.DIRECTORY.read_text()
    settings.DIRECTORY = tmp_path / "forged.json"
    settings.DIRECTORY.write_text(text.replace('"signature": "', '"signature": "A', 1)[:-3] + '"}')
    assert reason_of(send(client, signed())) == (503, "no_directory")


def test_a_spoilt_directory_leaves_the_good_one_in_use(client, settings):
    assert reason_of(send(client, signed())) == (400, "malformed")
    time.sleep(0.01)
    settings.DIRECTORY.write_text("{")
    assert reason_of(send(client, signed())) == (400, "malformed")


def test_the_directory_is_given_to_everyone_as_the_hub_signed_it(client, settings):
    response = client.get("/nodes/v1/directory")
    assert json.loads(response.content) == json.loads(settings.DIRECTORY.read_text())


def test_other_methods_are_not_allowed(client):
    assert client.delete(PATH).status_code == 405
    assert client.get("/nodes/v1/letters/batch").status_code == 405
