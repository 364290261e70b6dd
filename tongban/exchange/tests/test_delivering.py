import json
import threading
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from tongban.base.canonical import digest
from tongban.base.seal import Sealed, parse_sealed
from tongban.exchange import actions
from tongban.exchange.models import Alarm, Delivery
from tongban.exchange.rules import Outcome, Part
from tongban.exchange.tests import build


@pytest.fixture(autouse=True)
def federation(settings, tmp_path):
    build.a_federation(settings, tmp_path)


def claimed(*peers, **more):
    return [parcel.letter.id for parcel in actions.claim(peers or ["31"], **more)]


def run_out(**where):
    Delivery.objects.filter(**where).update(lease_until=timezone.now() - timedelta(seconds=1))


@pytest.mark.django_db
class TestOrder:
    def test_only_the_first_letter_of_a_subject_is_eligible(self):
        first, _ = build.a_letter(subject="a"), build.a_letter(subject="a")
        assert claimed() == [first.id]
        assert claimed() == []

    def test_the_second_follows_the_receipt_of_the_first(self):
        first, second = build.a_letter(subject="a"), build.a_letter(subject="a")
        (parcel,) = actions.claim(["31"])
        assert actions.finish([(parcel, build.a_receipt(first))])
        assert claimed() == [second.id]

    def test_subjects_and_receivers_do_not_wait_for_each_other(self):
        letters = [build.a_letter(subject=subject, receivers=["31", "32"]) for subject in "abc"]
        assert claimed("31", "32") == [letter.id for letter in letters for _ in range(2)]

    def test_each_peer_has_its_share_of_a_claim(self):
        for number in range(5):
            build.a_letter(subject=str(number), receivers=["31", "32"])
        parcels = actions.claim(["31", "32"], most=2)
        assert sorted(parcel.receiver for parcel in parcels) == ["31", "31", "32", "32"]

    def test_a_peer_that_is_not_asked_for_is_left_alone(self):
        build.a_letter(receivers=["32"])
        assert claimed("31") == []

    def test_a_letter_that_rests_holds_back_its_subject(self):
        build.a_letter(subject="a")
        build.a_letter(subject="a")
        (parcel,) = actions.claim(["31"])
        actions.postpone(parcel, trouble="gap")
        assert claimed() == []


@pytest.mark.django_db
class TestLease:
    def test_a_lease_that_ran_out_is_free_again(self):
        letter = build.a_letter()
        assert claimed() == [letter.id]
        run_out()
        (parcel,) = actions.claim(["31"])
        assert (parcel.letter.id, parcel.attempts) == (letter.id, 2)

    def test_leases_are_given_back_when_the_peer_is_away(self):
        letter = build.a_letter()
        actions.release(actions.claim(["31"]), trouble="ConnectionError")
        assert Delivery.objects.get().trouble == "ConnectionError"
        assert claimed() == [letter.id]

    def test_an_operator_can_have_everything_tried_at_once(self):
        letter = build.a_letter()
        (parcel,) = actions.claim(["31"])
        actions.postpone(parcel, trouble="unknown_kind", seconds=300)
        assert claimed() == []
        assert actions.try_now("31") == 1
        assert claimed() == [letter.id]


@pytest.mark.django_db
class TestParcel:
    def test_a_parcel_holds_the_signed_bytes_and_the_parts_of_its_receiver(self):
        parts = {"31": [Part("applicant", b"mine")], "32": [Part("deciding", b"theirs")]}
        data = {"bodies": {"applicant": digest(b"mine"), "deciding": digest(b"theirs")}}
        letter = build.a_letter(receivers=["31", "32"], data=data, parts=parts)
        (parcel,) = actions.claim(["31"])
        assert digest(parcel.sealed.payload) == letter.digest
        assert parcel.parts == (Part("applicant", b"mine"),)

    def test_a_letter_under_a_revoked_key_is_sealed_anew_over_the_same_bytes(self, settings, tmp_path):
        letter = build.a_letter()
        revoked = [build.a_key("34", number=2), build.a_key("34", revoked_at=timezone.now())]
        build.a_federation(settings, tmp_path / "after", keys_of={"34": revoked})
        build.write_signing_key(settings, number=2)
        (parcel,) = actions.claim(["31"])
        assert parcel.sealed.kid == "34-2"
        assert digest(parcel.sealed.payload) == letter.digest


@pytest.mark.django_db
class TestReceipt:
    def test_the_receipt_is_kept_as_the_receiver_signed_it(self):
        letter = build.a_letter()
        receipt = build.a_receipt(letter)
        (parcel,) = actions.claim(["31"])
        actions.finish([(parcel, receipt)])
        kept = Delivery.objects.get()
        assert parse_sealed(json.loads(bytes(kept.receipt))) == receipt
        assert (kept.outcome, kept.lease_until) == ("taken", None)

    def test_the_app_hears_the_answer_once(self):
        answers = []
        letter = build.a_letter()
        with build.hearing(lambda heard: None, answered=lambda *answer: answers.append(answer)):
            (parcel,) = actions.claim(["31"])
            no = build.a_receipt(letter, outcome=Outcome.REJECTED, reason="closed_case", facts={"no": "7"})
            assert actions.finish([(parcel, no)])
            assert not actions.finish([(parcel, no)])
        assert answers == [(parcel.letter, "31", "rejected", "closed_case", {"no": "7"})]

    def test_an_answer_that_the_app_cannot_take_comes_again(self):
        letter = build.a_letter()

        def fail(*answer):
            raise KeyError("missing")

        with build.hearing(lambda heard: None, answered=fail):
            (parcel,) = actions.claim(["31"])
            assert not actions.finish([(parcel, build.a_receipt(letter))])
        kept = Delivery.objects.get()
        assert (kept.receipt, kept.trouble) == (None, "answer_failed")

    @pytest.mark.parametrize(
        "wrong",
        [
            {"letter": "0" * 64},
            {"id": build.any_id()},
            {"sender": "32"},
            {"receiver": "32"},
            {"by": "32", "receiver": "31"},
            {"by": "32"},
            {"at": build.LONG_AGO - timedelta(days=1)},
            {"outcome": Outcome.REJECTED, "reason": "x" * 61},
        ],
        ids=["letter", "id", "from", "to", "signed by another", "another's receipt", "before the key", "long reason"],
    )
    def test_a_receipt_for_something_else_is_not_believed(self, wrong):
        letter = build.a_letter()
        (parcel,) = actions.claim(["31"])
        assert not actions.finish([(parcel, build.a_receipt(letter, **wrong))])
        assert Delivery.objects.get().receipt is None
        assert Alarm.objects.get().kind == "wrong_receipt"

    def test_a_receipt_that_was_changed_is_not_believed(self):
        letter = build.a_letter()
        (parcel,) = actions.claim(["31"])
        good = build.a_receipt(letter, outcome=Outcome.REJECTED, reason="no")
        changed = Sealed(good.protected, good.payload.replace(b"no", b"on"), good.signature)
        assert not actions.finish([(parcel, changed)])
        assert Delivery.objects.get().receipt is None

    def test_a_refusal_reaches_a_person_and_the_letter_is_offered_again(self):
        build.a_letter(subject="case")
        (parcel,) = actions.claim(["31"])
        actions.refused(parcel, reason="wrong_signature")
        assert (Alarm.objects.get().kind, Alarm.objects.get().subject) == ("refused", "case")
        Delivery.objects.update(next_try_at=timezone.now() - timedelta(seconds=1))
        assert claimed() == [parcel.letter.id]


@pytest.mark.django_db(transaction=True)
def test_workers_side_by_side_never_claim_the_same_letter():
    letters = {build.a_letter(subject=f"s-{number}").id for number in range(60)}
    found, start = [], threading.Barrier(4)

    def work():
        start.wait()
        while mine := claimed("31", most=5):
            found.extend(mine)
        connection.close()

    workers = [threading.Thread(target=work) for _ in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert len(found) == len(set(found))
    assert set(found) <= letters
    assert set(found) | set(claimed("31", most=60)) == letters


@pytest.mark.django_db(transaction=True)
def test_one_letter_brought_twice_at_the_same_time_is_heard_once_and_gets_one_receipt():
    heard, receipts, start = [], [], threading.Barrier(4)
    sealed = build.a_sealed()

    def bring():
        start.wait()
        receipts.append(actions.receive("31", sealed))
        connection.close()

    with build.hearing(lambda letter: heard.append(letter.id)):
        threads = [threading.Thread(target=bring) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert len(receipts) == 4
    assert len(set(receipts)) == 1
    assert len(heard) == 1
