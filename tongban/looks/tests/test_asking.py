"""Asking other nodes on demand: what they tell is kept, who is silent is named, nobody is asked too often."""

import json
import threading
from contextlib import ExitStack, contextmanager
from datetime import timedelta

import pytest
from django.utils import timezone

from tongban.base.actor import Actor, Role, system
from tongban.base.errors import Rejected
from tongban.base.uuid7 import uuid7
from tongban.cases.models import Case
from tongban.cases.tests.build import WANG
from tongban.exchange.tests.build import a_federation, another_province
from tongban.looks.actions import ask_around, forget_told, forget_unasked
from tongban.looks.models import Inquiry, Told
from tongban.looks.queries import Source, further_lines, newest_lines, other_lines, sources_of
from tongban.looks.rules import digest_of_person
from tongban.looks.tests.build import (
    a_look,
    a_told_look,
    an_answer,
    decided_in_shanghai,
    the_person,
)
from tongban.orgs.tests.build import some_organs

pytestmark = pytest.mark.django_db
NODE = system("34")


@contextmanager
def provinces(settings, folder, *codes):
    """These nodes answer; those that no code names cannot be reached."""
    with ExitStack() as stack:
        found = {code: stack.enter_context(another_province(code)) for code in codes}
        nowhere = dict.fromkeys(("31", "32"), "http://127.0.0.1:9")
        a_federation(settings, folder, endpoints=nowhere | {code: one.endpoint for code, one in found.items()})
        yield list(found.values())


def purposes(case: Case) -> list[str]:
    return [line.purpose for line in further_lines(the_person(), case, after=None, most=50)]


def the_source(case: Case) -> Source:
    (source,) = sources_of([case])[case.id]
    return source


def some_time_passes(**units: float) -> None:
    """Since everybody was asked last."""
    for row in Inquiry.objects.exclude(asked_at=None):
        row.asked_at -= timedelta(**units)
        row.answered_at = row.answered_at and row.answered_at - timedelta(**units)
        row.save()


def test_what_another_node_tells_stands_in_the_list_with_its_node(settings, tmp_path):
    some_organs()
    case = decided_in_shanghai()
    with provinces(settings, tmp_path, "31") as (shanghai,):
        shanghai.tell = lambda question: an_answer(question, a_told_look(1), a_told_look(2, purpose="核对身份"))
        ask_around(the_person(), [case])
    lines = further_lines(the_person(), case, after=None, most=50)
    assert [(line.node, line.purpose, line.officer) for line in lines] == [
        ("31", "核对身份", "3F9A2C10"),
        ("31", "审查本办件", "3F9A2C10"),
    ]
    source = the_source(case)
    assert (source.node, source.answered, source.more) == ("31", True, False)
    assert source.answered_at is not None


def test_the_question_names_the_case_and_a_digest_and_nothing_stands_in_the_address(settings, tmp_path):
    case = decided_in_shanghai()
    with provinces(settings, tmp_path, "31") as (shanghai,):
        ask_around(the_person(), [case])
    (question,) = shanghai.questions
    assert question["cases"] == [{"case": str(case.id), "after": None}]
    assert question["person"] == digest_of_person(WANG, question["salt"])
    assert WANG not in json.dumps(question)
    assert shanghai.requests == ["POST /nodes/v1/looks"]


def test_looks_here_and_elsewhere_are_one_list(settings, tmp_path):
    some_organs()
    case = decided_in_shanghai()
    a_look(case, purpose="窗口查看")
    with provinces(settings, tmp_path, "31") as (shanghai,):
        shanghai.tell = lambda question: an_answer(question, a_told_look(1, at="2020-01-01T00:00:00.000Z"))
        ask_around(the_person(), [case])
    assert purposes(case) == ["窗口查看", "审查本办件"]
    newest = newest_lines(the_person(), [case], most=1)
    assert [line.purpose for line in newest[case.id]] == ["窗口查看"]


def test_a_node_that_was_just_asked_is_not_asked_again(settings, tmp_path):
    case = decided_in_shanghai()
    with provinces(settings, tmp_path, "31") as (shanghai,):
        shanghai.tell = lambda question: an_answer(question, a_told_look(1))
        ask_around(the_person(), [case])
        ask_around(the_person(), [case])
        assert len(shanghai.questions) == 1
        some_time_passes(minutes=2)
        ask_around(the_person(), [case])
        assert len(shanghai.questions) == 2


def test_many_cases_are_asked_about_in_one_request_a_node(settings, tmp_path):
    cases = [decided_in_shanghai(followers=["32", "34"]) for _ in range(10)]
    with provinces(settings, tmp_path, "31", "32") as both:
        for one in both:
            one.tell = lambda question: an_answer(question, a_told_look(1))
        ask_around(the_person(), cases)
        assert [len(one.questions) for one in both] == [1, 1]
        assert all(len(one.questions[0]["cases"]) == 10 for one in both)
    assert Told.objects.count() == 20


def test_a_node_that_cannot_be_reached_is_named_and_completes_the_list_later(settings, tmp_path):
    case = decided_in_shanghai()
    with provinces(settings, tmp_path):
        ask_around(the_person(), [case])
    assert the_source(case) == Source("31", None, answered=False, more=False)
    assert Inquiry.objects.get().trouble == "unreachable"
    some_time_passes(seconds=20)
    with provinces(settings, tmp_path, "31") as (shanghai,):
        shanghai.tell = lambda question: an_answer(question, a_told_look(1))
        ask_around(the_person(), [case])
    assert the_source(case).answered
    assert purposes(case) == ["审查本办件"]


def test_what_was_told_before_stays_while_a_node_is_away_with_the_time_of_its_last_answer(settings, tmp_path):
    case = decided_in_shanghai()
    with provinces(settings, tmp_path, "31") as (shanghai,):
        shanghai.tell = lambda question: an_answer(question, a_told_look(1))
        ask_around(the_person(), [case])
    some_time_passes(days=3)
    last = the_source(case).answered_at
    with provinces(settings, tmp_path):
        ask_around(the_person(), [case])
    assert the_source(case) == Source("31", last, answered=False, more=False)
    assert purposes(case) == ["审查本办件"]


def test_one_node_that_says_nothing_does_not_keep_the_others_answers_back(settings, tmp_path):
    case = decided_in_shanghai(followers=["32", "34"])
    with provinces(settings, tmp_path, "31", "32") as (shanghai, jiangsu):
        shanghai.tell = jiangsu.tell = lambda question: an_answer(question, a_told_look(1))
        jiangsu.holds = threading.Event()
        ask_around(the_person(), [case])
    assert [(one.node, one.answered) for one in sources_of([case])[case.id]] == [("31", True), ("32", False)]


def test_a_node_that_refuses_one_case_is_named_for_that_one(settings, tmp_path):
    one, other = decided_in_shanghai(), decided_in_shanghai()
    with provinces(settings, tmp_path, "31") as (shanghai,):
        shanghai.tell = lambda question: {
            "cases": [
                {"case": str(one.id), "looks": [], "after": None, "more": False},
                {"case": str(other.id), "refused": "may_not_ask"},
            ]
        }
        ask_around(the_person(), [one, other])
    assert (the_source(one).answered, the_source(other).answered) == (True, False)


@pytest.mark.parametrize(
    "answer",
    [{}, {"cases": "x"}, {"cases": [{"case": "x"}]}, {"cases": [], "more": "y" * 500_000}],
    ids=["empty", "another form", "no case", "too large"],
)
def test_an_answer_that_cannot_be_read_is_none(settings, tmp_path, answer):
    case = decided_in_shanghai()
    with provinces(settings, tmp_path, "31") as (shanghai,):
        shanghai.tell = lambda question: answer
        ask_around(the_person(), [case])
    assert not the_source(case).answered
    assert not Told.objects.exists()


def test_the_same_look_told_twice_stands_once_and_the_next_question_goes_on(settings, tmp_path):
    case = decided_in_shanghai()
    with provinces(settings, tmp_path, "31") as (shanghai,):
        shanghai.tell = lambda question: an_answer(question, a_told_look(1), after="1")
        ask_around(the_person(), [case])
        some_time_passes(minutes=2)
        ask_around(the_person(), [case])
        assert [question["cases"][0]["after"] for question in shanghai.questions] == [None, "1"]
    assert Told.objects.count() == 1


def test_a_node_that_has_more_to_tell_is_asked_on_soon(settings, tmp_path):
    case = decided_in_shanghai()
    with provinces(settings, tmp_path, "31") as (shanghai,):
        shanghai.tell = lambda question: an_answer(question, a_told_look(1), after="1", more=True)
        ask_around(the_person(), [case])
        assert the_source(case).more
        some_time_passes(seconds=20)
        shanghai.tell = lambda question: an_answer(question, a_told_look(2), after="2")
        ask_around(the_person(), [case])
    assert not the_source(case).more
    assert len(purposes(case)) == 2


def test_a_number_that_another_node_lets_through_is_blacked_out(settings, tmp_path):
    case = decided_in_shanghai()
    with provinces(settings, tmp_path, "31") as (shanghai,):
        shanghai.tell = lambda question: an_answer(question, a_told_look(1, purpose="联系13812345678"))
        ask_around(the_person(), [case])
    assert purposes(case) == ["联系***"]


def test_a_list_goes_on_where_its_page_ended(settings, tmp_path):
    some_organs()
    case = decided_in_shanghai()
    at = "2026-11-23T02:00:00.000Z"
    with provinces(settings, tmp_path, "31") as (shanghai,):
        shanghai.tell = lambda question: an_answer(question, *(a_told_look(n, at=at) for n in range(5)))
        ask_around(the_person(), [case])
    for _ in range(5):
        a_look(case, at=Told.objects.first().at)
    seen, after = [], None
    while lines := further_lines(the_person(), case, after=after, most=3):
        seen += [line.position for line in lines]
        after = lines[-1].position
    whole = further_lines(the_person(), case, after=None, most=50)
    assert seen == [line.position for line in whole]
    assert len(set(seen)) == len(seen) == 15


def test_looks_that_belong_to_no_case_stand_apart():
    some_organs()
    case = decided_in_shanghai()
    a_look(case, purpose="办件内")
    a_look(Case(id=uuid7(), applicant=case.applicant), purpose="登记以前")
    assert [line.purpose for line in other_lines(the_person(), most=10)] == ["登记以前"]


def test_who_is_no_person_asks_nothing():
    with pytest.raises(Rejected, match="not_found"):
        ask_around(Actor(role=Role.OFFICER, node="34", person=uuid7()), [])


class TestKeeping:
    def kept(self, settings, folder) -> Case:
        case = decided_in_shanghai()
        with provinces(settings, folder, "31") as (shanghai,):
            shanghai.tell = lambda question: an_answer(question, a_told_look(1))
            ask_around(the_person(), [case])
        return case

    def test_what_nobody_asked_about_for_long_goes_and_can_be_asked_for_again(self, settings, tmp_path):
        case = self.kept(settings, tmp_path)
        assert forget_unasked(NODE, before=timezone.now() - timedelta(days=1), most=10) == []
        assert forget_unasked(NODE, before=timezone.now() + timedelta(days=1), most=10) == [f"inquiry {case.id} 31"]
        assert not Told.objects.exists()
        with provinces(settings, tmp_path, "31") as (shanghai,):
            shanghai.tell = lambda question: an_answer(question, a_told_look(1))
            ask_around(the_person(), [case])
        assert purposes(case) == ["审查本办件"]

    def test_a_look_goes_with_its_own_age(self, settings, tmp_path):
        case = self.kept(settings, tmp_path)
        at = Told.objects.get().at
        assert forget_told(NODE, before=at, most=10) == []
        assert forget_told(NODE, before=at + timedelta(days=1), most=10) == [f"look {case.id} 31 1"]
        assert the_source(case).answered

    def test_only_the_node_itself_forgets(self):
        for forget in (forget_unasked, forget_told):
            with pytest.raises(Rejected, match="not_allowed"):
                forget(the_person(), before=timezone.now(), most=10)
