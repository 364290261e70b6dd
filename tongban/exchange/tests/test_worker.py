"""The worker against another province that was written from the protocol alone."""

import threading
import time
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from tongban.base.canonical import digest
from tongban.base.errors import NotYet
from tongban.exchange import actions
from tongban.exchange.chaos import Chaos, read_chaos
from tongban.exchange.models import Alarm, Delivery, Gap, Inbox
from tongban.exchange.rules import Part
from tongban.exchange.tasks import Worker, mending
from tongban.exchange.tests import build

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.filterwarnings("ignore:EdDSA is deprecated via RFC 9864"),
]


@pytest.fixture(autouse=True)
def no_duties():
    before = dict(actions.duties)
    actions.duties.clear()
    yield
    actions.duties.clear()
    actions.duties.update(before)


@pytest.fixture
def shanghai(settings, tmp_path):
    with build.another_province() as province:
        build.a_federation(settings, tmp_path, endpoints={"31": province.endpoint, "32": "http://127.0.0.1:1"})
        yield province


def work_until(done, *, seconds=10.0, **more):
    worker = Worker(**more)

    def run():
        worker.run()
        connection.close()

    thread = threading.Thread(target=run)
    thread.start()
    try:
        deadline = time.monotonic() + seconds
        while not done():
            assert time.monotonic() < deadline, "not done in time"
            time.sleep(0.02)
    finally:
        worker.stop.set()
        thread.join()


def all_receipted():
    return not Delivery.objects.filter(receipt=None, receiver="31").exists()


def test_every_letter_arrives_once_and_its_receipt_is_stored(shanghai):
    letters = [build.a_letter(subject=subject) for subject in "abc" for _ in range(5)]
    work_until(all_receipted)
    assert set(shanghai.taken) == {str(letter.id) for letter in letters}
    assert len(shanghai.arrived) == len(letters)
    assert {row.outcome for row in Delivery.objects.all()} == {"taken"}


def test_letters_of_a_subject_arrive_in_their_order(shanghai):
    letters = [str(build.a_letter(subject="case").id) for _ in range(20)]
    work_until(all_receipted)
    assert shanghai.arrived == letters


def test_many_letters_travel_in_few_requests(shanghai):
    for number in range(30):
        build.a_letter(subject=str(number))
    work_until(all_receipted)
    assert len(shanghai.requests) <= 3


def test_letters_that_do_not_fit_into_one_request_travel_in_several(shanghai):
    content = bytes(1_500_000)
    for number in range(4):
        data = {"bodies": {"applicant": digest(content)}}
        build.a_letter(subject=str(number), data=data, parts={"31": [Part("applicant", content)]})
    work_until(all_receipted)
    assert len(shanghai.taken) == 4
    assert len(shanghai.requests) >= 4


def test_parts_travel_beside_the_letter(shanghai):
    data = {"bodies": {"applicant": digest(b"mine")}}
    build.a_letter(data=data, parts={"31": [Part("applicant", b"mine")]})
    work_until(all_receipted)
    (event,) = shanghai.taken.values()
    assert event["data"] == data


def test_lost_receipts_are_fetched_again_and_nothing_is_doubled(shanghai):
    letters = {str(build.a_letter(subject=str(number)).id) for number in range(10)}
    shanghai.lost = 2
    work_until(all_receipted)
    assert set(shanghai.taken) == letters
    assert len(shanghai.arrived) > len(letters)


def test_a_letter_that_has_to_wait_comes_again_by_itself(shanghai):
    answers = iter([503, 503])
    shanghai.behave = lambda event: next(answers, None)
    build.a_letter()
    work_until(all_receipted)
    assert len(shanghai.arrived) == 3


def test_a_rejection_is_an_answer(shanghai):
    shanghai.behave = lambda event: "closed_case"
    build.a_letter()
    work_until(all_receipted)
    assert (Delivery.objects.get().outcome, Delivery.objects.get().reason) == ("rejected", "closed_case")


def test_a_peer_that_is_away_does_not_hold_up_the_others_and_gets_its_letters_later(shanghai, settings, tmp_path):
    build.a_letter(receivers=["32", "31"])
    work_until(all_receipted)
    waiting = Delivery.objects.get(receiver="32")
    assert waiting.receipt is None
    assert waiting.lease_until is None
    assert "Connection" in waiting.trouble


def test_a_peer_that_will_not_have_a_letter_is_an_alarm(shanghai):
    shanghai.behave = lambda event: 409
    build.a_letter(subject="case")
    work_until(lambda: Alarm.objects.filter(kind="refused", subject="case", peer="31").exists())
    assert Delivery.objects.get().receipt is None


def test_several_workers_side_by_side_send_each_letter_once(shanghai):
    letters = [str(build.a_letter(subject=str(number % 7)).id) for number in range(60)]
    second = Worker()

    def run():
        second.run()
        connection.close()

    thread = threading.Thread(target=run)
    thread.start()
    work_until(all_receipted)
    second.stop.set()
    thread.join()
    assert sorted(shanghai.arrived) == sorted(letters)


def test_trouble_on_purpose_ends_well(shanghai):
    letters = {str(build.a_letter(subject=str(number % 3)).id) for number in range(30)}
    chaos = Chaos(drop_receipts=0.3, repeat=0.3, delay_seconds=0.01, reorder=0.3)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("tongban.exchange.actions.delivering.LEASE_SECONDS", 0.2)
        work_until(all_receipted, chaos=chaos, seconds=30)
    assert set(shanghai.taken) == letters


def test_trouble_exists_in_test_mode_only():
    environment = {"TONGBAN_CHAOS_DROP_RECEIPTS": "0.15", "TONGBAN_CHAOS_SEED": "7"}
    assert read_chaos("test", environment).drop_receipts == 0.15
    assert read_chaos("demo", environment).drop_receipts == 0
    assert read_chaos("production", environment).drop_receipts == 0


class TestGap:
    def test_missing_letters_are_pulled_in_order(self, shanghai):
        heard = []

        def hear(letter):
            if letter.data["n"] != len(heard) + 1:
                raise NotYet("gap")
            heard.append(letter.data["n"])

        for number in (1, 2, 3, 4, 5):
            shanghai.write("case", {"n": number}, number=number)
        with build.hearing(hear):
            with pytest.raises(NotYet):
                actions.receive("31", build.a_sealed(subject="case", data={"n": 6}))
            mending.mend_gaps(timezone.now())
        assert heard == [1, 2, 3, 4, 5]
        assert not Gap.objects.exists()
        assert Inbox.objects.count() == 5

    def test_pulling_goes_on_after_the_last_letter_taken(self, shanghai):
        heard = []
        for number in (1, 2, 3):
            shanghai.write("case", {"n": number}, number=number)
        with build.hearing(lambda letter: heard.append(letter.data["n"])):
            Gap.objects.create(sender="31", subject="case")
            mending.mend_gaps(build.later(seconds=1))
            shanghai.write("case", {"n": 4}, number=4)
            Gap.objects.create(sender="31", subject="case")
            mending.mend_gaps(build.later(seconds=1))
        assert heard == [1, 2, 3, 4]
        assert "after=00000000-0000-7000-8000-000000000003" in shanghai.requests[-1]

    def test_a_gap_that_does_not_close_reaches_a_person(self, shanghai):
        shanghai.write("case", {"n": 2}, number=2)

        def hear(letter):
            raise NotYet("gap")

        Gap.objects.create(sender="31", subject="case")
        with build.hearing(hear):
            for number in range(mending.PATIENCE):
                mending.mend_gaps(timezone.now() + timedelta(hours=number + 1))
        assert Alarm.objects.get(kind="gap").subject == "case"
        assert Gap.objects.get().attempts == mending.PATIENCE


class TestAges:
    def test_a_peer_that_owes_a_receipt_for_long_is_an_alarm_that_settles_by_itself(self, shanghai):
        letter = build.a_letter()
        mending.watch_ages(build.later(minutes=14))
        assert not Alarm.objects.exists()
        mending.watch_ages(build.later(minutes=16))
        assert (Alarm.objects.get().kind, Alarm.objects.get().settled_at) == ("silent", None)
        (parcel,) = actions.claim(["31"])
        actions.finish([(parcel, build.a_receipt(letter))])
        mending.watch_ages(build.later(minutes=17))
        assert Alarm.objects.get().settled_at is not None

    def test_a_letter_that_waited_settles_its_alarm_when_it_is_taken(self, shanghai):
        sealed = build.a_sealed(kind="novelty")
        with pytest.raises(NotYet):
            actions.receive("31", sealed)
        with build.hearing(lambda letter: None, kind="novelty"):
            actions.receive("31", sealed)
        mending.watch_ages(timezone.now())
        assert Alarm.objects.get().settled_at is not None
