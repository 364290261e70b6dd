"""Cases after a restore: what came after the backup is rebuilt from the letters that other nodes remember."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from uuid import UUID

import pytest
from django.utils import timezone

from tongban.base.actor import system
from tongban.base.errors import NotYet, Rejected
from tongban.base.uuid7 import uuid7
from tongban.cases import letters, memory, vault
from tongban.cases.actions import take
from tongban.cases.actions.recounting import recount_some
from tongban.cases.models import Ask, Body, Case, Dossier, Follower, Link, Money, Party, Step
from tongban.cases.queries import get_view
from tongban.cases.rules.state import from_json
from tongban.cases.rules.table import Act, Status
from tongban.cases.tests.build import XUHUI, a_case, an_officer, an_opening, do, stage
from tongban.cases.tests.test_letters import Shanghai, an_ask, from_shanghai, heard, ready
from tongban.exchange import actions as exchange
from tongban.exchange import vault as exchange_vault
from tongban.exchange.actions.numbering import LEFT_FREE
from tongban.exchange.models import Alarm, Delivery, Loss
from tongban.exchange.models import Part as PartRow
from tongban.exchange.rules import Heard, LetterRef, Recalled
from tongban.exchange.tests import build
from tongban.people.actions import find_or_create_person

pytestmark = pytest.mark.django_db

ELSEWHERE = {"stages": [stage("there", kind="assist", place="field:business_place")]}


@pytest.fixture(autouse=True)
def ground(settings, tmp_path):
    build.a_federation(settings, tmp_path)
    find_or_create_person(system("34"), **an_opening().applicant)


@contextmanager
def a_lost_life(taken: Callable[[Delivery], bool] = lambda delivery: True) -> Iterator[build.Life]:
    with build.a_lost_life(taken) as life:
        yield life


def come_back(*recalled: Recalled) -> None:
    """What the duty of a restored node does once all have told."""
    build.put_back(recalled)
    while exchange.rebuild_next():
        pass
    while exchange.settle_next():
        pass
    assert not Alarm.objects.filter(kind="not_rebuilt").exists()


def rows(case_id: UUID) -> dict[str, object]:
    """Everything that a node keeps of a case, but for due dates, internal opinions and how it lies encrypted."""
    left_out = {
        "changed_at",
        "notice_due",
        "decision_due",
        "statutory_due",
        "wait_until",
        "document_until",
        "due_is_provisional",
    }
    cases = Case.objects.filter(id=case_id).values()
    bodies = Body.objects.filter(step__case=case_id).exclude(audience="home").order_by("step__no", "audience")
    money = Money.objects.filter(case=case_id).order_by("id")
    return {
        "case": [{name: value for name, value in row.items() if name not in left_out} for row in cases],
        "steps": list(Step.objects.filter(case=case_id).order_by("no").values("no", "letter", "digest", "header")),
        "bodies": [(row.step.no, row.audience, vault.unlock(row.content, place="body")) for row in bodies],
        "dossier": [read(row) for row in Dossier.objects.filter(case=case_id)],
        "followers": sorted(Follower.objects.filter(case=case_id).values_list("node", "role")),
        "links": sorted(Link.objects.filter(case=case_id).values_list("co_case", "node", "needs", "on_refusal")),
        "money": list(money.values_list("drawn", "paid", "outcome")),
        "parties": list(Party.objects.filter(case=case_id).order_by("no").values_list("person", "no")),
        "sent": sorted(Delivery.objects.filter(subject=str(case_id)).values_list("letter", "receiver")),
    }


def read(row: Dossier) -> dict:
    return vault.unlock_json(row.content, place="dossier")


def opened_by_shanghai() -> tuple[Case, Recalled]:
    ask = an_ask(from_shanghai())
    letters.hear_ask(ask)
    return Case.objects.get(id=ask.subject), build.as_taken(ask)


class TestHome:
    """Cases of this home."""

    def test_a_case_opened_and_decided_after_the_backup_comes_back_as_it_was(self):
        ready()
        with a_lost_life() as life:
            case, ask = opened_by_shanghai()
            officer = an_officer()
            do(officer, case, Act.ACCEPT, opinion="材料齐全")
            do(officer, case, Act.GRANT, opinion="同意")
            do(officer, case, Act.ISSUE, certificate="营业执照", number="示例1")
            before = rows(case.id)
        assert not Case.objects.exists()
        come_back(ask, *life.recalled)
        assert rows(case.id) == before

    def test_a_case_of_the_backup_goes_on_to_where_it_had_come(self):
        ready()
        case, _ = opened_by_shanghai()
        with a_lost_life() as life:
            officer = an_officer()
            targets = [{"target": "field:trade_name", "problem": "与核名不符"}]
            do(officer, case, Act.ASK_CORRECTION, targets=targets)
            supply = an_ask(from_shanghai(case_id=case.id), act="supply", content={"answers": {"trade_name": "新名"}})
            letters.hear_ask(supply)
            do(officer, Case.objects.get(), Act.ACCEPT)
            before = rows(case.id)
        come_back(build.as_taken(supply), *life.recalled)
        assert rows(case.id) == before
        assert read(Dossier.objects.get())["answers"]["trade_name"] == "新名"

    def test_what_it_was_opened_with_comes_from_the_ask_where_no_follower_keeps_it(self):
        ready()
        with a_lost_life() as life:
            case, ask = opened_by_shanghai()
            before = rows(case.id)["dossier"]
        headers_only = [without_bodies(entry) for entry in life.recalled]
        come_back(ask, *headers_only)
        assert rows(case.id)["dossier"] == before
        assert Case.objects.get().applicant is not None

    def test_money_that_was_ordered_and_sent_back_is_known_again(self):
        ready(pattern="money", closing="money_arrived", effect_from="money_arrived")
        with a_lost_life() as life:
            case, ask = opened_by_shanghai()
            officer = an_officer()
            do(officer, case, Act.ACCEPT)
            do(officer, case, Act.GRANT, amount="1200.00")
            do(officer, case, Act.DELIVER, event="money_bounced")
            before = rows(case.id)
        come_back(ask, *life.recalled)
        assert rows(case.id) == before
        assert Money.objects.get().ordered_at == Step.objects.get(act="grant").recorded_at

    def test_its_followers_get_what_they_had_not_got_and_nothing_twice(self):
        ready(informs=["business_place"])
        opening = {"answers": {"business_place": "320104000000", "trade_name": "示例"}}
        with a_lost_life(lambda delivery: delivery.receiver == "31" or delivery.letter.kind != "step") as life:
            ask = an_ask(from_shanghai(**opening))
            letters.hear_ask(ask)
            case = Case.objects.get()
            do(an_officer(), case, Act.ACCEPT)
        come_back(build.as_taken(ask), *life.recalled)
        steps = Delivery.objects.filter(subject=str(case.id), letter__kind="step").order_by("id")
        open_to = steps.filter(receipt=None).values_list("receiver", "letter")
        assert list(open_to) == [("32", step.letter) for step in Step.objects.order_by("no")]
        assert steps.filter(receiver="31", receipt__isnull=False).count() == 2

    def test_an_opinion_that_never_left_is_lost_and_the_page_says_so(self):
        ready()
        with a_lost_life() as life:
            case, ask = opened_by_shanghai()
            do(an_officer(), case, Act.ACCEPT, opinion="材料齐全")
        come_back(ask, *life.recalled)
        assert [(loss.subject, loss.detail) for loss in Loss.objects.filter(kind="body")] == [(str(case.id), "2 home")]
        entry = get_view(an_officer(), case.id).timeline[1]
        assert (entry.lost, entry.erased) == (True, False)

    def test_what_nobody_had_seen_is_done_anew_under_the_next_number(self):
        ready()
        case, _ = opened_by_shanghai()
        with a_lost_life(lambda delivery: "accept" not in str(bytes(delivery.letter.payload))) as life:
            do(an_officer(), case, Act.ACCEPT)
        come_back(*life.recalled)
        step = do(an_officer(), case, Act.SEND_BACK, reason="另行办理")
        assert (step.no, Case.objects.get().status) == (2, Status.SENT_BACK)

    def test_due_dates_are_worked_out_again_and_told(self):
        ready()
        with a_lost_life() as life:
            _, ask = opened_by_shanghai()
            due = Case.objects.get().notice_due
        come_back(ask, *life.recalled)
        memory.opened()
        recount_some(10)
        assert Case.objects.get().notice_due == due
        assert Delivery.objects.filter(letter__kind="due", receipt=None).count() == 1

    def test_a_node_that_had_ceased_to_follow_stays_away(self):
        ready(informs=["business_place"])
        answers = {"business_place": "320104000000", "trade_name": "示例"}
        with a_lost_life() as life:
            ask = an_ask(from_shanghai(answers=answers))
            letters.hear_ask(ask)
            case = Case.objects.get()
            do(an_officer(), case, Act.SEND_BACK, reason="另行办理")
            do(an_officer(), case, Act.ARCHIVE)
            before = rows(case.id)
        come_back(build.as_taken(ask), *life.recalled)
        assert rows(case.id) == before
        assert {follower for follower, _ in before["followers"]} == {"31"}


def without_bodies(entry: Recalled) -> Recalled:
    letter = entry.letter
    bare = type(letter)(letter.id, letter.kind, letter.sender, letter.subject, letter.at, letter.data, letter.digest)
    return Recalled(bare, entry.peer, entry.ours, entry.receipt)


class TestForks:
    """A step of the old life and another one under its number never stand side by side."""

    def test_a_step_that_differs_from_what_was_seen_is_not_put_back(self):
        ready()
        case, _ = opened_by_shanghai()
        with a_lost_life() as life:
            do(an_officer(), case, Act.ACCEPT)
        do(an_officer(), case, Act.SEND_BACK, reason="另行办理")
        build.put_back(life.recalled)
        while exchange.rebuild_next():
            pass
        assert Alarm.objects.get().facts == {"kind": "step", "reason": "fork"}
        assert [step.act for step in Step.objects.order_by("no")] == ["open", "send_back"]

    def test_a_chain_with_a_hole_is_not_put_back(self):
        ready()
        case, _ = opened_by_shanghai()
        with a_lost_life(lambda delivery: '"no":2' not in str(bytes(delivery.letter.payload))) as life:
            officer = an_officer()
            do(officer, case, Act.ACCEPT)
            do(officer, case, Act.GRANT)
        build.put_back(life.recalled)
        while exchange.rebuild_next():
            pass
        assert Alarm.objects.get().facts["reason"] == "gap"
        assert Case.objects.get().head == 1

    def test_it_writes_no_step_before_it_has_heard(self, settings):
        ready()
        case, _ = opened_by_shanghai()
        build.restore(settings)
        with pytest.raises(NotYet, match="recovering"):
            take(an_officer(), case.id, Act.ACCEPT, seen=1, content={})
        assert Case.objects.get().head == 1

    def test_the_next_step_follows_the_highest_seen(self):
        ready()
        case, _ = opened_by_shanghai()
        with a_lost_life() as life:
            do(an_officer(), case, Act.ACCEPT)
        come_back(*life.recalled)
        step = do(an_officer(), case, Act.GRANT)
        assert (step.no, step.header["prev"]) == (3, Step.objects.get(no=2).digest)


class TestAsksToThisHome:
    """What other nodes had asked, and this one had answered by a receipt."""

    def test_one_whose_step_was_seen_is_not_done_twice(self):
        ready()
        with a_lost_life() as life:
            case, ask = opened_by_shanghai()
        come_back(ask, *life.recalled)
        assert Step.objects.filter(case=case.id).count() == 1

    def test_one_whose_receipt_was_lost_is_taken_when_it_comes_again_and_nothing_more(self):
        ready()
        with a_lost_life() as life:
            ask = an_ask(from_shanghai())
            letters.hear_ask(ask)
        come_back(*[without_bodies(entry) for entry in life.recalled])
        assert not Dossier.objects.exists()
        letters.hear_ask(ask)
        assert Step.objects.count() == 1
        assert read(Dossier.objects.get())["applicant"]["name"] == "示例王芳"
        assert not Loss.objects.filter(kind="dossier").exists()

    def test_one_that_was_taken_and_whose_step_nobody_saw_is_answered_now(self):
        ready()
        with a_lost_life(lambda delivery: False):
            case, ask = opened_by_shanghai()
            number = case.number
        come_back(ask)
        again = Case.objects.get(id=case.id)
        assert Step.objects.get().header["answers"] == str(ask.letter.id)
        assert again.number > number

    def test_its_clock_runs_from_the_day_of_the_receipt(self):
        ready()
        asked = build.as_taken(an_ask(from_shanghai()))
        earlier = type(asked.receipt)(**{**fields(asked.receipt), "at": timezone.now() - timedelta(days=3)})
        come_back(Recalled(asked.letter, "31", ours=False, receipt=earlier))
        assert Case.objects.exists()

    def test_one_that_cannot_be_answered_any_more_is_told_to_a_person(self):
        ready()
        case, _ = opened_by_shanghai()
        do(an_officer(), case, Act.SEND_BACK, reason="另行办理")
        withdrawal = an_ask(from_shanghai(case_id=case.id), act="withdraw", content={})
        come_back(build.as_taken(withdrawal))
        assert Alarm.objects.get(kind="unanswered").facts["act"] == "withdraw"
        assert Loss.objects.get(kind="ask").detail == "31 withdraw"

    def test_one_that_was_rejected_stays_rejected(self):
        ready()
        come_back(build.as_taken(an_ask(from_shanghai()), reason="no_agreement"))
        assert not Case.objects.exists()


def fields(receipt) -> dict:
    return {name: getattr(receipt, name) for name in receipt.__dataclass_fields__}


class TestJoint:
    """A lead here, a part of it elsewhere."""

    def lead(self, business_place: str = XUHUI) -> Case:
        ready(**ELSEWHERE)
        ask = an_ask(from_shanghai(answers={"business_place": business_place, "trade_name": "示例"}))
        letters.hear_ask(ask)
        return Case.objects.get(id=ask.subject)

    def test_the_link_to_the_part_elsewhere_comes_back(self):
        case = self.lead()
        with a_lost_life() as life:
            do(an_officer(), case, Act.ACCEPT)
            before = rows(case.id)
        come_back(*life.recalled)
        assert rows(case.id)["links"] == before["links"]
        assert Ask.objects.get(act="open").outcome == "taken"
        assert Follower.objects.filter(case=case, role="co_handling").exists()

    def test_an_assist_case_that_nobody_was_asked_for_is_asked_for_now(self):
        case = self.lead()
        with a_lost_life(lambda delivery: delivery.letter.kind == "step") as life:
            do(an_officer(), case, Act.ACCEPT)
        come_back(*life.recalled)
        link = Link.objects.get()
        assert Ask.objects.get(act="open").case_id == link.co_case
        assert Delivery.objects.filter(subject=str(link.co_case), receipt=None).count() == 1

    def test_a_part_decided_elsewhere_is_noted_where_that_was_lost(self):
        case = self.lead()
        with a_lost_life(lambda delivery: "part_decided" not in str(bytes(delivery.letter.payload))) as life:
            do(an_officer(), case, Act.ACCEPT)
            assist = self.assist_of(case)
            tie = {"lead": {"case": str(case.id), "node": "34", "part": f"there@{XUHUI}"}, "pattern": "assist"}
            heard = [assist.step(act, status, **(tie if act == "open" else {})) for act, status in DECIDED]
            for step in heard:
                letters.hear_step(step)
            assert self.part_of(case) == "done"
        come_back(*life.recalled, *map(build.as_taken, heard))
        assert self.part_of(case) == "done"

    def part_of(self, case: Case) -> str:
        return str(from_json(Case.objects.get(id=case.id).state).parts[0].status)

    def assist_of(self, case: Case) -> Shanghai:
        home = Shanghai()
        Ask.objects.filter(case_id=home.case_id).delete()
        home.case_id = Link.objects.get(case=case).co_case
        return home

    def test_an_assist_case_at_this_home_that_nobody_followed_is_opened_again(self):
        case = self.lead(business_place="340102000000")
        with a_lost_life() as life:
            do(an_officer(), case, Act.ACCEPT)
            assist = Case.objects.get(lead=case.id)
        come_back(*life.recalled)
        again = Case.objects.get(lead=case.id)
        assert (again.id, again.status) == (assist.id, Status.SUBMITTED)

    def test_an_assist_case_of_which_the_lead_knows_nothing_is_asked_to_end(self):
        case = self.lead()
        orphan = Shanghai()
        Ask.objects.filter(case_id=orphan.case_id).delete()
        lead = {"case": str(case.id), "node": "34", "part": f"there@{XUHUI}"}
        opened = orphan.step("open", "submitted", lead=lead, pattern="assist", answers=None)
        come_back(build.as_taken(opened))
        ask = Ask.objects.get(act="withdraw")
        assert (ask.case_id, ask.home) == (orphan.case_id, "31")


DECIDED = (("open", "submitted"), ("accept", "accepted"), ("grant", "granted"), ("close", "closed"))


class TestOpenedHere:
    """Cases that were handed in at their own home, of which others hold only a part."""

    def lead(self) -> Case:
        return a_case(opening=an_opening(answers={"business_place": XUHUI, "trade_name": "示例"}), **ELSEWHERE)

    def test_what_the_assist_case_was_told_comes_back_to_its_lead(self):
        ready(**ELSEWHERE)
        with a_lost_life() as life:
            case = self.lead()
            do(an_officer(), case, Act.ACCEPT)
            ask = Ask.objects.get()
            letters.answered_ask(LetterRef(ask.letter, "ask", str(ask.case_id), ""), "31", "taken", None, {})
            told = assist_opened(case, ask)
            letters.hear_step(told)
        come_back(*life.recalled, build.as_taken(told))
        found = read(Dossier.objects.get(case=case.id))
        assert (found["applicant"]["name"], found["answers"]["business_place"]) == ("示例王芳", XUHUI)
        assert Loss.objects.filter(kind="dossier_part", subject=str(case.id)).exists()

    def test_without_it_nothing_can_be_done_and_the_officer_is_told(self):
        ready(**ELSEWHERE)
        with a_lost_life() as life:
            case = self.lead()
            do(an_officer(), case, Act.ACCEPT)
            ask = Ask.objects.get()
            letters.answered_ask(LetterRef(ask.letter, "ask", str(ask.case_id), ""), "31", "taken", None, {})
        come_back(*life.recalled)
        assert Loss.objects.get(kind="dossier").subject == str(case.id)
        with pytest.raises(Rejected, match="contents_lost"):
            do(an_officer(), Case.objects.get(id=case.id), Act.DENY, reason="示例")

    def test_what_nobody_followed_is_gone(self):
        ready()
        with a_lost_life() as life:
            a_case()
        come_back(*life.recalled)
        assert not Case.objects.exists()

    def test_a_case_that_was_handed_on_is_asked_for_where_that_was_lost(self):
        ready()
        case, _ = opened_by_shanghai()
        with a_lost_life(lambda delivery: delivery.letter.kind == "step") as life:
            do(an_officer(), case, Act.TRANSFER, place=XUHUI, reason="不属于本机关管辖")
        come_back(*life.recalled)
        successor = from_json(Case.objects.get().state).successor
        assert Ask.objects.get().case_id == UUID(successor)

    def test_a_case_that_was_about_to_close_by_itself_closes(self):
        ready(closing="decision")
        case, _ = opened_by_shanghai()
        with a_lost_life(lambda delivery: '"act":"close"' not in str(bytes(delivery.letter.payload))) as life:
            do(an_officer(), case, Act.ACCEPT)
            do(an_officer(), case, Act.GRANT)
            assert case.status == Status.CLOSED
        come_back(*life.recalled)
        assert Case.objects.get().status == Status.CLOSED


def assist_opened(case: Case, ask: Ask) -> Heard:
    """Shanghai opens the assist case: step 1 tells the lead what it was told."""
    home = Shanghai()
    home.case_id, home.ask = ask.case_id, ask
    asked = json.loads(exchange_vault.unlock(PartRow.objects.get(letter=ask.letter).content))["content"]
    tie = {"case": str(case.id), "node": "34", "part": f"there@{XUHUI}"}
    said = {"deciding": {**asked, "number": "31-2"}}
    return home.step("open", "submitted", bodies=said, lead=tie, pattern="assist", received=asked["received"])


class TestCopies:
    """Cases of other homes, of which this node had taken steps."""

    def test_a_copy_comes_back_although_nothing_here_announces_it_any_more(self):
        with a_lost_life():
            home = Shanghai()
            steps = [home.step("open", "submitted", bodies={"receiving": {"text": "已立案"}})]
            steps.append(home.step("accept", "accepted"))
        come_back(*map(build.as_taken, steps))
        case = Case.objects.get(id=home.case_id)
        assert (case.head, case.status, case.is_home) == (2, "accepted", False)
        assert Body.objects.get(step__case=case).audience == "receiving"

    def test_the_next_step_is_taken_as_if_nothing_had_been(self):
        with a_lost_life():
            home = Shanghai()
            steps = [home.step("open", "submitted"), home.step("accept", "accepted")]
        come_back(*map(build.as_taken, steps))
        letters.hear_step(home.step("grant", "granted"))
        assert Case.objects.get(id=home.case_id).head == 3

    def test_the_last_due_dates_that_were_told_count(self):
        with a_lost_life():
            home = Shanghai()
            first = home.step("open", "submitted")
        days = [heard("due", "31", str(home.case_id), due(home, day)) for day in ("2026-12-01", "2026-12-09")]
        come_back(build.as_taken(first), *map(build.as_taken, days))
        assert Case.objects.get().notice_due == date(2026, 12, 9)

    def test_a_peer_that_was_restored_is_given_the_bodies_that_are_held_here(self):
        home = Shanghai()
        step = home.step("open", "submitted", bodies={"applicant": {"text": "已立案"}})
        letters.hear_step(step)
        assert memory.kept_bodies([step.id, uuid7()]) == {step.id: list(step.parts)}


def due(home: Shanghai, day: str) -> dict[str, object]:
    return {"case": str(home.case_id), "notice": day, "decision": None, "statutory": None, "provisional": False}


class TestNumbers:
    """办件编号 go on above the highest that anybody has seen; what lies between is named."""

    def test_they_go_on_above_the_highest_seen_with_room_for_what_nobody_saw(self):
        ready()
        last = int(opened_by_shanghai()[0].number[-7:])
        memory.count([first_of_ours(last + 2), first_of_ours(last + 5)])
        case, _ = opened_by_shanghai()
        assert int(case.number[-7:]) == last + 5 + LEFT_FREE + 1
        found = Loss.objects.filter(subject="cases_number").order_by("id").values_list("kind", "detail")
        assert list(found) == [
            ("numbers", f"{last + 1}-{last + 1}"),
            ("numbers", f"{last + 3}-{last + 4}"),
            ("numbers_free", f"{last + 6}-{last + 5 + LEFT_FREE}"),
        ]

    def test_what_a_peer_tells_late_is_missing_no_longer(self):
        memory.count([first_of_ours(1), first_of_ours(90_000)])
        exchange.note_loss("numbers", subject="cases_number", detail="10-14")
        memory.count([first_of_ours(12)])
        details = set(Loss.objects.filter(kind="numbers").values_list("detail", flat=True))
        assert {"10-11", "13-14"} < details
        assert "10-14" not in details

    def test_a_restored_node_gives_no_number(self, settings):
        ready()
        build.restore(settings)
        with pytest.raises(NotYet, match="recovering"):
            a_case(opening=an_opening())


def first_of_ours(number: int) -> Recalled:
    """Step 1 of a case of this home, as a follower remembers it."""
    letter = heard("step", "34", str(uuid7()), {"no": 1, "number": f"3420261123{number:07d}"})
    return Recalled(letter, "31", ours=True, receipt=build.as_taken(letter).receipt)
