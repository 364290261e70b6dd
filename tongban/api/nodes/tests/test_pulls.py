import json

import pytest

from tongban.base.canonical import digest
from tongban.base.seal import parse_sealed
from tongban.exchange import actions, queries
from tongban.exchange.queries.letters import PAGE
from tongban.exchange.rules import Part
from tongban.exchange.tests import build

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def federation(settings, tmp_path):
    build.a_federation(settings, tmp_path)


def pulled(client, query, *, by="31"):
    content = json.loads(build.get(client, f"/nodes/v1/letters?{query}", by=by).content)
    events = [json.loads(parse_sealed(entry["letter"]).payload) for entry in content["letters"]]
    return [event["id"] for event in events], content


def test_a_node_pulls_what_was_written_to_it_about_a_subject_in_order(client):
    letters = [str(build.a_letter(subject="case").id) for _ in range(3)]
    build.a_letter(subject="other")
    assert pulled(client, "subject=case")[0] == letters
    assert pulled(client, f"subject=case&after={letters[0]}")[0] == letters[1:]


def test_nobody_pulls_what_was_written_to_another(client):
    build.a_letter(subject="case", receivers=["32"])
    assert pulled(client, "subject=case")[0] == []


def test_an_unknown_letter_means_from_the_beginning(client):
    letters = [str(build.a_letter(subject="case").id) for _ in range(2)]
    assert pulled(client, f"subject=case&after={build.any_id()}")[0] == letters


def test_a_pulled_letter_has_the_parts_of_the_one_who_pulls(client):
    data = {"bodies": {"applicant": digest(b"mine"), "deciding": digest(b"theirs")}}
    parts = {"31": [Part("applicant", b"mine")], "32": [Part("deciding", b"theirs")]}
    build.a_letter(subject="case", receivers=["31", "32"], data=data, parts=parts)
    _, content = pulled(client, "subject=case")
    assert [part["audience"] for part in content["letters"][0]["parts"]] == ["applicant"]


def test_long_histories_come_in_pages(client):
    letters = [str(build.a_letter(subject="case").id) for _ in range(PAGE + 1)]
    first, content = pulled(client, "subject=case")
    assert (first, content["more"]) == (letters[:PAGE], True)
    rest, content = pulled(client, f"subject=case&after={first[-1]}")
    assert (rest, content["more"]) == (letters[PAGE:], False)


def test_a_page_keeps_to_the_size_of_one_request(client):
    content = bytes(1_500_000)
    data = {"bodies": {"applicant": digest(content)}}
    parts = {"31": [Part("applicant", content)]}
    letters = [str(build.a_letter(subject="case", data=data, parts=parts).id) for _ in range(3)]
    first, content = pulled(client, "subject=case")
    assert (first, content["more"]) == (letters[:1], True)


def test_a_wrong_id_is_malformed(client):
    assert build.get(client, "/nodes/v1/letters?subject=case&after=1").status_code == 400


class TestDay:
    def test_the_day_of_two_nodes_is_equal_when_they_hold_the_same_letters(self, client):
        letter = build.a_letter(subject="case")
        (parcel,) = actions.claim(["31"])
        actions.finish([(parcel, build.a_receipt(letter))])
        day = letter.made_at.date().isoformat()
        answer = json.loads(build.get(client, f"/nodes/v1/checkpoints/{day}?subjects=1").content)
        theirs = queries.Checkpoint({"case": digest(letter.digest.encode())})
        assert answer == {"day": day, "digest": theirs.digest, "count": 1, "subjects": dict(theirs.subjects)}

    def test_letters_that_were_taken_count_as_well(self, client):
        sealed = build.a_sealed(subject="case", at=build.LONG_AGO)
        before = json.loads(build.get(client, "/nodes/v1/checkpoints/2020-01-01").content)
        with build.hearing(lambda heard: None):
            actions.receive("31", sealed)
        after = json.loads(build.get(client, "/nodes/v1/checkpoints/2020-01-01").content)
        assert (before["count"], after["count"]) == (0, 1)
        assert before["digest"] != after["digest"]

    def test_a_letter_without_a_receipt_does_not_count_yet(self, client):
        letter = build.a_letter()
        answer = build.get(client, f"/nodes/v1/checkpoints/{letter.made_at.date()}")
        assert json.loads(answer.content)["count"] == 0

    def test_a_day_that_is_none_is_malformed(self, client):
        assert build.get(client, "/nodes/v1/checkpoints/yesterday").status_code == 400


def test_health_tells_node_mode_and_the_age_of_the_outbox(client):
    build.a_letter()
    answer = json.loads(client.get("/healthz").content)
    assert (answer["status"], answer["node"], answer["mode"]) == ("ok", "34", "test")
    assert 0 <= answer["outbox_age_seconds"] < 60
