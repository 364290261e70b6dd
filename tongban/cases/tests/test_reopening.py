"""What begins anew when a case is taken up again, and what was meant for the former turn."""

from datetime import date, timedelta

import pytest

from tongban.base.actor import system
from tongban.base.errors import Rejected
from tongban.calendar.queries import now, today
from tongban.cases.actions import take
from tongban.cases.actions.taking import tell_lead
from tongban.cases.duties import deem_accepted
from tongban.cases.models import Ask, Case, Link
from tongban.cases.rules import clocks
from tongban.cases.rules.state import State, apply, from_json
from tongban.cases.rules.table import Act, Status
from tongban.cases.tests.build import XUHUI, a_case, an_officer, an_opening, do, item, later, stage, the_applicant
from tongban.cases.tests.test_rules import MONDAY, ORDINARY, accepted, header

pytestmark = pytest.mark.django_db
HERE = "340102000000"


def with_a_stage_elsewhere(place: str = HERE, **changes) -> Case:
    stages = [stage("there", kind="assist", place="field:business_place", **changes)]
    return a_case(opening=an_opening(answers={"business_place": place}), stages=stages)


def test_a_case_reopened_before_acceptance_is_not_accepted_by_the_silence_before():
    case, officer = a_case(), an_officer()
    do(officer, case, Act.DECLINE, reason="不符合条件")
    later(40)
    do(officer, case, Act.REOPEN, reason="复议决定撤销")
    assert not deem_accepted(now())
    case.refresh_from_db()
    assert (case.status, case.notice_due > today()) == (Status.SUBMITTED, True)


def test_silence_after_a_reopening_accepts_from_the_day_of_the_reopening():
    case, officer = a_case(), an_officer()
    do(officer, case, Act.DECLINE, reason="不符合条件")
    later(40)
    do(officer, case, Act.REOPEN, reason="复议决定撤销")
    reopened = today()
    later(20)
    assert deem_accepted(now())
    case.refresh_from_db()
    assert from_json(case.state).accepted_on == reopened


def test_a_reopened_case_has_its_whole_time_again_and_may_be_extended_again():
    now_ = apply(accepted(), header(3, "extend", "accepted", MONDAY, days=3))
    now_ = apply(now_, header(4, "deny", "denied", MONDAY))
    now_ = apply(now_, header(5, "reopen", "accepted", MONDAY + timedelta(days=7)))
    assert now_.extension == 0
    assert clocks.due(now_, item(), ORDINARY).statutory == date(2026, 12, 3)


def test_time_that_was_not_counted_before_a_reopening_is_not_added_after_it():
    definition = item(stages=[stage("notice", kind="publicity", counts=False)])
    now_ = apply(
        accepted("notice"),
        header(3, "part_decided", "accepted", MONDAY + timedelta(days=14), part="notice", outcome="done"),
    )
    now_ = apply(now_, header(4, "deny", "denied", MONDAY + timedelta(days=14)))
    now_ = apply(now_, header(5, "reopen", "accepted", MONDAY + timedelta(days=21)))
    assert clocks.due(now_, definition, ORDINARY).statutory == date(2026, 12, 17)


def test_a_stage_refused_before_a_reopening_is_asked_for_again():
    case, officer = with_a_stage_elsewhere(), an_officer()
    do(officer, case, Act.ACCEPT)
    first = Case.objects.get(lead=case.id)
    do(officer, first, Act.SEND_BACK, reason="扫描件缺页")
    case.refresh_from_db()
    do(officer, case, Act.DENY, reason="协办地退件")
    do(officer, case, Act.REOPEN, reason="材料已补齐")
    second = Case.objects.get(lead=case.id, status=Status.SUBMITTED)
    do(officer, second, Act.ACCEPT)
    do(officer, second, Act.GRANT)
    case.refresh_from_db()
    do(officer, case, Act.GRANT)
    assert case.status == Status.GRANTED


def test_what_an_earlier_assist_case_ended_with_decides_nothing_after_a_reopening():
    case, officer = with_a_stage_elsewhere(XUHUI), an_officer()
    do(officer, case, Act.ACCEPT)
    link = Link.objects.get(case=case)
    do(officer, case, Act.DENY, reason="不符合条件")
    do(officer, case, Act.REOPEN, reason="复议决定撤销")
    fields = {field.attname: getattr(case, field.attname) for field in Case._meta.fields}
    tell_lead(Case(**{**fields, "id": link.co_case, "status": "withdrawn", "is_home": False}))
    case.refresh_from_db()
    assert [part.status for part in from_json(case.state).parts] == ["waiting"]


def test_an_assist_case_that_is_decided_already_is_not_asked_to_end():
    case, officer = with_a_stage_elsewhere(XUHUI, on_refusal="continue"), an_officer()
    do(officer, case, Act.ACCEPT)
    link = Link.objects.get(case=case)
    fields = {field.attname: getattr(case, field.attname) for field in Case._meta.fields}
    tell_lead(Case(**{**fields, "id": link.co_case, "status": "closed", "is_home": False}))
    do(officer, case, Act.DENY, reason="不符合条件")
    assert not Ask.objects.filter(case_id=link.co_case, act=Act.WITHDRAW).exists()


def test_nothing_is_left_of_a_successor_that_never_came():
    now_ = apply(State(), header(1, "open", "submitted"))
    now_ = apply(now_, header(2, "transfer", "transferred", successor="01a20994-de1f-7b35-b16c-d2385b947953"))
    assert apply(now_, header(3, "reopen", "submitted")).successor is None


def test_an_assist_case_is_not_accepted_by_silence_and_can_be_decided_late():
    case, officer = with_a_stage_elsewhere(), an_officer()
    do(officer, case, Act.ACCEPT)
    assist = Case.objects.get(lead=case.id)
    later(30)
    assert not deem_accepted(now())
    do(officer, assist, Act.ACCEPT)
    assert assist.status == Status.ACCEPTED


def test_a_supplement_met_by_silence_is_accepted_from_the_day_it_came():
    case, officer = a_case(), an_officer()
    do(officer, case, Act.ASK_CORRECTION, targets=[{"target": "field:trade_name", "problem": "与他人重名"}])
    later(30)
    do(the_applicant(case), case, Act.SUPPLY, answers={"trade_name": "示例二店"})
    supplied = today()
    later(20)
    assert deem_accepted(now())
    case.refresh_from_db()
    assert from_json(case.state).accepted_on == supplied


def test_silence_accepts_nothing_before_its_day():
    case = a_case()
    with pytest.raises(Rejected, match="not_now"):
        take(system("34"), case.id, Act.DEEM_ACCEPTED, seen=None, content={})


def test_a_public_notice_after_silence_begins_when_the_silence_ended():
    case = a_case(stages=[stage("notice", kind="publicity")])
    later(20)
    assert deem_accepted(now())
    case.refresh_from_db()
    state = from_json(case.state)
    assert (state.accepted_on < today(), state.parts[0].opened_on) == (True, today())


def test_what_another_home_decides_is_noted_while_the_clock_of_the_lead_stands():
    case, officer = with_a_stage_elsewhere(), an_officer()
    do(officer, case, Act.ACCEPT)
    do(officer, case, Act.SUSPEND, kind="hearing", reason="依法听证")
    assist = Case.objects.get(lead=case.id)
    do(officer, assist, Act.ACCEPT)
    do(officer, assist, Act.GRANT)
    case.refresh_from_db()
    assert [part.status for part in from_json(case.state).parts] == ["done"]


def test_the_clock_of_an_assist_case_stands_still_while_it_is_suspended():
    case, officer = with_a_stage_elsewhere(), an_officer()
    do(officer, case, Act.ACCEPT)
    assist = Case.objects.get(lead=case.id)
    do(officer, assist, Act.ACCEPT)
    assert assist.decision_due is not None
    do(officer, assist, Act.SUSPEND, kind="hearing", reason="依法听证")
    assert assist.decision_due is None


def test_an_officer_puts_no_words_of_his_own_into_the_header_of_a_stage():
    case = a_case(stages=[stage("here")])
    do(an_officer(), case, Act.ACCEPT)
    step = do(an_officer(), case, Act.PART_DECIDED, part="here", outcome="done", co_case="示例王芳", co_head="x")
    assert step.header["facts"] == {"part": "here", "outcome": "done"}
