"""What the worker does by itself: one case never stands in the way of the others."""

import socket
import threading
from contextlib import contextmanager, suppress

import pytest

from tongban.calendar.queries import now
from tongban.cases import duties
from tongban.cases.models import Case, Dossier
from tongban.cases.rules.state import from_json
from tongban.cases.rules.table import Act, Status
from tongban.cases.tests.build import a_case, an_officer, an_opening, do, later, publish, stage, the_applicant
from tongban.exchange.tests.build import a_federation
from tongban.files.actions import want
from tongban.files.models import Want

pytestmark = pytest.mark.django_db
OTHER, HANDED_OFF = "kstb-1-24", "kstb-2-62"
COOLING = [stage("cooling", kind="cooling", limit="5 natural")]


def test_cases_that_silence_does_not_accept_hide_none_that_it_does(monkeypatch):
    monkeypatch.setattr(duties, "AT_A_TIME", 2)
    for _ in range(3):
        quiet = a_case(pattern="notice")
    Case.objects.update(notice_due="2020-01-01")
    publish(OTHER)
    loud = a_case(opening=an_opening(item=OTHER))
    later(30)
    assert duties.deem_accepted(now())
    loud.refresh_from_db()
    quiet.refresh_from_db()
    assert (loud.status, quiet.status) == (Status.ACCEPTED, Status.SUBMITTED)


def test_a_case_that_cannot_be_accepted_by_silence_holds_up_no_other():
    broken, sound = a_case(), a_case()
    Dossier.objects.filter(case=broken).delete()
    Case.objects.filter(id=broken.id).update(notice_due="2020-01-01")
    later(30)
    assert duties.deem_accepted(now())
    sound.refresh_from_db()
    assert sound.status == Status.ACCEPTED


def test_a_case_withdrawn_in_its_cooling_off_holds_up_no_other():
    withdrawn, cooling = a_case(stages=COOLING), a_case(stages=COOLING)
    officer = an_officer()
    for case in (withdrawn, cooling):
        do(officer, case, Act.ACCEPT)
    do(the_applicant(withdrawn), withdrawn, Act.WITHDRAW)
    assert withdrawn.wait_until is None
    later(10)
    duties.finish_cooling(now())
    cooling.refresh_from_db()
    assert [part.status for part in from_json(cooling.state).parts] == ["done"]


def test_a_case_suspended_in_its_cooling_off_waits_for_its_clock():
    case, officer = a_case(stages=COOLING), an_officer()
    do(officer, case, Act.ACCEPT)
    do(officer, case, Act.SUSPEND, kind="hearing", reason="依法听证")
    later(10)
    duties.finish_cooling(now())
    case.refresh_from_db()
    assert [part.status for part in from_json(case.state).parts] == ["waiting"]
    do(officer, case, Act.RESUME)
    duties.finish_cooling(now())
    case.refresh_from_db()
    assert [part.status for part in from_json(case.state).parts] == ["done"]


def test_a_department_that_is_away_holds_up_no_other_item(monkeypatch, settings):
    monkeypatch.setattr(duties, "AT_A_TIME", 2)
    settings.DEPARTMENT = "http://127.0.0.1:9"
    for _ in range(3):
        unanswered = a_case(pattern="instant")
    publish(HANDED_OFF)
    handed_off = a_case(opening=an_opening(item=HANDED_OFF))
    assert duties.answer_queries(now())
    handed_off.refresh_from_db()
    unanswered.refresh_from_db()
    assert (handed_off.status, unanswered.status) == (Status.ANSWERED, Status.SUBMITTED)


@contextmanager
def a_node_that_hangs_up():
    """An address where every caller is cut off; yields it and the list of calls."""
    calls: list[object] = []
    listening = socket.create_server(("127.0.0.1", 0))

    def cut_off():
        with suppress(OSError):
            while True:
                caller, address = listening.accept()
                calls.append(address)
                caller.close()

    beside = threading.Thread(target=cut_off, daemon=True)
    beside.start()
    try:
        yield f"http://127.0.0.1:{listening.getsockname()[1]}", calls
    finally:
        listening.shutdown(socket.SHUT_RDWR)
        listening.close()
        beside.join()


def test_a_node_that_is_away_is_called_once_however_many_files_it_keeps(settings, tmp_path):
    with a_node_that_hangs_up() as (endpoint, calls):
        a_federation(settings, tmp_path, endpoints={"31": endpoint})
        case = a_case()
        for number in range(3):
            want(f"{number}" * 64, case=case.id, source_node="31")
        assert not duties.fetch_files(now())
    assert len(calls) == 1
    assert set(Want.objects.values_list("attempts", "trouble")) == {(1, "unreachable")}
