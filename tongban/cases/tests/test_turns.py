"""Whose turn it is, for every place a case can stand."""

from datetime import date

import pytest

from tongban.cases.rules.parts import Part, PartStatus
from tongban.cases.rules.state import Pause, State
from tongban.cases.rules.table import Status
from tongban.cases.rules.turns import Turn, Whose, places_of, turn_of
from tongban.cases.tests.build import item, stage
from tongban.catalogue.rules.kinds import Pattern

MONDAY, TUESDAY, FRIDAY = date(2026, 3, 2), date(2026, 3, 3), date(2026, 3, 6)


def turn(state: State, pattern=Pattern.APPROVAL, **changes) -> Turn:
    return turn_of(state, item(**changes), pattern, since=TUESDAY, notice=FRIDAY, decision=FRIDAY)


def test_a_submitted_case_waits_for_the_authority_since_the_day_of_receipt():
    found = turn(State(status=Status.SUBMITTED, received_on=MONDAY))
    assert (found.whose, found.doing, found.since, found.until) == (Whose.AUTHORITY, "accept", MONDAY, FRIDAY)


def test_a_supplemented_case_waits_since_the_supplement():
    assert turn(State(status=Status.SUBMITTED, received_on=MONDAY, corrected_on=TUESDAY)).since == TUESDAY


def test_a_query_waits_for_an_answer_not_for_acceptance():
    assert turn(State(status=Status.SUBMITTED, received_on=MONDAY), Pattern.INSTANT).doing == "answer"


def test_a_correction_is_the_applicants_turn():
    found = turn(State(status=Status.CORRECTING, targets=("field:scope",)))
    assert (found.whose, found.doing, found.until) == (Whose.APPLICANT, "supply", None)


def test_an_accepted_case_without_stages_waits_for_the_decision():
    found = turn(State(status=Status.ACCEPTED, accepted_on=MONDAY))
    assert (found.doing, found.since, found.until) == ("decide", MONDAY, FRIDAY)


def test_a_pause_says_its_kind_and_shows_no_last_day():
    found = turn(State(status=Status.ACCEPTED, pauses=(Pause("testing", MONDAY),)))
    assert (found.doing, found.pause, found.until) == ("pause", "testing", None)


def test_a_stage_elsewhere_is_another_places_turn():
    part = Part(id="check@310104000000", stage="check", opened_on=MONDAY, co_case="x", node="31")
    found = turn(State(status=Status.ACCEPTED, parts=(part,)), stages=[stage("check", kind="assist")])
    assert (found.whose, found.stage) == (Whose.ANOTHER_PLACE, "环节check")
    assert places_of((part,)) == ("310104000000",)


def test_publicity_is_nobodys_turn_but_times():
    part = Part(id="board", stage="board", opened_on=MONDAY)
    found = turn(State(status=Status.ACCEPTED, parts=(part,)), stages=[stage("board", kind="publicity")])
    assert (found.whose, found.doing) == (Whose.TIME, "wait")


def test_after_the_last_stage_the_decision_is_due_since_then():
    part = Part(id="check", stage="check", status=PartStatus.DONE, opened_on=MONDAY, decided_on=TUESDAY)
    found = turn(State(status=Status.ACCEPTED, accepted_on=MONDAY, parts=(part,)), stages=[stage("check")])
    assert (found.doing, found.since) == ("decide", TUESDAY)


@pytest.mark.parametrize(
    ("money", "whose", "doing"), [("ordered", Whose.BANK, "pay"), ("bounced", Whose.APPLICANT, "account")]
)
def test_money_on_its_way_is_the_banks_turn_and_bounced_the_applicants(money, whose, doing):
    found = turn(State(status=Status.GRANTED, outcome="granted", money=money), Pattern.MONEY)
    assert (found.whose, found.doing) == (whose, doing)


def test_a_granted_certificate_is_made_then_delivered():
    assert turn(State(status=Status.GRANTED)).doing == "issue"
    assert turn(State(status=Status.GRANTED, issued=True)).doing == "deliver"


@pytest.mark.parametrize("status", [Status.CLOSED, Status.WITHDRAWN, Status.ANSWERED, Status.DECLINED])
def test_an_ended_case_is_nobodys_turn(status):
    assert turn(State(status=status)).whose is Whose.NOBODY
