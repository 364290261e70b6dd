"""The question and the answer between nodes, and when a node is asked again."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from tongban.base.canonical import canonical_json
from tongban.base.errors import Rejected
from tongban.looks import rules
from tongban.looks.rules import Look, OfCase, Position, Question
from tongban.looks.tests.build import SALT, a_told_look

CASE = UUID("0198c0de-0000-7000-8000-00000000ca5e")
OTHER = UUID("0198c0de-0000-7000-8000-00000000ca5f")
QUESTION = Question(rules.digest_of_person("999934199001010011", SALT), SALT, {CASE: "", OTHER: "12"})
NOW = datetime(2026, 11, 23, 10, tzinfo=UTC)


def test_a_question_arrives_as_it_was_asked():
    assert rules.read_question(canonical_json(rules.question_as_json(QUESTION))) == QUESTION


def test_the_digest_of_a_person_says_nothing_without_the_number_and_changes_with_the_salt():
    assert QUESTION.person != rules.digest_of_person("999934199001010011", "1" * 32)
    assert "999934199001010011" not in canonical_json(rules.question_as_json(QUESTION)).decode()


@pytest.mark.parametrize(
    "changes",
    [
        {"person": "x"},
        {"person": None},
        {"salt": "0F" * 16},
        {"cases": []},
        {"cases": {}},
        {"cases": [{"case": str(CASE)}] * 21},
        {"cases": [{"case": "1"}]},
        {"cases": ["x"]},
        {"cases": [{"case": str(CASE), "after": "x" * 41}]},
        {"cases": [{"case": str(CASE), "after": 5}]},
    ],
)
def test_a_question_in_another_form_is_malformed(changes):
    with pytest.raises(Rejected, match="malformed"):
        rules.read_question(canonical_json(rules.question_as_json(QUESTION) | changes))


@pytest.mark.parametrize("content", [b"", b"[]", b"null", b'"x"', b"\xff", b"{" * 50])
def test_what_is_no_question_is_malformed(content):
    with pytest.raises(Rejected, match="malformed"):
        rules.read_question(content)


def test_an_answer_arrives_as_it_was_told():
    look = Look("7", NOW, "officer", "示例机关", "3F9A2C10", "dossier", "审查")
    answers = [OfCase(CASE, (look,), after="7", more=True), OfCase(OTHER, refused="may_not_ask")]
    assert rules.read_answer(rules.answer_as_json(answers, at=NOW), QUESTION) == answers


def test_a_case_that_the_answer_leaves_out_counts_as_refused():
    told = rules.read_answer({"cases": []}, QUESTION)
    assert [(one.case, one.refused) for one in told] == [(CASE, "may_not_ask"), (OTHER, "may_not_ask")]


def test_what_was_not_asked_about_is_not_listened_to():
    told = {"cases": [{"case": str(UUID(int=1)), "looks": [a_told_look(1)], "after": None, "more": False}]}
    assert all(one.refused and not one.looks for one in rules.read_answer(told, QUESTION))


@pytest.mark.parametrize(
    "look",
    [
        a_told_look(1, purpose="x" * 101),
        a_told_look(1, organ=None),
        a_told_look(1, at="2026-11-23"),
        a_told_look(1, id=""),
        a_told_look(1, officer="x" * 17),
        {"id": "1"},
        "x",
    ],
)
def test_a_look_in_another_form_is_malformed(look):
    with pytest.raises(Rejected, match="malformed"):
        rules.read_answer({"cases": [{"case": str(CASE), "looks": [look]}]}, QUESTION)


@pytest.mark.parametrize(
    "value", [{}, {"cases": "x"}, {"cases": [{}]}, {"cases": [{"case": str(CASE), "looks": [a_told_look(1)] * 201}]}]
)
def test_an_answer_in_another_form_or_size_is_malformed(value):
    with pytest.raises(Rejected, match="malformed"):
        rules.read_answer(value, QUESTION)


@pytest.mark.parametrize(
    ("asked", "answered", "more", "due"),
    [
        (None, None, False, True),
        (30, 29, False, False),
        (90, 89, False, True),
        (5, None, False, False),
        (30, None, False, True),
        (30, 600, False, True),
        (30, 29, True, True),
        (5, 4, True, False),
    ],
    ids=[
        "never asked",
        "fresh",
        "not fresh any more",
        "just asked",
        "never answered",
        "owes this answer",
        "has more to tell",
        "has more, but was just asked",
    ],
)
def test_a_node_is_asked_again_when_it_owes_an_answer_or_the_last_one_is_not_fresh(asked, answered, more, due):
    def ago(seconds):
        return None if seconds is None else NOW - timedelta(seconds=seconds)

    assert rules.is_due(asked_at=ago(asked), answered_at=ago(answered), more=more, now=NOW) is due


def test_a_position_is_read_as_it_was_written():
    position = Position(NOW, 1, 5)
    assert rules.read_position(str(position)) == position
    assert rules.read_position("") is None


@pytest.mark.parametrize("text", ["x", "a|b|c", "2026-11-23|1|5", "2026-11-23T10:00:00+00:00|1|-5", f"{NOW}|1|5|6"])
def test_what_no_list_gave_out_is_no_position(text):
    with pytest.raises(ValueError, match=r"."):
        rules.read_position(text)
