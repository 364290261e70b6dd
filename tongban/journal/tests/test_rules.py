import pytest
from hypothesis import given
from hypothesis import strategies as some

from tongban.journal.rules import LONGEST_FACT, MOST_FACTS, clean_facts, is_event, without_numbers


@pytest.mark.parametrize(
    ("text", "clean"),
    [
        ("身份证11010519491231002X已登记", "身份证***已登记"),
        ("电话13812345678。", "电话***。"),
        ("11010519491231002x 13812345678", "*** ***"),
        ("2026年11月23日收到15件", "2026年11月23日收到15件"),
        ("a" * 5 + "11010519491231002" + "b" * 5, "a" * 5 + "11010519491231002" + "b" * 5),
        ("6f2c1381234567812e", "6f2c1381234567812e"),
    ],
)
def test_identity_and_telephone_numbers_are_blacked_out(text, clean):
    assert without_numbers(text) == clean


@given(some.dictionaries(some.text(max_size=150), some.text(max_size=500), max_size=40))
def test_facts_are_few_and_short(facts):
    found = clean_facts(facts)
    assert len(found) <= MOST_FACTS
    assert all(len(value) <= LONGEST_FACT for value in found.values())


@pytest.mark.parametrize(("name", "good"), [("letter_refused", True), ("Look", False), ("", False), ("a b", False)])
def test_an_event_has_a_plain_name(name, good):
    assert is_event(name) is good
