"""The table, the fold and the clocks, without a database."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tongban.base.errors import Rejected
from tongban.calendar.rules import Days
from tongban.cases.rules import clocks, guards, state
from tongban.cases.rules.bodies import Audience, split
from tongban.cases.rules.parts import PartStatus
from tongban.cases.rules.situation import Situation
from tongban.cases.rules.state import State, apply, fold, from_json
from tongban.cases.rules.table import ENDS, FROM_AFAR, TABLE, Act, Status, Who, find_move, moves_for
from tongban.cases.tests.build import item, stage
from tongban.catalogue.rules.kinds import Pattern

ORDINARY = Days(frozenset(), frozenset(), frozenset(range(2020, 2040)))
MONDAY = date(2026, 11, 23)


def header(no, act, status, day=MONDAY, **facts):
    return {"no": no, "act": act, "status": status, "legal_date": day.isoformat(), "facts": facts}


def accepted(*parts, day=MONDAY):
    facts = {"parts": [{"id": part, "stage": part.partition("@")[0], "node": "34"} for part in parts]}
    return fold([header(1, "open", "submitted", day), header(2, "accept", "accepted", day, **facts)])


def situation(now, definition=None, pattern=Pattern.APPROVAL, **more):
    return Situation(
        state=now, definition=definition or item(), pattern=pattern, today=MONDAY, received_on=MONDAY, **more
    )


def test_every_act_and_every_status_stands_in_the_table():
    assert {move.act for move in TABLE} == set(Act)
    assert {status for move in TABLE for status in (*move.before, move.after) if status} == set(Status)


def test_every_status_but_the_ends_leads_on():
    for status in set(Status) - ENDS:
        assert any(move.after not in (None, status) for move in TABLE if status in move.before)


def test_every_end_can_be_reached_from_the_beginning():
    reached, before = {Status.SUBMITTED}, set()
    while reached != before:
        before = set(reached)
        reached |= {move.after for move in TABLE if move.after and move.before & reached}
    assert reached == set(Status)


def test_no_two_rows_answer_the_same_question():
    for pattern in Pattern:
        for act in Act:
            for status in Status:
                rows = [m for m in TABLE if m.act is act and status in m.before and pattern in m.patterns]
                assert len(rows) <= 1, (pattern, act, status)


@pytest.mark.parametrize("pattern", [Pattern.INSTANT, Pattern.HANDOFF])
def test_an_instant_item_knows_neither_acceptance_nor_decision(pattern):
    assert find_move(Act.ANSWER, Status.SUBMITTED, pattern)
    for act in (Act.ACCEPT, Act.DECLINE, Act.GRANT, Act.DENY, Act.ASK_CORRECTION):
        assert all(find_move(act, status, pattern) is None for status in Status)


def test_there_is_nothing_to_refuse_in_a_notice():
    for act in (Act.DECLINE, Act.DENY, Act.GRANT):
        assert all(find_move(act, status, Pattern.NOTICE) is None for status in Status)


def test_silence_accepts_only_through_the_system():
    move = find_move(Act.DEEM_ACCEPTED, Status.SUBMITTED, Pattern.APPROVAL)
    assert move is not None
    assert move.who == {Who.SYSTEM}


def test_from_afar_nobody_decides():
    deciding = {Act.ACCEPT, Act.DECLINE, Act.GRANT, Act.DENY, Act.SEND_BACK, Act.TRANSFER, Act.REVOKE, Act.CLOSE}
    assert not FROM_AFAR & deciding


def test_the_buttons_of_an_applicant_are_few():
    acts = [move.act for move in moves_for(frozenset({Who.APPLICANT}), Status.CORRECTING, Pattern.APPROVAL)]
    assert acts == [Act.SUPPLY, Act.WITHDRAW]


@given(st.data())
def test_the_fold_of_any_life_survives_storage_and_counts_its_steps(data):
    definition = item(stages=[stage("a"), stage("b")])
    now, status, headers = State(), None, []
    for _ in range(data.draw(st.integers(1, 25))):
        possible = [m for m in TABLE if (status in m.before if status else not m.before)]
        move = data.draw(st.sampled_from([m for m in possible if Pattern.APPROVAL in m.patterns]))
        facts = _facts(move.act, now, definition, data)
        if facts is None:
            continue
        status = move.after or status
        headers.append(header(len(headers) + 1, move.act, status, **facts))
        now = apply(now, headers[-1])
        assert from_json(now.as_json()) == now
    assert fold(headers) == now
    assert (now.head, now.status) == (len(headers), status)


def _facts(act, now, definition, data):
    match act:
        case Act.ASK_CORRECTION:
            return {"targets": ["field:scope"]}
        case Act.ACCEPT | Act.DEEM_ACCEPTED:
            return {"parts": [{"id": entry.key, "stage": entry.key, "node": "34"} for entry in definition.stages]}
        case Act.PART_DECIDED | Act.GO_ON | Act.RENEW:
            return _facts_of_parts(act, now, data)
        case Act.EXTEND:
            return {"days": 3}
        case Act.SUSPEND:
            return {"kind": "hearing"}
        case Act.DELIVER:
            return {"event": "delivery", "way": "online"}
        case Act.RECORD:
            return {"event": "note"}
        case Act.TRANSFER:
            return {"successor": "01a20994-de1f-7b35-b16c-d2385b947953"}
    return {}


LAST_DAY = {"valid_until": "2026-12-31"}
ANSWER_BY = {"answer_by": "2026-12-01"}
ENDINGS = [("done", {}), ("done", LAST_DAY), ("refused", {}), ("refused", ANSWER_BY)]


def _facts_of_parts(act, now, data):
    if act is Act.GO_ON:
        return {"parts": [part.id for part in now.asked]} if now.asked else None
    if act is Act.RENEW:
        return next(({"part": part.id} for part in now.parts if part.valid_until), None)
    outcome, more = data.draw(st.sampled_from(ENDINGS))
    return {"part": now.current_parts[0].id, "outcome": outcome, **more} if now.current_parts else None


def test_an_unknown_act_of_a_later_protocol_changes_the_status_only():
    before = accepted("a")
    after = apply(before, header(3, "consult_expert", "accepted", colour="blue"))
    assert after == state.replace(before, head=3)


def test_parts_take_turns_and_those_of_one_stage_share_theirs():
    now = accepted("letter", "funds@31", "funds@32", "arrived")
    assert [part.id for part in now.current_parts] == ["letter"]
    now = apply(now, header(3, "part_decided", "accepted", part="letter", outcome="done"))
    assert [part.id for part in now.current_parts] == ["funds@31", "funds@32"]
    now = apply(now, header(4, "part_decided", "accepted", part="funds@31", outcome="done"))
    assert [part.id for part in now.current_parts] == ["funds@32"]


def test_a_part_is_decided_in_its_turn_only():
    definition = item(stages=[stage("a"), stage("b")])
    with pytest.raises(Rejected, match="part_not_due"):
        guards.check(Act.PART_DECIDED, {"part": "b", "outcome": "done"}, situation(accepted("a", "b"), definition))


def test_a_public_notice_cannot_end_before_its_time():
    definition = item(stages=[stage("notice", kind="publicity")])
    now = accepted("notice")
    content = {"part": "notice", "outcome": "done"}
    with pytest.raises(Rejected, match="still_waiting"):
        guards.check(Act.PART_DECIDED, content, situation(now, definition))
    over = situation(now, definition, wait_over=frozenset({"notice"}))
    assert guards.check(Act.PART_DECIDED, content, over)["outcome"] == "done"


def test_nothing_is_granted_while_a_part_is_open_or_refused():
    definition = item(stages=[stage("a")])
    with pytest.raises(Rejected, match="parts_open"):
        guards.check(Act.GRANT, {}, situation(accepted("a"), definition))
    refused = apply(accepted("a"), header(3, "part_decided", "accepted", part="a", outcome="refused"))
    with pytest.raises(Rejected, match="part_refused"):
        guards.check(Act.GRANT, {}, situation(refused, definition))
    tolerant = item(stages=[stage("a", on_refusal="continue")])
    assert guards.check(Act.GRANT, {}, situation(refused, tolerant)) is not None


def test_a_second_correction_notice_needs_a_reason():
    once = fold([header(1, "open", "submitted"), header(2, "ask_correction", "correcting", targets=["field:scope"])])
    once = apply(once, header(3, "supply", "submitted"))
    content = {"targets": [{"target": "field:scope", "problem": "看不清"}]}
    with pytest.raises(Rejected) as refusal:
        guards.check(Act.ASK_CORRECTION, content, situation(once))
    assert refusal.value.fields == {"reason": "required"}
    assert guards.check(Act.ASK_CORRECTION, {**content, "reason": "补来的仍看不清"}, situation(once))


def test_a_correction_names_what_the_item_has():
    content = {"targets": [{"target": "field:no_such", "problem": "缺"}, {"target": "field:scope", "problem": " "}]}
    with pytest.raises(Rejected) as refusal:
        guards.check(Act.ASK_CORRECTION, content, situation(State(status=Status.SUBMITTED)))
    assert refusal.value.fields == {"targets.0.target": "not_a_choice", "targets.1.problem": "required"}


def test_a_supplement_answers_everything_that_was_asked():
    asked = State(status=Status.CORRECTING, targets=("field:scope", "material:premises_proof"))
    with pytest.raises(Rejected) as refusal:
        guards.check(Act.SUPPLY, {"answers": {"scope": "零售"}}, situation(asked))
    assert refusal.value.fields == {"material:premises_proof": "still_missing"}


def test_acceptance_waits_for_the_files():
    with pytest.raises(Rejected, match="files_missing"):
        guards.check(Act.ACCEPT, {}, situation(State(status=Status.SUBMITTED), files_missing=2))


def test_nothing_is_decided_while_the_clock_stands():
    now = apply(accepted(), header(3, "suspend", "accepted", kind="hearing"))
    with pytest.raises(Rejected, match="suspended"):
        guards.check(Act.GRANT, {}, situation(now))
    resumed = apply(now, header(4, "resume", "accepted"))
    assert guards.check(Act.GRANT, {}, situation(resumed)) is not None


def test_a_limit_is_extended_once_and_not_beyond_the_law():
    with pytest.raises(Rejected) as refusal:
        guards.check(Act.EXTEND, {"reason": "案情复杂", "approver": "示例", "days": 4}, situation(accepted()))
    assert refusal.value.fields == {"days": "days_out_of_range"}
    longer = apply(accepted(), header(3, "extend", "accepted", days=3))
    with pytest.raises(Rejected, match="extended_already"):
        guards.check(Act.EXTEND, {"reason": "再延", "approver": "示例", "days": 1}, situation(longer))


def test_paid_must_equal_drawn():
    ordered = State(status=Status.GRANTED, outcome="granted", money="ordered")
    paying = situation(ordered, pattern=Pattern.MONEY, drawn="1200.00")
    with pytest.raises(Rejected, match="amount_differs"):
        guards.check(Act.DELIVER, {"event": "money_arrived", "amount": "1199.99"}, paying)
    assert guards.check(Act.DELIVER, {"event": "money_arrived", "amount": "1200.00"}, paying)


def test_no_money_arrives_where_none_is_owed():
    with pytest.raises(Rejected, match="no_payment_ordered"):
        guards.check(Act.DELIVER, {"event": "money_arrived", "amount": "1.00"}, situation(State(status=Status.GRANTED)))


def test_the_notice_day_is_the_fifth_working_day_after_receipt():
    now = fold([header(1, "open", "submitted", MONDAY, received_on=MONDAY.isoformat())])
    assert clocks.due(now, item(), ORDINARY).notice == date(2026, 11, 30)
    assert not clocks.is_deemed_accepted(now, item(), Pattern.APPROVAL, ORDINARY, date(2026, 11, 30))
    assert clocks.is_deemed_accepted(now, item(), Pattern.APPROVAL, ORDINARY, date(2026, 12, 1))


def test_silence_accepts_only_where_the_item_says_so():
    quiet = item()
    loud = item(limits={**_limits(), "silence_accepts": False})
    now = fold([header(1, "open", "submitted", MONDAY)])
    assert clocks.is_deemed_accepted(now, quiet, Pattern.APPROVAL, ORDINARY, date(2027, 3, 1))
    assert not clocks.is_deemed_accepted(now, loud, Pattern.APPROVAL, ORDINARY, date(2027, 3, 1))


def _limits():
    limits = item().limits
    return {
        "statutory": str(limits.statutory),
        "promised": str(limits.promised),
        "notice": str(limits.notice),
        "silence_accepts": True,
        "source": "示例",
        "promised_source": "示例",
        "silence_source": "示例",
    }


def test_pauses_and_extensions_move_the_due_day_by_working_days():
    now = accepted()
    assert clocks.due(now, item(), ORDINARY).statutory == date(2026, 11, 26)
    now = apply(now, header(3, "suspend", "accepted", MONDAY, kind="hearing"))
    assert clocks.due(now, item(), ORDINARY) == clocks.Due()
    now = apply(now, header(4, "resume", "accepted", MONDAY + timedelta(days=7)))
    assert clocks.due(now, item(), ORDINARY).statutory == date(2026, 12, 3)
    now = apply(now, header(5, "extend", "accepted", MONDAY, days=2))
    assert clocks.due(now, item(), ORDINARY).statutory == date(2026, 12, 7)


def test_a_stage_outside_the_limit_moves_the_due_day():
    definition = item(stages=[stage("notice", kind="publicity", counts=False, limit="5 working")])
    now = accepted("notice")
    assert clocks.due(now, definition, ORDINARY).statutory == date(2026, 12, 3)


def test_a_due_day_in_a_year_without_notice_is_provisional():
    days = Days(frozenset(), frozenset(), frozenset({2026}))
    assert not clocks.due(accepted(), item(), days).provisional
    assert clocks.due(accepted(day=date(2026, 12, 31)), item(), days).provisional


def test_internal_opinions_go_to_the_home_alone():
    bodies = split({"text": "准予", "opinion": "内部意见"}, pattern=Pattern.APPROVAL, at_counter=True)
    assert set(bodies) == {Audience.APPLICANT, Audience.RECEIVING, Audience.HOME}
    assert all("opinion" not in body for audience, body in bodies.items() if audience is not Audience.HOME)


def test_the_counter_does_not_read_the_records_of_an_answer():
    bodies = split({"records": [{"label": "x", "value": "y"}]}, pattern=Pattern.INSTANT, at_counter=True)
    assert "records" not in bodies[Audience.RECEIVING]
    assert "records" in bodies[Audience.APPLICANT]


def test_what_organs_say_to_each_other_is_not_for_the_citizen():
    assert set(split({"text": "x"}, pattern=Pattern.ASSIST, at_counter=False)) == {Audience.DECIDING}


def test_a_part_that_is_partly_done_counts_as_decided():
    now = apply(accepted("a"), header(3, "part_decided", "accepted", part="a", outcome="partial"))
    assert now.parts[0].status is PartStatus.PARTIAL
    assert not now.current_parts


def test_a_notice_takes_effect_from_its_earliest_receipt_and_a_registration_when_it_is_entered():
    notice = item(pattern="notice", effect_from="receipt")
    now = situation(State(status=Status.SUBMITTED), notice, Pattern.NOTICE)
    earlier = Situation(
        state=now.state, definition=notice, pattern=Pattern.NOTICE, today=MONDAY, received_on=MONDAY - timedelta(days=3)
    )
    assert guards.check(Act.ANSWER, {}, earlier)["effect_on"] == "2026-11-20"
    granted = situation(State(status=Status.GRANTED), item(effect_from="registration"))
    assert "effect_on" not in guards.check(Act.GRANT, {}, situation(accepted(), item(effect_from="registration")))
    assert guards.check(Act.ISSUE, {"certificate": "证", "number": "1"}, granted)["effect_on"] == MONDAY.isoformat()


def test_a_page_can_tell_what_stands_in_the_way_before_anything_is_typed():
    definition = item(stages=[stage("a")])
    running = situation(accepted("a"), definition)
    assert guards.hindrance(Act.GRANT, running).reason == "parts_open"
    assert guards.hindrance(Act.RESUME, running).reason == "not_suspended"
    for act in (Act.PART_DECIDED, Act.DENY, Act.SUSPEND, Act.EXTEND):
        assert guards.hindrance(act, running) is None
    assert guards.hindrance(Act.PART_DECIDED, situation(accepted(), item())).reason == "part_not_due"


def test_pressure_is_counted_in_working_days():
    friday, monday = date(2026, 3, 6), date(2026, 3, 9)
    assert clocks.pressure(monday, friday, ORDINARY) == (clocks.Pressure.SOON, 1)
    assert clocks.pressure(friday, friday, ORDINARY) == (clocks.Pressure.TODAY, 0)
    assert clocks.pressure(friday, monday, ORDINARY) == (clocks.Pressure.LATE, 1)
    assert clocks.pressure(date(2026, 3, 20), friday, ORDINARY) == (clocks.Pressure.CALM, 10)
    assert clocks.pressure(None, friday, ORDINARY) == (clocks.Pressure.NONE, 0)
