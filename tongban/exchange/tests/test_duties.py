from concurrent.futures import Executor, Future

import pytest
from django.db import connections
from django.utils import timezone

from tongban.exchange import actions
from tongban.exchange.registry import Duty
from tongban.exchange.tasks import duties

pytestmark = pytest.mark.django_db


class Inline(Executor):
    """Does everything at once, in the thread of the test."""

    def submit(self, work, /, *args, **kwargs):
        done = Future()
        done.set_result(work(*args, **kwargs))
        return done


@pytest.fixture(autouse=True)
def no_duties():
    before = dict(actions.duties)
    actions.duties.clear()
    yield
    actions.duties.clear()
    actions.duties.update(before)


def a_roster(clock):
    return duties.DutyRoster(Inline(), lambda: clock[0])


def turns(roster, count):
    for _ in range(count):
        roster.run()


def test_a_duty_rests_for_its_pace():
    calls, clock = [], [0.0]
    actions.register_duty("count", 10, lambda now: bool(calls.append(now)))
    roster = a_roster(clock)
    turns(roster, 3)
    assert len(calls) == 1
    clock[0] = 11.0
    turns(roster, 3)
    assert len(calls) == 2


def test_a_duty_with_more_to_do_is_called_again_at_once():
    calls = []

    def work(now):
        calls.append(now)
        return len(calls) < 3

    actions.register_duty("count", 10, work)
    turns(a_roster([0.0]), 8)
    assert len(calls) == 3


def test_a_duty_that_fails_is_logged_and_hinders_no_other(caplog):
    calls = []

    def fail(now):
        raise KeyError("missing")

    actions.register_duty("fail", 10, fail)
    actions.register_duty("count", 10, lambda now: bool(calls.append(now)))
    turns(a_roster([0.0]), 2)
    assert len(calls) == 1
    assert "duty_failed" in caplog.text


def test_a_duty_that_another_process_is_at_is_left_to_it():
    calls = []
    duty = Duty("count", 10, lambda now: bool(calls.append(now)))
    other = connections.create_connection("default")
    try:
        with other.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_lock(%s)", [duties.lock_number(duty)])
        assert duties.do(duty) is False
        assert calls == []
    finally:
        other.close()


def test_a_duty_is_told_the_time():
    calls = []
    duties.do(Duty("count", 10, lambda now: bool(calls.append(now))))
    assert abs((timezone.now() - calls[0]).total_seconds()) < 5
