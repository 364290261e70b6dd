"""What a peer is told when it was restored from a backup."""

import json
from uuid import UUID

import pytest

from tongban.base.canonical import digest
from tongban.base.seal import parse_sealed
from tongban.exchange import actions, queries
from tongban.exchange.rules import Part, letter_of, read_event
from tongban.exchange.tests import build

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def federation(settings, tmp_path):
    build.a_federation(settings, tmp_path)


def asked(client, what, *, since="2020-01-01T00:00:00.000Z", after="", by="31"):
    path = f"/nodes/v1/letters/{what}?since={since}" + (f"&after={after}" if after else "")
    content = json.loads(build.get(client, path, by=by).content)
    return [(*letter_of(entry), parse_sealed(entry["receipt"])) for entry in content["letters"]], content["more"]


def answered(letter):
    (parcel,) = actions.claim(["31"])
    actions.finish([(parcel, build.a_receipt(letter))])


def take(*sealed):
    with build.hearing(lambda heard: None):
        for letter in sealed:
            actions.receive("31", letter)


def test_letters_written_to_it_are_remembered_with_its_receipts(client):
    letter = build.a_letter()
    answered(letter)
    build.a_letter(subject="without receipt")
    (((sealed, _, receipt),), more) = asked(client, "written")
    assert sealed.digest == letter.digest
    assert receipt.kid == "31-1"
    assert more is False


def test_letters_taken_from_it_are_remembered_with_our_receipts(client):
    sealed = build.a_sealed()
    take(sealed)
    (((found, _, receipt),), _) = asked(client, "taken")
    assert found == sealed
    assert receipt.kid == "34-1"


def test_it_has_back_the_bodies_that_are_still_held_here(client):
    sealed = build.a_sealed(data={"bodies": {"applicant": digest(b"{}")}})
    held = {read_event(sealed.payload).id: [Part("applicant", b"{}")]}

    def kept(letters: list[UUID]) -> dict[UUID, list[Part]]:
        return {letter: held[letter] for letter in letters}

    with build.hearing(lambda heard: None, kept=kept):
        actions.receive("31", sealed)
        (((_, parts, _),), _) = asked(client, "taken")
    assert parts == (Part("applicant", b"{}"),)


def test_only_since_a_moment_and_only_its_own(client):
    answered(build.a_letter())
    take(build.a_sealed())
    for what in ("written", "taken"):
        assert asked(client, what, since="2099-01-01T00:00:00.000Z")[0] == []
        assert asked(client, what, by="32")[0] == []


def test_it_reads_page_by_page_in_the_order_of_our_answers(client, monkeypatch):
    monkeypatch.setattr(queries.remembering, "PAGE", 2)
    letters = [build.a_sealed() for _ in range(5)]
    take(*letters)
    found, more, after = [], True, ""
    while more:
        page, more = asked(client, "taken", after=after)
        found += [sealed for sealed, _, _ in page]
        after = str(read_event(found[-1].payload).id)
    assert found == letters


def test_a_page_holds_no_more_bytes_than_one_answer_may(client, monkeypatch):
    monkeypatch.setattr(queries.remembering, "PAGE_BYTES", 10)
    take(build.a_sealed(), build.a_sealed())
    page, more = asked(client, "taken")
    assert (len(page), more) == (1, True)


def test_a_node_that_is_recovering_itself_tells_what_it_knows(client, settings):
    take(build.a_sealed())
    build.restore(settings)
    assert len(asked(client, "taken")[0]) == 1


def test_a_moment_in_another_form_is_malformed(client):
    assert build.get(client, "/nodes/v1/letters/taken?since=yesterday").status_code == 400
