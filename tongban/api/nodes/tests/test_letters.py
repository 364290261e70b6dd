"""What other nodes bring to the door."""

import json

import pytest

from tongban.api.nodes import door
from tongban.base.canonical import canonical_json, digest
from tongban.base.errors import NotYet, Rejected
from tongban.base.seal import Sealed
from tongban.base.uuid7 import uuid7
from tongban.exchange.models import Alarm, Gap, Inbox
from tongban.exchange.rules import Part
from tongban.exchange.tests import build
from tongban.journal.models import Entry

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def federation(settings, tmp_path):
    build.a_federation(settings, tmp_path)
    door.journalled_lately.clear()


def nobody(heard):
    raise AssertionError("not to be heard")


def reason_of(response):
    content = json.loads(response.content)
    assert response["Content-Type"] == "application/problem+json"
    assert content["status"] == response.status_code
    assert content["detail"] != content["reason"], "a sentence for a person"
    return content["reason"]


def test_a_letter_is_heard_once_and_answered_by_a_receipt(client):
    heard = []
    sealed = build.a_sealed(subject="case", data={"n": 1})
    with build.hearing(heard.append):
        response = build.post(client, build.brought(sealed))
    receipt = build.receipt_in(response)
    assert response.status_code == 200
    assert (receipt.letter, receipt.outcome, receipt.sender, receipt.receiver) == (sealed.digest, "taken", "31", "34")
    assert [(one.sender, one.subject, one.data, one.digest) for one in heard] == [
        ("31", "case", {"n": 1}, sealed.digest)
    ]
    assert bytes(Inbox.objects.get().payload) == sealed.payload


def test_a_repeated_letter_gets_the_same_receipt_and_is_not_heard_again(client):
    heard = []
    body = build.brought(build.a_sealed())
    with build.hearing(heard.append):
        answers = {build.post(client, body).content for _ in range(3)}
    assert len(answers) == 1
    assert len(heard) == 1


def test_parts_come_with_the_letter(client):
    heard = []
    content = b'{"salt":"s"}'
    sealed = build.a_sealed(data={"bodies": {"applicant": digest(content)}})
    with build.hearing(heard.append):
        build.post(client, build.brought(sealed, [Part("applicant", content)]))
    assert heard[0].parts == (Part("applicant", content),)


def test_a_part_that_was_changed_on_its_way_is_refused(client):
    sealed = build.a_sealed(data={"bodies": {"applicant": digest(b"one")}})
    with build.hearing(nobody):
        response = build.post(client, build.brought(sealed, [Part("applicant", b"other")]))
    assert (response.status_code, reason_of(response)) == (400, "part_changed")


def test_a_part_that_the_letter_does_not_name_is_refused(client):
    with build.hearing(nobody):
        response = build.post(client, build.brought(build.a_sealed(), [Part("applicant", b"one")]))
    assert reason_of(response) == "part_changed"


def test_a_rejected_ask_is_answered_by_a_receipt_and_leaves_nothing_behind(client):
    def hear(heard):
        Gap.objects.create(sender="31", subject="written before the refusal")
        raise Rejected("closed_case", number=7)

    with build.hearing(hear, may_reject=True):
        response = build.post(client, build.brought(build.a_sealed()))
    receipt = build.receipt_in(response)
    assert (response.status_code, receipt.outcome, receipt.reason) == (200, "rejected", "closed_case")
    assert receipt.facts == {"number": "7"}
    assert not Gap.objects.exists()


def test_a_letter_that_must_not_be_rejected_halts_its_subject_with_an_alarm(client):
    def hear(heard):
        raise Rejected("chain_broken")

    with build.hearing(hear):
        response = build.post(client, build.brought(build.a_sealed(subject="case")))
    assert (response.status_code, reason_of(response)) == (503, "halted")
    assert Alarm.objects.get().facts["because"] == "chain_broken"
    assert not Inbox.objects.exists()


def test_a_letter_that_comes_too_early_waits_and_nothing_is_kept(client):
    def hear(heard):
        raise NotYet("gap")

    with build.hearing(hear):
        response = build.post(client, build.brought(build.a_sealed(subject="case")))
    assert (response.status_code, reason_of(response), response["Retry-After"]) == (503, "gap", "1")
    assert Gap.objects.get().subject == "case"
    assert not Inbox.objects.exists()


def test_an_unknown_kind_waits_with_an_alarm(client):
    response = build.post(client, build.brought(build.a_sealed(kind="novelty", subject="case")))
    assert (response.status_code, reason_of(response)) == (503, "unknown_kind")
    alarm = Alarm.objects.get()
    assert (alarm.kind, alarm.peer, alarm.subject, alarm.facts["kind"]) == ("waiting", "31", "case", "novelty")


def test_a_defect_of_ours_is_an_answer_with_a_reason_and_an_alarm(client):
    def hear(heard):
        raise KeyError("missing")

    with build.hearing(hear):
        response = build.post(client, build.brought(build.a_sealed()))
    assert (response.status_code, reason_of(response)) == (503, "defect")
    assert Alarm.objects.get().facts["reason"] == "defect"


def test_a_letter_from_the_future_waits(client):
    with build.hearing(nobody):
        response = build.post(client, build.brought(build.a_sealed(at=build.later(minutes=11))))
    assert (response.status_code, reason_of(response)) == (503, "from_the_future")


def test_a_letter_a_little_ahead_and_one_of_years_ago_are_taken(client):
    with build.hearing(lambda heard: None):
        for at in (build.later(minutes=9), build.LONG_AGO):
            assert build.post(client, build.brought(build.a_sealed(at=at))).status_code == 200


def test_two_letters_under_one_id_are_a_fork(client):
    given = uuid7()
    with build.hearing(lambda heard: None):
        build.post(client, build.brought(build.a_sealed(id=given, data={"n": 1})))
        response = build.post(client, build.brought(build.a_sealed(id=given, data={"n": 2})))
    assert (response.status_code, reason_of(response)) == (409, "fork")
    assert Alarm.objects.get().kind == "fork"
    assert Inbox.objects.count() == 1


def test_a_stranger_cannot_take_the_id_of_anothers_letter(client):
    given = uuid7()
    with build.hearing(lambda heard: None):
        assert build.post(client, build.brought(build.a_sealed(sender="32", id=given)), by="32").status_code == 200
        assert build.post(client, build.brought(build.a_sealed(sender="31", id=given))).status_code == 200


def test_a_letter_signed_by_another_key_is_refused(client):
    forged = build.a_sealed()
    forged = Sealed(forged.protected, forged.payload, build.a_sealed(signer=build.signer_of("32")).signature)
    with build.hearing(nobody):
        response = build.post(client, build.brought(forged))
    assert (response.status_code, reason_of(response)) == (401, "wrong_signature")


def test_a_changed_letter_is_refused(client):
    sealed = build.a_sealed(data={"amount": "100"})
    changed = Sealed(sealed.protected, sealed.payload.replace(b"100", b"900"), sealed.signature)
    with build.hearing(nobody):
        response = build.post(client, build.brought(changed))
    assert reason_of(response) == "wrong_signature"


def test_a_letter_in_the_name_of_another_node_is_refused(client):
    with build.hearing(nobody):
        for sealed in (build.a_sealed(sender="32"), build.a_sealed(sender="32", signer=build.signer_of("31"))):
            response = build.post(client, build.brought(sealed), by="31")
            assert (response.status_code, reason_of(response)) == (403, "not_the_sender")


def test_an_unknown_key_is_refused(client):
    with build.hearing(nobody):
        response = build.post(client, build.brought(build.a_sealed(signer=build.signer_of("31", number=9))))
    assert (response.status_code, reason_of(response)) == (401, "unknown_key")


def test_a_receipt_or_any_other_text_is_not_a_letter(client):
    response = build.post(client, build.brought(build.a_sealed(typ="tongban-receipt+json")))
    assert (response.status_code, reason_of(response)) == (400, "malformed")


def test_a_refusal_stands_in_the_journal_once_however_often_it_is_repeated(client):
    for _ in range(3):
        build.post(client, b"[]")
    entry = Entry.objects.get()
    assert (entry.event, entry.node, entry.facts["reason"]) == ("node_refused", "31", "malformed")


DEEP = b'{"letter":' + b"[" * 5000 + b"]" * 5000 + b"}"


@pytest.mark.parametrize(
    ("body", "status", "reason"),
    [
        (b"", 400, "malformed"),
        (b"\xff\xfe", 400, "malformed"),
        (b"{}", 400, "malformed"),
        (b'{"letter":{"payload":"","protected":"","signature":""}}', 400, "malformed"),
        (b'{"letter":1,"letter":2}', 400, "malformed"),
        (b'{"letter":NaN}', 400, "malformed"),
        (DEEP, 400, "malformed"),
        (b" " * 4_000_001, 413, "too_large"),
    ],
    ids=["empty", "not utf-8", "no letter", "empty letter", "duplicate key", "not a number", "deep", "huge"],
)
def test_a_body_that_is_no_letter_is_refused_with_a_reason(client, body, status, reason):
    response = build.post(client, body)
    assert (response.status_code, reason_of(response)) == (status, reason)


@pytest.mark.parametrize(
    "change",
    [
        {"specversion": "0.3"},
        {"id": "1"},
        {"id": "0198C0DE-0000-7000-8000-000000000000"},
        {"source": "https://31.example"},
        {"source": "urn:tongban:node:3\u0000"},
        {"type": "greeting"},
        {"subject": ""},
        {"subject": "x" * 201},
        {"subject": "a\u0000b"},
        {"time": "2026-11-23 10:00:00"},
        {"time": "2026-11-23T10:00:00+08:00"},
        {"datacontenttype": "text/plain"},
        {"protocol": 1},
        {"data": []},
        {"data": {"n": 2**53}},
        {"data": {"n": 1.5}},
    ],
    ids=str,
)
def test_an_event_that_breaks_a_rule_of_the_protocol_is_malformed(client, change):
    value = {
        "specversion": "1.0",
        "id": str(uuid7()),
        "source": "urn:tongban:node:31",
        "type": "tongban.greeting",
        "subject": "s",
        "time": "2026-01-01T00:00:00.000Z",
        "datacontenttype": "application/json",
        "protocol": "1.0",
        "data": {},
    }
    sealed = build.a_sealed(payload=json.dumps({**value, **change}).encode())
    with build.hearing(nobody):
        response = build.post(client, build.brought(sealed))
    assert (response.status_code, reason_of(response)) == (400, "malformed")


def test_attributes_of_a_later_minor_version_are_ignored_and_another_major_version_is_refused(client):
    value = json.loads(build.a_sealed().payload)
    later_minor = build.a_sealed(payload=canonical_json({**value, "protocol": "1.7", "novelty": "x"}))
    other_major = build.a_sealed(payload=canonical_json({**value, "protocol": "2.0"}))
    with build.hearing(lambda heard: None):
        assert build.post(client, build.brought(later_minor)).status_code == 200
        assert reason_of(build.post(client, build.brought(other_major))) == "protocol_version"


def test_a_batch_answers_each_letter_for_itself(client):
    good, forged = build.a_sealed(subject="a"), build.a_sealed(subject="b")
    forged = Sealed(forged.protected, forged.payload, good.signature)
    body = canonical_json(
        {"letters": [json.loads(build.brought(good)), json.loads(build.brought(forged)), 7]},
    )
    with build.hearing(lambda heard: None):
        response = build.post(client, body, path="/nodes/v1/letters/batch")
    first, second, third = json.loads(response.content)["answers"]
    assert set(first) == {"receipt"}
    assert second["problem"]["reason"] == "wrong_signature"
    assert third["problem"]["reason"] == "malformed"


@pytest.mark.parametrize("letters", [[], [1] * 101, {}, None], ids=str)
def test_a_batch_of_none_or_too_many_is_malformed(client, letters):
    response = build.post(client, canonical_json({"letters": letters}), path="/nodes/v1/letters/batch")
    assert (response.status_code, reason_of(response)) == (400, "malformed")
