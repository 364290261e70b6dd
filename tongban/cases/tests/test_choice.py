"""When a part is refused about which the person is asked: what he may choose, until when, and who may do what."""

from datetime import date, timedelta

import pytest

from tongban.base.actor import Actor, Role, Via
from tongban.base.errors import Rejected
from tongban.base.words import say
from tongban.cases.actions import take
from tongban.cases.letters import answered_ask
from tongban.cases.models import Ask, Case, Step
from tongban.cases.queries import allowed_acts, find_document, get_view
from tongban.cases.rules import clocks
from tongban.cases.rules.state import State, apply, from_json
from tongban.cases.rules.table import Act, Status
from tongban.cases.tests.build import (
    XUHUI,
    a_case,
    a_clerk,
    an_officer,
    an_opening,
    do,
    item,
    item_content,
    later,
    received_by,
    stage,
    the_applicant,
)
from tongban.cases.tests.test_rules import MONDAY, ORDINARY, accepted, header
from tongban.exchange.rules import LetterRef

pytestmark = pytest.mark.django_db

FEIDONG, CHANGFENG = "340122000000", "340121000000"
ASKING = [
    stage("there", kind="assist", place="field:places", on_refusal="ask_applicant"),
    stage("after"),
]
PLACES = {"name": "places", "label": "原参保地", "type": "places", "required": False}
FIELDS = [*item_content()["fields"], PLACES]


def an_asking_case(places=(FEIDONG,), *, opening=None, **changes) -> Case:
    """Accepted, its stage open at each place."""
    opening = opening or an_opening()
    opening.answers["places"] = list(places)
    case = a_case(opening=opening, **{"pattern": "joint", "fields": FIELDS, "stages": ASKING, **changes})
    do(an_officer(), case, Act.ACCEPT)
    return case


def refuse(case: Case, place: str = FEIDONG) -> None:
    assist = Case.objects.get(lead=case.id, place=place)
    do(an_officer(), assist, Act.ACCEPT)
    do(an_officer(), assist, Act.DENY, reason="本地没有缴费记录")
    case.refresh_from_db()


def parts_of(case: Case) -> dict:
    return {part.id: part for part in from_json(case.state).parts}


def refusal_of(*arguments, **content) -> Rejected:
    with pytest.raises(Rejected) as refusal:
        do(*arguments, **content)
    return refusal.value


def test_the_refusal_of_a_part_is_put_to_the_person_with_reason_and_last_day():
    case = an_asking_case()
    refuse(case)
    step = Step.objects.get(case=case, act=Act.PART_DECIDED)
    page = find_document(the_applicant(case), case.id, step.header["documents"][0]["number"])
    last = date.fromisoformat(step.header["facts"]["answer_by"])
    assert parts_of(case)[f"there@{FEIDONG}"].answer_by == last
    assert "征询意见告知书" in page
    assert "本地没有缴费记录" in page
    assert f"{last.year}年{last.month}月{last.day}日" in page


def test_until_he_answers_nothing_is_granted_denied_or_done_after_it():
    case = an_asking_case()
    refuse(case)
    officer = an_officer()
    for act, content in (
        (Act.GRANT, {}),
        (Act.DENY, {"reason": "不符合条件"}),
        (Act.PART_DECIDED, {"part": "after", "outcome": "done"}),
        (Act.GO_ON, {}),
    ):
        assert refusal_of(officer, case, act, **content).reason == "applicant_asked"


def test_he_goes_on_and_the_next_stage_begins_that_day():
    case = an_asking_case()
    refuse(case)
    later(2)
    part = f"there@{FEIDONG}"
    step = do(the_applicant(case), case, Act.GO_ON, parts=[part])
    assert step.header["facts"] == {"parts": [part], "links": []}
    assert parts_of(case)["after"].opened_on == date.fromisoformat(step.header["legal_date"])
    do(an_officer(), case, Act.PART_DECIDED, part="after", outcome="done")
    granted = do(an_officer(), case, Act.GRANT, partial=True)
    page = find_document(the_applicant(case), case.id, granted.header["documents"][0]["number"])
    assert from_json(case.state).outcome == "partial"
    assert "决定部分准予" in page
    assert "环节there" in page


def test_he_withdraws_and_what_other_places_still_do_for_him_ends():
    case = an_asking_case((FEIDONG, CHANGFENG))
    refuse(case)
    do(the_applicant(case), case, Act.WITHDRAW)
    assert case.status == Status.WITHDRAWN
    assert Case.objects.get(lead=case.id, place=CHANGFENG).status == Status.WITHDRAWN


def test_other_places_of_the_stage_go_on_while_he_thinks():
    case = an_asking_case((FEIDONG, CHANGFENG))
    refuse(case)
    assist = Case.objects.get(lead=case.id, place=CHANGFENG)
    do(an_officer(), assist, Act.ACCEPT)
    do(an_officer(), assist, Act.GRANT)
    case.refresh_from_db()
    assert parts_of(case)[f"there@{CHANGFENG}"].status == "done"
    assert parts_of(case)["after"].opened_on is None
    do(the_applicant(case), case, Act.GO_ON, parts=[f"there@{FEIDONG}"])
    assert parts_of(case)["after"].opened_on is not None


def test_an_answer_holds_for_the_parts_that_he_saw_refused():
    case = an_asking_case((FEIDONG, CHANGFENG))
    refuse(case)
    do(the_applicant(case), case, Act.GO_ON, parts=[f"there@{FEIDONG}"])
    refuse(case, CHANGFENG)
    assert [part.place for part in from_json(case.state).asked] == [CHANGFENG]
    assert refusal_of(an_officer(), case, Act.GRANT).reason == "applicant_asked"


@pytest.mark.parametrize("parts", [[], ["after"], [f"there@{CHANGFENG}"]])
def test_an_answer_names_what_was_asked(parts):
    case = an_asking_case()
    refuse(case)
    assert refusal_of(the_applicant(case), case, Act.GO_ON, parts=parts).fields == {"parts": "not_asked"}


def test_when_he_lets_the_day_pass_the_officer_goes_on_with_the_rest():
    case = an_asking_case()
    refuse(case)
    later(12)
    step = do(an_officer(), case, Act.GO_ON)
    assert step.header["facts"] == {"parts": [f"there@{FEIDONG}"], "silent": True, "links": []}
    do(an_officer(), case, Act.PART_DECIDED, part="after", outcome="done")


def test_when_he_lets_the_day_pass_the_officer_may_deny_but_not_grant():
    case = an_asking_case()
    refuse(case)
    later(12)
    assert refusal_of(an_officer(), case, Act.GRANT).reason == "applicant_asked"
    do(an_officer(), case, Act.DENY, reason="转出地没有缴费记录，无法转移")
    assert case.status == Status.DENIED
    assert not from_json(case.state).asked


def test_a_late_answer_still_counts_as_long_as_the_officer_has_done_nothing():
    case = an_asking_case()
    refuse(case)
    later(12)
    do(the_applicant(case), case, Act.GO_ON, parts=[f"there@{FEIDONG}"])
    assert refusal_of(an_officer(), case, Act.GO_ON).reason == "nothing_asked"


def test_an_answer_that_crosses_the_officers_act_comes_too_late():
    case = an_asking_case(opening=an_opening(receiving=received_by("31")))
    refuse(case)
    later(12)
    do(an_officer(), case, Act.GO_ON)
    from_there = Actor(role=Role.APPLICANT, node="31", via=Via.LETTER)
    with pytest.raises(Rejected, match="nothing_asked"):
        take(from_there, case.id, Act.GO_ON, seen=None, content={"parts": [f"there@{FEIDONG}"]})
    take(from_there, case.id, Act.WITHDRAW, seen=None, content={})
    case.refresh_from_db()
    assert case.status == Status.WITHDRAWN


def test_the_choice_is_asked_for_from_another_node():
    case = an_asking_case(opening=an_opening(receiving=received_by("31")))
    refuse(case)
    from_there = Actor(role=Role.APPLICANT, node="31", via=Via.LETTER)
    take(from_there, case.id, Act.GO_ON, seen=None, content={"parts": [f"there@{FEIDONG}"]})
    case.refresh_from_db()
    assert not from_json(case.state).asked


def at_a_counter() -> tuple[Case, Actor]:
    receiving = received_by("34", organ="hall", channel="counter")
    case = an_asking_case(opening=an_opening(mode="joint", receiving=receiving))
    return case, a_clerk("hall")


def test_the_counter_hands_in_either_answer_and_only_when_there_is_a_question():
    case, clerk = at_a_counter()
    assert not {Act.GO_ON, Act.WITHDRAW} & set(allowed_acts(clerk, case))
    assert refusal_of(clerk, case, Act.WITHDRAW).reason == "not_allowed"
    refuse(case)
    assert {Act.GO_ON, Act.WITHDRAW} <= set(allowed_acts(clerk, case))
    do(clerk, case, Act.WITHDRAW, reason="申请人到窗口书面表示撤回")
    assert case.status == Status.WITHDRAWN


def test_nobody_else_chooses_for_him():
    case, _ = at_a_counter()
    refuse(case)
    for somebody, reason in ((a_clerk("other"), "not_found"), (an_officer("accept"), "not_allowed")):
        assert refusal_of(somebody, case, Act.GO_ON, parts=[f"there@{FEIDONG}"]).reason == reason


def test_a_stage_at_home_is_refused_only_with_a_reason_for_the_person():
    case = a_case(stages=[stage("here", on_refusal="ask_applicant")])
    officer = an_officer()
    do(officer, case, Act.ACCEPT)
    assert refusal_of(officer, case, Act.PART_DECIDED, part="here", outcome="refused").fields == {"text": "required"}
    do(officer, case, Act.PART_DECIDED, part="here", outcome="refused", text="配偶已在另一地提取")
    assert [part.id for part in from_json(case.state).asked] == ["here"]
    assert get_view(the_applicant(case), case.id).timeline[-1].said["text"] == "配偶已在另一地提取"


def test_a_place_that_would_not_even_open_its_part_is_a_refusal_like_any_other():
    case = an_asking_case((XUHUI,))
    ask = Ask.objects.get(act=Act.OPEN)
    answered_ask(LetterRef(ask.letter, "ask", str(ask.case_id), ""), "31", "rejected", "no_organ", {"place": XUHUI})
    case.refresh_from_db()
    assert [part.place for part in from_json(case.state).asked] == [XUHUI]
    said = get_view(the_applicant(case), case.id).timeline[-1].said
    assert said["reason"] == say("part.not_taken")
    assert "opinion" not in said


def a_question(*, decided_on=MONDAY, last=MONDAY + timedelta(days=7)) -> State:
    now = accepted("there@34", "there@32", "after")
    facts = {"part": "there@34", "outcome": "refused", "answer_by": last.isoformat()}
    return apply(now, header(3, "part_decided", "accepted", decided_on, **facts))


def done_beside(now: State, day: date) -> State:
    return apply(now, header(4, "part_decided", "accepted", day, part="there@32", outcome="done"))


def answered(now: State, day: date) -> State:
    return apply(now, header(5, "go_on", "accepted", day, parts=["there@34"]))


SERVICE = item(item_type="20", stages=ASKING, fields=FIELDS)
LICENCE = item(item_type="01", stages=ASKING, fields=FIELDS)


def extra_days(now: State, definition=SERVICE) -> int:
    return clocks.excluded(now, definition, ORDINARY)


def test_the_time_in_which_only_his_choice_is_waited_for_does_not_count():
    asked = done_beside(a_question(), MONDAY)
    assert extra_days(answered(asked, MONDAY + timedelta(days=3))) == 3


def test_while_it_runs_the_due_day_shows_the_whole_time_that_he_has():
    assert extra_days(done_beside(a_question(), MONDAY)) == 5


def test_the_time_in_which_another_place_is_still_at_work_counts():
    assert extra_days(a_question()) == 0
    assert extra_days(done_beside(a_question(), MONDAY + timedelta(days=2))) == 3
    late = done_beside(answered(a_question(), MONDAY + timedelta(days=1)), MONDAY + timedelta(days=2))
    assert extra_days(late) == 0


def test_the_time_after_his_last_day_counts_again():
    asked = done_beside(a_question(), MONDAY)
    assert extra_days(answered(asked, MONDAY + timedelta(days=21))) == 5


def test_in_a_licence_the_time_counts():
    asked = done_beside(a_question(), MONDAY)
    assert extra_days(answered(asked, MONDAY + timedelta(days=3)), LICENCE) == 0


def test_a_day_that_two_rules_leave_out_is_left_out_once():
    asked = done_beside(a_question(), MONDAY)
    paused = apply(asked, header(5, "suspend", "accepted", MONDAY + timedelta(days=1), kind="hearing"))
    resumed = apply(paused, header(6, "resume", "accepted", MONDAY + timedelta(days=4)))
    assert extra_days(resumed) == 5
