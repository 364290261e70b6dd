"""What this node tells another of looks, and whom it tells nothing."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.utils import timezone

from tongban.base.actor import Actor, Role, Via
from tongban.base.uuid7 import uuid7
from tongban.cases import letters
from tongban.cases.actions import open_case
from tongban.cases.models import Ask, Case, Party
from tongban.cases.rules.opening import Lead
from tongban.cases.rules.table import Act
from tongban.cases.tests.build import XUHUI, a_case, an_officer, an_opening, do, publish, received_by, stage
from tongban.cases.tests.test_letters import Shanghai
from tongban.journal.models import Entry
from tongban.looks.queries import told_to
from tongban.looks.rules import MOST_LOOKS, OfCase
from tongban.looks.tests.build import (
    a_look,
    a_question,
    decided_in_shanghai,
    received_in_shanghai,
    values_of,
)
from tongban.orgs.tests.build import some_organs
from tongban.people.tests.build import LI, a_person

pytestmark = pytest.mark.django_db


def told(peer: str, *cases, **more) -> list[OfCase]:
    return told_to(peer, a_question(*(case.id for case in cases), **more))


def is_refused(peer: str, *cases, **more) -> bool:
    (answer,) = told(peer, *cases, **more)
    assert not (answer.refused and answer.looks)
    return answer.refused == "may_not_ask"


def test_a_follower_is_told_who_looked_when_and_for_what():
    case = received_in_shanghai()
    entry = a_look(case)
    (answer,) = told("31", case)
    (look,) = answer.looks
    assert (look.id, look.at, look.role) == (str(entry.pk), entry.at, "officer")
    assert (look.what, look.purpose) == ("dossier", "审查本办件")
    assert look.organ != entry.organ
    assert look.organ


def test_an_officer_is_a_mark_and_not_a_name():
    case = received_in_shanghai()
    entry = a_look(case)
    look = told("31", case)[0].looks[0]
    assert look.officer == entry.actor[:8].upper()
    assert entry.actor not in str(look)


def test_a_case_that_nobody_looked_at_has_an_empty_answer():
    (answer,) = told("31", received_in_shanghai())
    assert (answer.refused, answer.looks, answer.more) == ("", (), False)


def test_a_node_that_does_not_follow_the_case_is_told_nothing():
    case = received_in_shanghai()
    a_look(case)
    assert is_refused("32", case)


def test_a_node_that_was_removed_is_told_no_more():
    case = a_case(opening=an_opening(answers={"business_place": XUHUI}), informs=["business_place"])
    assert not is_refused("31", case)
    do(an_officer(), case, Act.DECLINE, reason="不符合条件")
    assert is_refused("31", case)


def test_nobody_is_told_for_somebody_else():
    case = received_in_shanghai()
    a_look(case)
    assert is_refused("31", case, number=LI)


def test_a_case_that_is_not_here_is_answered_as_one_that_is_none_of_his():
    (answer,) = told_to("31", a_question(uuid7()))
    assert answer.refused == "may_not_ask"


def test_one_who_applies_together_with_the_applicant_is_told():
    case = received_in_shanghai()
    entry = a_look(case)
    other = a_person(id_number=LI, name="示例李强")
    Party.objects.create(case=case, person=other.id, no=2, received_at=case.received_at)
    assert [look.id for look in told("31", case, number=LI)[0].looks] == [str(entry.pk)]


def test_the_counter_that_received_tells_the_home():
    some_organs()
    publish(province="31")
    case = decided_in_shanghai()
    a_look(case, purpose="继续办理窗口收件")
    assert [look.purpose for look in told("31", case)[0].looks] == ["继续办理窗口收件"]
    assert is_refused("32", case)


def test_a_follower_tells_other_followers_of_what_its_copy_names():
    some_organs()
    case = decided_in_shanghai(followers=["32", "34"])
    a_look(case)
    assert not is_refused("32", case)
    home = Shanghai()
    home.case_id, home.no, home.prev = case.id, case.head, case.head_digest
    letters.hear_step(home.step("accept", "accepted", followers=["32", "34"], removed=["32"]))
    assert is_refused("32", case)


class TestAssistCase:
    def assist(self) -> tuple[Case, Shanghai]:
        """The home of the lead is 31; this node does its part and follows the lead."""
        a_case(stages=[stage("there", kind="assist", place="field:business_place")])
        lead = Shanghai()
        Ask.objects.all().delete()
        ties = Lead(lead.case_id, "31", f"there@{an_opening().place}")
        opening = replace(an_opening(case_id=uuid7(), lead=ties), receiving=received_by("31", channel="organ"))
        open_case(Actor(role=Role.ORGAN, node="31", via=Via.LETTER), opening)
        return Case.objects.get(id=opening.case_id), lead

    def test_looks_at_it_are_told_under_the_lead_to_whoever_follows_that(self):
        assist, lead = self.assist()
        received = {**lead.beginning()["received"], "node": "32", "place": "320100000000"}
        letters.hear_step(lead.step("open", "submitted", followers=["32", "34"], received=received, answers=None))
        entry = a_look(assist)
        for peer in ("31", "32"):
            (answer,) = told_to(peer, a_question(lead.case_id))
            assert [look.id for look in answer.looks] == [str(entry.pk)]
        assert told_to("33", a_question(lead.case_id))[0].refused

    def test_the_home_of_the_lead_is_told_even_before_the_lead_is_known_here(self):
        assist, lead = self.assist()
        a_look(assist)
        assert len(told_to("31", a_question(lead.case_id))[0].looks) == 1
        assert told_to("31", a_question(lead.case_id, number=LI))[0].refused


class TestInformedPlace:
    """It knows nobody of the case: the nodes at which the person has his page are believed."""

    def copy(self) -> Case:
        some_organs()
        home = Shanghai()
        Ask.objects.all().delete()
        received = {**home.beginning()["received"], "node": "32", "place": "320100000000"}
        step = home.step("open", "submitted", informed=["34"], followers=["32", "33", "34"], received=received)
        letters.hear_step(step)
        return Case.objects.get(id=home.case_id)

    def test_the_home_and_the_node_that_received_are_told(self):
        case = self.copy()
        a_look(case)
        assert [len(told(peer, case)[0].looks) for peer in ("31", "32")] == [1, 1]

    def test_another_follower_is_not(self):
        assert is_refused("33", self.copy())


class TestPages:
    def test_no_more_than_a_page_is_told_at_once_and_the_rest_afterwards(self):
        case = received_in_shanghai()
        row = values_of(a_look(case, at=timezone.now() - timedelta(hours=1)))
        Entry.objects.bulk_create(Entry(**row) for _ in range(MOST_LOOKS))
        (first,) = told("31", case)
        (second,) = told("31", case, after=first.after)
        assert (len(first.looks), first.more, second.more) == (MOST_LOOKS, True, False)
        ids = [look.id for look in (*first.looks, *second.looks)]
        assert sorted(map(int, ids)) == list(Entry.objects.order_by("id").values_list("id", flat=True))

    def test_what_was_told_is_not_told_again_once_it_is_old_enough(self):
        case = received_in_shanghai()
        old = a_look(case, at=timezone.now() - timedelta(hours=1))
        (answer,) = told("31", case)
        again = [look.id for look in told("31", case, after=answer.after)[0].looks]
        assert str(old.pk) not in again

    def test_what_is_young_is_told_again_since_a_row_before_it_may_still_appear(self):
        case = received_in_shanghai()
        young = a_look(case)
        (answer,) = told("31", case)
        assert answer.after == ""
        assert [look.id for look in told("31", case, after=answer.after)[0].looks] == [str(young.pk)]

    def test_what_is_no_place_of_ours_to_go_on_from_means_the_beginning(self):
        case = received_in_shanghai()
        a_look(case)
        for after in ("x", "-1", str(2**63), "１"):
            assert len(told("31", case, after=after)[0].looks) == 1

    def test_many_cases_take_as_many_questions_to_the_database_as_one(self, django_assert_max_num_queries):
        cases = [received_in_shanghai() for _ in range(10)]
        for case in cases:
            a_look(case)
        with django_assert_max_num_queries(8):
            told("31", cases[0])
        with django_assert_max_num_queries(8):
            answers = told("31", *cases)
        assert [len(answer.looks) for answer in answers] == [1] * 10
