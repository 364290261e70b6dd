"""The protocol's examples of who looked, judged by our own rules."""

from typing import Any

import pytest

from tongban.base.canonical import canonical_json
from tongban.base.errors import Rejected
from tongban.exchange.tests.test_protocol import EXAMPLES, OF_LOOKS
from tongban.looks.rules import MAY_NOT_ASK, digest_of_person, read_answer, read_question


def judge(example: dict[str, Any]) -> str | None:
    question = read_question(canonical_json(example["question"]))
    person = digest_of_person(example["applies"], question.salt)
    if example["peer"] not in example["follow"] or person != question.person:
        return MAY_NOT_ASK
    try:
        told = read_answer(example["answer"], question)
    except Rejected as refusal:
        return refusal.reason
    return next((one.refused for one in told if one.refused), None)


@pytest.mark.parametrize("name", sorted(OF_LOOKS))
def test_our_rules_judge_the_example_as_it_says(name):
    assert judge(EXAMPLES[name]) == EXAMPLES[name]["reason"]


def test_an_answer_that_refuses_is_read_as_a_refusal():
    example = EXAMPLES["looks-x-stranger"]
    (told,) = read_answer(example["answer"], read_question(canonical_json(example["question"])))
    assert (told.refused, told.looks) == (MAY_NOT_ASK, ())
