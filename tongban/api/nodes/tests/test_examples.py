"""The protocol's examples, brought to the door of a whole node as they stand in their files."""

import json
from uuid import UUID

import pytest

from tongban.base.canonical import canonical_json, digest
from tongban.base.seal import from_b64url, parse_sealed, seal
from tongban.base.times import parse_moment
from tongban.cases.models import Ask, Case
from tongban.exchange import actions
from tongban.exchange.rules import DIRECTORY_TYP, directory_payload
from tongban.exchange.signatures import sign_request
from tongban.exchange.tests import build, scenes
from tongban.exchange.tests.test_protocol import EXAMPLES

pytestmark = pytest.mark.django_db

TO_34 = sorted(name for name, example in EXAMPLES.items() if example["shape"] == "letter" and example["peer"] != "34")


@pytest.fixture(autouse=True)
def federation(settings, tmp_path):
    """Node 34 with the directory of the examples, signed by the hub that this test trusts."""
    build.a_federation(settings, tmp_path)
    settings.DIRECTORY = tmp_path / "examples.json"
    sealed = seal(directory_payload(scenes.the_directory()), build.signer_of("00"), typ=DIRECTORY_TYP)
    actions.keep_directory(sealed, settings.DIRECTORY)


def bring(client, name):
    example = EXAMPLES[name]
    body = canonical_json({"letter": example["letter"], "parts": example["parts"]})
    url = "https://34.tongban.example/nodes/v1/letters"
    kid = {"31": "31-2", "32": "32-2", "34": "34-1"}[example["peer"]]
    headers = sign_request(scenes.signer_of(kid), method="POST", url=url, body=body)
    return client.post("/nodes/v1/letters", data=body, content_type="application/json", headers=headers)


def asked():
    """What the first step answers: an ask that was made here."""
    Ask.objects.create(
        letter=scenes.letter_id(1),
        case_id=UUID(scenes.CASE),
        home="31",
        act="open",
        made_at=parse_moment("2026-11-23T02:01:00.000Z"),
        organ="",
    )


def outcome_of(response):
    content = json.loads(response.content)
    if "receipt" in content:
        return json.loads(parse_sealed(content["receipt"]).payload)["outcome"]
    return content["reason"]


def test_the_chain_of_the_examples_grows_a_copy_here(client):
    asked()
    for name in ("letter-step-1", "letter-step-2", "letter-due", "letter-step-3-removed"):
        assert outcome_of(bring(client, name)) == "taken"
    case = Case.objects.get(id=scenes.CASE)
    payload = from_b64url(EXAMPLES["letter-step-3-removed"]["letter"]["payload"])
    assert (case.head, case.status, case.home, case.head_digest) == (3, "accepted", "31", digest(payload))


@pytest.mark.parametrize("name", [name for name in TO_34 if "-x-" in name and name != "letter-x-future"])
def test_every_tampered_letter_is_refused_for_the_reason_it_says(client, name):
    asked()
    bring(client, "letter-step-1")
    bring(client, "letter-step-2")
    assert outcome_of(bring(client, name)) == EXAMPLES[name]["reason"]
    assert Case.objects.get(id=scenes.CASE).head == 2
