"""Who ceases to follow a case, with which step, what he has got by then, and what he gets when he is added again."""

import json
from dataclasses import replace
from datetime import timedelta

import pytest
from django.utils import timezone

from tongban.base.actor import Actor, Role, Via, system
from tongban.base.canonical import digest
from tongban.base.errors import Rejected
from tongban.base.uuid7 import uuid7
from tongban.cases import letters
from tongban.cases.actions import open_case, take
from tongban.cases.actions.following import add_follower
from tongban.cases.models import Ask, Case, Follower, Link, Step
from tongban.cases.queries.keeping import to_erase
from tongban.cases.rules.bodies import Follows
from tongban.cases.rules.opening import Lead
from tongban.cases.rules.parts import PartStatus
from tongban.cases.rules.table import Act
from tongban.cases.tests.build import XUHUI, a_case, an_officer, an_opening, do, received_by, stage
from tongban.cases.tests.test_letters import Shanghai, heard
from tongban.exchange.models import Delivery
from tongban.exchange.queries import checkpoint, letters_for
from tongban.exchange.rules import LetterRef
from tongban.exchange.tests.build import a_federation
from tongban.files.actions import allow, want
from tongban.files.models import Claim, Want
from tongban.files.queries import may_pull

pytestmark = pytest.mark.django_db
ORGAN = Actor(role=Role.ORGAN, node="31", via=Via.LETTER)
SCAN = "a" * 64


def an_informed_case() -> Case:
    return a_case(opening=an_opening(answers={"business_place": XUHUI}), informs=["business_place"])


def a_joint_case(**changes) -> tuple[Case, Link]:
    """Accepted, with a stage in Shanghai that has not answered yet."""
    stages = [stage("there", kind="assist", place="field:business_place", **changes)]
    case = a_case(opening=an_opening(answers={"business_place": XUHUI}), stages=stages)
    do(an_officer(), case, Act.ACCEPT)
    return case, Link.objects.get(case=case)


def opened_there(link: Link, outcome: str = "taken") -> None:
    ask = Ask.objects.get(case_id=link.co_case, act=Act.OPEN)
    letters.answered_ask(LetterRef(ask.letter, "ask", str(link.co_case), ""), "31", outcome, None, {})


def decided_there(case: Case, link: Link, outcome: PartStatus) -> Case:
    content = {"part": link.needs, "outcome": outcome, "co_case": str(link.co_case)}
    take(system("34"), case.id, Act.PART_DECIDED, seen=None, content=content)
    return Case.objects.get(id=case.id)


def reasons(case: Case) -> set[tuple[str, str]]:
    return set(Follower.objects.filter(case=case).values_list("node", "role"))


def steps_to(node: str, case: Case) -> list[int]:
    """Numbers of the steps that were sent to the node, in the order of sending."""
    sent = Delivery.objects.filter(receiver=node, subject=str(case.id), letter__kind="step").order_by("id")
    numbers = dict(Step.objects.filter(case=case).values_list("letter", "no"))
    return [numbers[letter] for letter in sent.values_list("letter", flat=True)]


def last_header(case: Case) -> dict:
    return Step.objects.filter(case=case).latest("no").header


def names(case: Case) -> tuple[list[str], list[str]]:
    header = last_header(case)
    return header["followers"], header["removed"]


class TestAtTheHome:
    def test_the_step_that_removes_a_node_is_the_last_that_it_gets(self):
        case, officer = an_informed_case(), an_officer()
        do(officer, case, Act.DECLINE, reason="不符合条件")
        assert names(case) == (["31"], ["31"])
        do(officer, case, Act.RECORD, event="note", text="已电话告知")
        assert names(case) == ([], [])
        assert steps_to("31", case) == [1, 2]
        assert not reasons(case)

    def test_a_step_that_removes_nobody_says_so(self):
        case = an_informed_case()
        do(an_officer(), case, Act.ACCEPT)
        assert names(case) == (["31"], [])

    def test_whom_it_concerns_again_gets_the_headers_that_it_missed_and_then_the_step(self):
        case, officer = an_informed_case(), an_officer()
        do(officer, case, Act.DECLINE, reason="不符合条件")
        do(officer, case, Act.RECORD, event="note", text="已电话告知")
        do(officer, case, Act.REOPEN, reason="复议决定撤销")
        assert names(case) == (["31"], [])
        assert steps_to("31", case) == [1, 2, 3, 4]
        assert reasons(case) == {("31", "informed")}

    def test_a_reopening_calls_nobody_twice(self):
        case, officer = an_informed_case(), an_officer()
        add_follower(case, "31", Follows.CO_HANDLING)
        do(officer, case, Act.DECLINE, reason="不符合条件")
        do(officer, case, Act.REOPEN, reason="复议决定撤销")
        assert steps_to("31", case) == [1, 2, 3]

    def test_who_refuses_its_part_hears_no_more(self):
        case, link = a_joint_case(on_refusal="continue")
        opened_there(link)
        case = decided_there(case, link, PartStatus.REFUSED)
        assert names(case) == (["31"], ["31"])
        do(an_officer(), case, Act.GRANT)
        assert steps_to("31", case) == [1, 2, 3]

    def test_who_has_done_its_part_hears_what_becomes_of_it(self):
        case, link = a_joint_case()
        opened_there(link)
        case = decided_there(case, link, PartStatus.DONE)
        do(an_officer(), case, Act.GRANT)
        do(an_officer(), case, Act.RECTIFY, reason="更正错字")
        assert steps_to("31", case) == list(range(1, case.head + 1))

    def test_who_is_asked_again_after_a_reopening_gets_what_it_missed(self):
        case, link = a_joint_case()
        officer = an_officer()
        opened_there(link)
        case = decided_there(case, link, PartStatus.REFUSED)
        do(officer, case, Act.DENY, reason="协办地没有相应记录")
        do(officer, case, Act.REOPEN, reason="复议决定撤销")
        assert steps_to("31", case) == [1, 2, 3]
        opened_there(Link.objects.exclude(id=link.id).get(case=case))
        assert steps_to("31", case) == list(range(1, case.head + 1))
        do(officer, case, Act.RECORD, event="note", text="已通知协办地")
        assert names(case) == (["31"], [])

    def test_a_part_given_up_before_it_was_opened_calls_nobody(self):
        case, link = a_joint_case()
        take(Actor(role=Role.APPLICANT, node="34", person=case.applicant), case.id, Act.WITHDRAW, seen=None, content={})
        opened_there(link)
        assert not reasons(case)
        assert steps_to("31", case) == []

    def test_an_assist_decided_before_its_opening_was_confirmed_is_told_of_the_lead_all_the_same(self):
        case, link = a_joint_case()
        case = decided_there(case, link, PartStatus.DONE)
        opened_there(link)
        assert steps_to("31", case) == list(range(1, case.head + 1))

    def test_a_removed_node_cannot_pull_what_it_was_to_assist_with(self):
        case, link = a_joint_case()
        opened_there(link)
        allow(SCAN, case=link.co_case, nodes=["31"])
        assert may_pull("31", SCAN, link.co_case)
        decided_there(case, link, PartStatus.REFUSED)
        assert not may_pull("31", SCAN, link.co_case)

    def test_the_home_before_goes_when_the_successor_has_ended_unless_it_received(self):
        a_case()
        before = {"case": str(uuid7()), "home": "31", "head": "0" * 64, "received_on": "2026-11-23", "at": ""}
        for receiver, left in (("31", {("31", "receiving")}), ("34", set())):
            opening = an_opening(case_id=uuid7(), predecessor=before, receiving=received_by(receiver))
            open_case(ORGAN, opening)
            case = Case.objects.get(id=opening.case_id)
            assert ("31", "predecessor") in reasons(case)
            do(an_officer(), case, Act.DECLINE, reason="不符合条件")
            assert reasons(case) == left
            assert names(case) == (["31"], [] if left else ["31"])

    def test_a_recall_leaves_the_counter_that_has_to_give_the_originals_back(self):
        case = a_case(opening=an_opening(receiving=received_by("31", organ="x", channel="counter"), mode="counter"))
        counter = Actor(role=Role.CLERK, node="31", organ="x", via=Via.LETTER)
        take(counter, case.id, Act.RECALL, seen=None, content={"reason": "录入有误"})
        take(counter, case.id, Act.RECORD, seen=None, content={"event": "custody_returned"})
        assert steps_to("31", case) == [1, 2, 3]

    def test_an_assist_case_without_an_outcome_waits_for_no_more_files_of_the_lead(self):
        a_case(stages=[stage("there", kind="assist", place="field:business_place")])
        lead = Lead(uuid7(), "31", f"there@{an_opening().place}")
        opening = replace(an_opening(case_id=uuid7(), lead=lead), receiving=received_by("31", channel="organ"))
        open_case(ORGAN, opening)
        case = Case.objects.get(id=opening.case_id)
        allow(SCAN, case=case.id, nodes=[])
        want(SCAN, case=case.id, source_node="31")
        do(an_officer(), case, Act.SEND_BACK, reason="不属于本机关职权")
        assert names(case) == (["31"], ["31"])
        assert not Want.objects.exists()
        assert not Claim.objects.filter(case=case.id).exists()

    def test_nothing_after_the_last_step_can_be_pulled_or_is_compared(self, settings, tmp_path):
        a_federation(settings, tmp_path)
        case, officer = an_informed_case(), an_officer()
        do(officer, case, Act.DECLINE, reason="不符合条件")
        Delivery.objects.update(receipt=b"{}", receipted_at=timezone.now())
        day = timezone.now().date()
        before = checkpoint("31", day)
        held = letters_for("31", subject=str(case.id), after=None)
        do(officer, case, Act.RECORD, event="note", text="已电话告知")
        Delivery.objects.update(receipt=b"{}", receipted_at=timezone.now())
        assert checkpoint("31", day) == before
        assert letters_for("31", subject=str(case.id), after=None) == held

    def test_no_due_dates_go_to_a_removed_node(self):
        case, officer = an_informed_case(), an_officer()
        do(officer, case, Act.DECLINE, reason="不符合条件")
        kinds = Delivery.objects.filter(receiver="31", subject=str(case.id)).order_by("id")
        assert list(kinds.values_list("letter__kind", flat=True)) == ["step", "due", "step"]


class TestAtTheCopy:
    def test_a_copy_knows_since_when_it_is_not_current(self):
        home = Shanghai()
        letters.hear_step(home.step("open", "submitted"))
        due = {"case": str(home.case_id), "notice": "2026-11-30", "decision": None, "statutory": None}
        letters.hear_due(heard("due", "31", str(home.case_id), due))
        letters.hear_step(home.step("decline", "declined", removed=["34"]))
        case = Case.objects.get(id=home.case_id)
        assert case.left_at is not None
        assert case.notice_due is None

    def test_a_copy_that_is_added_again_is_current_again(self):
        home = Shanghai()
        letters.hear_step(home.step("open", "submitted"))
        letters.hear_step(home.step("decline", "declined", removed=["34"]))
        letters.hear_step(home.step("record", "declined", followers=[], facts={"event": "note"}))
        letters.hear_step(home.step("reopen", "submitted"))
        case = Case.objects.get(id=home.case_id)
        assert (case.head, case.left_at, case.status) == (4, None, "submitted")

    def test_the_removal_of_another_node_changes_nothing_here(self):
        home = Shanghai()
        letters.hear_step(home.step("open", "submitted", followers=["32", "34"], removed=["32"]))
        assert Case.objects.get(id=home.case_id).left_at is None

    @pytest.mark.parametrize("value", ["3134", [34], {"34": True}])
    def test_followers_in_another_form_are_malformed(self, value):
        home = Shanghai()
        with pytest.raises(Rejected, match="malformed"):
            letters.hear_step(home.step("open", "submitted", removed=value))

    def test_contents_of_a_copy_are_kept_from_its_last_step_on_though_the_case_goes_on(self):
        home = Shanghai()
        letters.hear_step(home.step("open", "submitted"))
        letters.hear_step(home.step("grant", "granted", removed=["34"]))
        when = timezone.now() + timedelta(days=1)
        assert [case.id for case in to_erase(system("34"), home=False, before=when)] == [home.case_id]
        assert not to_erase(system("34"), home=True, before=when)

    def test_contents_of_a_copy_that_is_current_are_kept(self):
        home = Shanghai()
        letters.hear_step(home.step("open", "submitted"))
        assert not to_erase(system("34"), home=False, before=timezone.now() + timedelta(days=1))


def test_the_header_that_names_a_removal_is_the_one_that_was_signed():
    case = an_informed_case()
    do(an_officer(), case, Act.DECLINE, reason="不符合条件")
    step = Step.objects.get(case=case, no=2)
    letter = Delivery.objects.get(receiver="31", letter=step.letter).letter
    assert digest(bytes(letter.payload)) == step.digest
    assert json.loads(bytes(letter.payload))["data"]["removed"] == ["31"]
