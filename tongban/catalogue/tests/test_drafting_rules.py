from datetime import date

import pytest

from tongban.base.errors import Rejected
from tongban.catalogue.rules.drafting import (
    OPEN,
    TABLE,
    Act,
    Given,
    Part,
    Status,
    Taken,
    Who,
    check,
    check_given,
    obstacle,
    positions,
    possible,
    units_of,
)

DAY, DUE = date(2026, 3, 10), date(2026, 3, 9)
UNITS = ("甲", "乙")
EVERYBODY = Part(frozenset(Who), UNITS)


def at(*steps: Taken, round_no=1, day=DAY, due=DUE):
    return positions(UNITS, steps, round_no=round_no, day=day, due=due)


def opinion(no, unit, verdict, **more):
    return Taken(no, Act.OPINE, 1, unit, verdict, on=DUE, **more)


AGREED = (opinion(1, "甲", "agree"), opinion(2, "乙", "agree"))


@pytest.mark.parametrize("move", TABLE, ids=lambda move: move.act)
@pytest.mark.parametrize("status", Status)
def test_an_act_is_open_from_the_statuses_of_its_row_alone(move, status):
    if status in move.before:
        assert check(move.act, status, EVERYBODY) is move
        assert move.act in possible(status, EVERYBODY)
        return
    with pytest.raises(Rejected, match="draft_not_now"):
        check(move.act, status, EVERYBODY)


@pytest.mark.parametrize("move", TABLE, ids=lambda move: move.act)
def test_an_act_is_open_to_those_of_its_row_alone(move):
    others = Part(frozenset(Who) - {move.who}, UNITS)
    with pytest.raises(Rejected, match="not_allowed"):
        check(move.act, move.before[0], others)


def test_nobody_passes_what_he_wrote_himself():
    author = Part(frozenset(Who), UNITS, author=True)
    assert set(possible(Status.DRAFTING, author)) == {Act.SAVE, Act.SEND, Act.WITHDRAW}
    assert possible(Status.REVIEWING, author) == (Act.WITHDRAW,)
    with pytest.raises(Rejected, match="own_draft"):
        check(Act.SCHEDULE, Status.REVIEWING, author)


def test_what_has_ended_stays_as_it_is():
    assert not [move for move in TABLE for status in move.before if status not in OPEN]


def test_units_stand_in_the_order_of_the_plan():
    assert units_of("省公安厅、省民政厅") == ("省公安厅", "省民政厅")
    assert units_of("") == ()


def test_silence_is_waiting_until_the_day_is_over_and_overdue_then():
    assert [place.standing for place in at(day=DUE)] == ["waiting", "waiting"]
    assert [place.standing for place in at()] == ["overdue", "overdue"]
    assert at(round_no=0) == ()


def test_a_late_opinion_counts_and_is_called_late():
    late = Taken(1, Act.OPINE, 1, "甲", "object", on=DAY)
    assert [(place.standing, place.late) for place in at(late)] == [("object", True), ("overdue", False)]


def test_opinions_of_an_earlier_round_are_not_of_this_one():
    assert at(*AGREED, round_no=2)[0].is_silent


def test_remarks_and_objections_want_an_answer_and_consent_does_not():
    said = (opinion(1, "甲", "remarks"), opinion(2, "乙", "agree"))
    assert [place.wants_answer for place in at(*said)] == [True, False]
    answered = (*said, Taken(3, Act.ANSWER, 1, verdict="declined", answers=1))
    assert not any(place.wants_answer for place in at(*answered))


def stops(*steps, changed=False, units=UNITS, round_no=1, said=""):
    return obstacle(at(*steps, round_no=round_no), changed=changed, units=units, round_no=round_no, said=said)


def test_silence_is_no_consent_unless_the_lead_unit_says_so():
    assert stops(AGREED[0]) == "opinions_missing"
    assert stops(AGREED[0], Taken(2, Act.DEEM, 1, "乙", said="已电话确认")) == ""


def test_units_are_asked_before_a_day_is_set():
    assert stops(round_no=0) == "units_not_asked"
    assert stops(round_no=0, units=()) == ""


def test_every_remark_is_answered_before_a_day_is_set():
    assert stops(opinion(1, "甲", "object"), AGREED[1]) == "opinions_unanswered"
    declined = Taken(3, Act.ANSWER, 1, verdict="declined", answers=1)
    assert stops(opinion(1, "甲", "object"), AGREED[1], declined) == ""


def test_what_was_adopted_is_worked_in_before_a_day_is_set():
    steps = (opinion(1, "甲", "remarks"), AGREED[1], Taken(3, Act.ANSWER, 1, verdict="adopted", answers=1))
    assert stops(*steps) == "adopted_not_done"
    assert stops(*steps, changed=True, said="只写进了已采纳的意见") == ""


def test_a_text_changed_after_the_units_were_asked_is_shown_to_them_again_or_it_is_said_why_not():
    assert stops(*AGREED, changed=True) == "say_why_not_again"
    assert stops(*AGREED, changed=True, said="只改了错字") == ""


@pytest.mark.parametrize(
    ("act", "given", "wrong"),
    [
        (Act.SEND, {}, {"said"}),
        (Act.SEND, {"said": "长" * 101}, {"said"}),
        (Act.RETURN, {"said": " \n"}, {"said"}),
        (Act.WITHDRAW, {}, {"said"}),
        (Act.CONSULT, {"days": 2}, {"days"}),
        (Act.CONSULT, {}, {"days"}),
        (Act.OPINE, {"unit": "甲"}, {"verdict"}),
        (Act.OPINE, {"unit": "甲", "verdict": "object"}, {"said"}),
        (Act.OPINE, {"verdict": "agree"}, {"unit"}),
        (Act.RECORD, {"unit": "甲", "verdict": "agree"}, {"said"}),
        (Act.DEEM, {"unit": "甲"}, {"said"}),
        (Act.ANSWER, {"verdict": "agree", "answers": 1}, {"verdict"}),
        (Act.ANSWER, {"verdict": "declined", "answers": 1}, {"said"}),
        (Act.SCHEDULE, {}, {"on"}),
        (Act.SCHEDULE, {"on": date(2026, 3, 9)}, {"on"}),
        (Act.SCHEDULE, {"on": date(2028, 3, 9)}, {"on"}),
    ],
)
def test_what_is_missing_is_named_by_its_field(act, given, wrong):
    with pytest.raises(Rejected) as refused:
        check_given(act, Given(**given), part=EVERYBODY, again=False, day=DAY)
    assert set(refused.value.fields) == wrong


def test_another_day_needs_a_reason():
    with pytest.raises(Rejected) as refused:
        check_given(Act.SCHEDULE, Given(on=DAY), part=EVERYBODY, again=True, day=DAY)
    assert set(refused.value.fields) == {"said"}


def test_who_speaks_for_one_unit_need_not_name_it():
    part = Part(frozenset({Who.UNIT}), ("甲",))
    assert check_given(Act.OPINE, Given(verdict="agree"), part=part, again=False, day=DAY).unit == "甲"
