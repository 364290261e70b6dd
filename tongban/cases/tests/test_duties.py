"""What the worker does by itself: one case never stands in the way of the others."""

import socket
import threading
from contextlib import contextmanager, suppress
from datetime import date

import pytest

from simulators.department import Department
from tongban.base.actor import system
from tongban.base.errors import Rejected
from tongban.base.identifiers import demo_identity_number
from tongban.calendar.queries import now
from tongban.cases import duties
from tongban.cases.actions.answering import answer_at_once
from tongban.cases.models import Case, Dossier, Step
from tongban.cases.rules.state import from_json
from tongban.cases.rules.table import Act, Status
from tongban.cases.tests.build import a_case, an_officer, an_opening, do, later, publish, stage, the_applicant
from tongban.exchange.tests.build import a_federation
from tongban.files.actions import want
from tongban.files.models import Want
from tongban.sharing.tests.test_queries import department

pytestmark = pytest.mark.django_db
OTHER, HANDED_OFF, ARCHIVES = "kstb-1-24", "kstb-2-62", "kstb-1-22"
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
    duties.finish_waiting(now())
    cooling.refresh_from_db()
    assert [part.status for part in from_json(cooling.state).parts] == ["done"]


def test_an_application_that_nobody_follows_up_lapses_when_its_time_is_over():
    case = a_case(stages=[stage("issue", lapses="示例", limit="30 natural")])
    do(an_officer(), case, Act.ACCEPT)
    later(30)
    duties.finish_waiting(now())
    case.refresh_from_db()
    assert case.status == Status.ACCEPTED
    later(1)
    duties.finish_waiting(now())
    case.refresh_from_db()
    assert case.status == Status.WITHDRAWN
    assert Step.objects.get(case=case, no=case.head).header["facts"]["lapsed"] is True


def test_a_case_of_which_the_item_says_nothing_does_not_lapse():
    case = a_case(stages=[stage("issue", limit="1 natural")])
    do(an_officer(), case, Act.ACCEPT)
    with pytest.raises(Rejected, match="not_allowed"):
        do(system("34"), case, Act.WITHDRAW, lapsed=True)


def test_a_case_suspended_in_its_cooling_off_waits_for_its_clock():
    case, officer = a_case(stages=COOLING), an_officer()
    do(officer, case, Act.ACCEPT)
    do(officer, case, Act.SUSPEND, kind="hearing", reason="依法听证")
    later(10)
    duties.finish_waiting(now())
    case.refresh_from_db()
    assert [part.status for part in from_json(case.state).parts] == ["waiting"]
    do(officer, case, Act.RESUME)
    duties.finish_waiting(now())
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


def test_a_department_is_asked_about_whom_the_matter_concerns_not_about_who_applies_for_him(settings):
    case = a_case(pattern="check")
    publish(ARCHIVES, pattern="check")
    unknown = demo_identity_number(node="34", birth_date=date(1946, 5, 1), running=99)
    dead = {"name": "示例被继承人", "id_number": unknown, "relation": "deceased"}
    asked = a_case(opening=an_opening(item=ARCHIVES, answers={"who": "heir", "want": "archive", "holder": [dead]}))
    with department(Department, settings):
        answer_at_once(case.id)
        answer_at_once(asked.id)
    case.refresh_from_db()
    assert case.status == Status.ANSWERED
    assert Step.objects.get(case=asked, no=2).header["facts"]["event"] == "check_failed"
