"""A document of a stage that holds for a time only: what rests on it, what its end stops, how it is put out anew."""

from datetime import date, timedelta

import pytest

from tongban.base.errors import Rejected
from tongban.calendar.queries import today
from tongban.cases.models import Case, Step
from tongban.cases.queries import find_document
from tongban.cases.rules.parts import PartStatus
from tongban.cases.rules.state import apply, from_json
from tongban.cases.rules.table import Act, Status
from tongban.cases.rules.validity import Hold, needed
from tongban.cases.tests.build import a_case, an_officer, an_opening, do, item, later, stage, the_applicant
from tongban.cases.tests.test_rules import MONDAY, accepted, header

pytestmark = pytest.mark.django_db

CHANGFENG = "340121000000"
MOVING = [
    stage("permit", name="准迁", document="户口准迁证", validity="40 natural"),
    stage(
        "leave",
        name="迁出",
        kind="assist",
        place="field:business_place",
        document="户口迁移证",
        validity="30 natural",
        relies_on=["permit"],
        notice_to_applicant=True,
    ),
    stage("settle", name="落户", relies_on=["leave"]),
]
LEAVE = f"leave@{CHANGFENG}"


def a_move() -> Case:
    """A case whose 准迁证 has just been put out; the 迁出 lies at another county of the node."""
    case = a_case(opening=an_opening(answers={"business_place": CHANGFENG}), stages=MOVING)
    do(an_officer(), case, Act.ACCEPT)
    do(an_officer(), case, Act.PART_DECIDED, part="permit", outcome="done")
    return case


def the_leaving(case: Case) -> Case:
    return Case.objects.get(lead=case.id, status__in=[Status.SUBMITTED, Status.ACCEPTED])


def has_left(case: Case) -> None:
    leaving = the_leaving(case)
    if leaving.status == Status.SUBMITTED:
        do(an_officer(), leaving, Act.ACCEPT)
    do(an_officer(), leaving, Act.GRANT)
    case.refresh_from_db()


def part_of(case: Case, name: str):
    return next(part for part in from_json(case.state).parts if part.id == name)


def refusal_of(*arguments, **content) -> Rejected:
    with pytest.raises(Rejected) as refusal:
        do(*arguments, **content)
    return refusal.value


def test_the_last_day_of_a_document_stands_in_the_step_and_on_the_page():
    case = a_move()
    step = Step.objects.get(case=case, act=Act.PART_DECIDED)
    last = date.fromisoformat(step.header["facts"]["valid_until"])
    page = find_document(the_applicant(case), case.id, step.header["documents"][0]["number"])
    assert last >= today() + timedelta(days=40)
    assert f"有效期至：{last.year}年{last.month}月{last.day}日" in page
    assert (part_of(case, "permit").valid_until, case.document_until) == (last, last)


def test_the_lead_keeps_the_last_day_of_what_an_assist_case_put_out():
    case = a_move()
    has_left(case)
    granted = Step.objects.get(case__lead=case.id, act=Act.GRANT)
    decided = Step.objects.filter(case=case, act=Act.PART_DECIDED).latest("no")
    last = granted.header["facts"]["valid_until"]
    assert decided.header["facts"]["valid_until"] == last
    assert case.document_until == date.fromisoformat(last)


def test_on_an_ended_document_of_the_lead_an_assist_case_is_not_granted_but_can_be_refused():
    case = a_move()
    leaving = the_leaving(case)
    do(an_officer(), leaving, Act.ACCEPT)
    last = part_of(case, "permit").valid_until
    assert leaving.document_until == last
    later(50)
    refusal = refusal_of(an_officer(), leaving, Act.GRANT)
    assert (refusal.reason, refusal.facts["until"]) == ("lead_document_expired", last.isoformat())
    do(an_officer(), leaving, Act.DENY, reason="准迁证已经过期")
    assert leaving.status == Status.CLOSED


def test_a_document_put_out_anew_lets_the_open_assist_case_go_on():
    case = a_move()
    leaving = the_leaving(case)
    later(50)
    do(an_officer(), case, Act.RENEW, part="permit", reason="迁出地尚未办结，准迁证已过期")
    assert part_of(case, "permit").status is PartStatus.WAITING
    do(an_officer(), case, Act.PART_DECIDED, part="permit", outcome="done")
    leaving.refresh_from_db()
    assert (the_leaving(case).id, part_of(case, LEAVE).co_case) == (leaving.id, str(leaving.id))
    assert leaving.document_until == part_of(case, "permit").valid_until
    has_left(case)
    assert part_of(case, LEAVE).status is PartStatus.DONE


def test_an_ended_document_from_elsewhere_stops_the_stage_that_rests_on_it():
    case = a_move()
    has_left(case)
    later(40)
    refusal = refusal_of(an_officer(), case, Act.PART_DECIDED, part="settle", outcome="done")
    assert refusal.reason == "document_expired"
    assert refusal.facts == {
        "document": "户口迁移证",
        "until": part_of(case, LEAVE).valid_until.isoformat(),
        "stage": "落户",
    }


def test_what_another_place_put_out_is_asked_for_there_again():
    case = a_move()
    has_left(case)
    first = part_of(case, LEAVE)
    later(40)
    step = do(an_officer(), case, Act.RENEW, part=LEAVE, reason="未在有效期内落户")
    again = the_leaving(case)
    assert step.header["facts"]["links"] == [{"part": LEAVE, "co_case": str(again.id), "node": "34"}]
    assert again.id != first.co_case
    assert part_of(case, "settle").opened_on is None


def test_after_the_renewal_the_stage_that_rests_on_it_is_done():
    case = a_move()
    has_left(case)
    later(40)
    do(an_officer(), case, Act.RENEW, part=LEAVE, reason="未在有效期内落户")
    later(41)
    leaving = the_leaving(case)
    do(an_officer(), leaving, Act.ACCEPT)
    assert refusal_of(an_officer(), leaving, Act.GRANT).reason == "lead_document_expired"
    do(an_officer(), case, Act.RENEW, part="permit", reason="准迁证也已过期")
    do(an_officer(), case, Act.PART_DECIDED, part="permit", outcome="done")
    has_left(case)
    do(an_officer(), case, Act.PART_DECIDED, part="settle", outcome="done")
    do(an_officer(), case, Act.GRANT)
    assert case.status == Status.GRANTED


def test_what_still_holds_is_not_put_out_anew():
    case = a_move()
    has_left(case)
    assert refusal_of(an_officer(), case, Act.RENEW, part=LEAVE, reason="早办").reason == "nothing_expired"


def test_what_nothing_rests_on_any_more_stops_nothing():
    case = a_move()
    has_left(case)
    do(an_officer(), case, Act.PART_DECIDED, part="settle", outcome="done")
    assert case.document_until is None
    later(60)
    do(an_officer(), case, Act.GRANT)
    assert case.status == Status.GRANTED


def test_what_was_decided_elsewhere_is_noted_while_an_earlier_document_is_put_out_anew():
    case = a_move()
    leaving = the_leaving(case)
    do(an_officer(), leaving, Act.ACCEPT)
    later(50)
    do(an_officer(), case, Act.RENEW, part="permit", reason="已过期")
    do(an_officer(), leaving, Act.DENY, reason="迁出地不予迁出")
    case.refresh_from_db()
    assert part_of(case, LEAVE).status is PartStatus.REFUSED


def test_a_document_holds_through_its_last_day_and_is_told_of_a_week_before():
    definition = item(stages=MOVING)
    facts = {"part": "permit", "outcome": "done", "valid_until": "2027-01-04"}
    now = apply(accepted("permit", LEAVE, "settle"), header(3, "part_decided", "accepted", MONDAY, **facts))
    [paper] = needed(now.parts, definition)
    assert (paper.name, paper.issuer.name, paper.stage.name) == ("户口准迁证", "准迁", "迁出")
    assert paper.hold(date(2026, 12, 27)) is Hold.HOLDS
    assert paper.hold(date(2026, 12, 28)) is Hold.SOON
    assert paper.hold(date(2027, 1, 4)) is Hold.SOON
    assert paper.hold(date(2027, 1, 5)) is Hold.ENDED


def test_a_stage_relies_on_earlier_documents_with_a_last_day_only():
    with pytest.raises(Rejected) as refusal:
        item(stages=[stage("settle", relies_on=["permit"]), stage("permit", document="户口准迁证")])
    assert any("permit" in fault for fault in refusal.value.fields.values())
