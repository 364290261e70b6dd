import pytest
from hypothesis import given
from hypothesis import strategies as some

from tongban.base import words
from tongban.base.errors import Rejected
from tongban.people.rules import IdType, Kind, check_identity, same_name, tidy_name
from tongban.people.tests.build import COMPANY, PHONE, WANG


def checked(**changes):
    facts = {"kind": "natural", "name": "示例王芳", "id_type": "identity_card", "id_number": WANG, "phone": PHONE}
    return check_identity(**{**facts, "demo": True, **changes})


def faults(**changes) -> dict[str, str]:
    with pytest.raises(Rejected, match="invalid") as refused:
        checked(**changes)
    return refused.value.fields


@pytest.mark.parametrize(
    ("changes", "fields"),
    [
        ({"name": " "}, {"name": "name_missing"}),
        ({"name": "王" * 201}, {"name": "name_missing"}),
        ({"name": "王\u0000芳"}, {"name": "name_missing"}),
        ({"kind": "robot"}, {"kind": "kind_unknown"}),
        ({"id_type": "library_card"}, {"id_type": "id_type_unknown"}),
        ({"id_type": "credit_code", "id_number": COMPANY}, {"id_type": "id_type_not_for_kind"}),
        ({"kind": "enterprise"}, {"id_type": "id_type_not_for_kind"}),
        ({"id_number": "123"}, {"id_number": "identity_number_length"}),
        ({"id_type": "passport", "id_number": "！"}, {"id_number": "id_number_wrong"}),
        ({"phone": "123"}, {"phone": "phone_wrong"}),
        ({"demo": False}, {"id_number": "identity_number_demo", "phone": "phone_demo"}),
        ({"name": "", "id_number": "1", "phone": "1"}, {"name", "id_number", "phone"}),
    ],
)
def test_every_fault_is_reported_at_its_field(changes, fields):
    found = faults(**changes)
    assert found == fields if isinstance(fields, dict) else set(found) == fields


def test_every_reason_has_a_sentence():
    reasons = ["name_missing", "kind_unknown", "id_type_unknown", "id_type_not_for_kind", "id_number_wrong"]
    assert all(words.has(f"reason.{reason}") for reason in [*reasons, "person_name_differs", "username_taken"])


def test_every_kind_and_every_card_has_a_word():
    assert all(words.has(f"kind.{kind}") for kind in Kind)
    assert all(words.has(f"id_type.{id_type}") for id_type in IdType)


def test_a_telephone_may_be_missing():
    assert checked(phone=None).phone == ""


def test_one_person_is_found_by_whichever_card_carries_the_number():
    assert checked().looked_up_by == checked(id_type="temporary_identity_card").looked_up_by
    assert checked().looked_up_by != checked(id_type="passport", id_number="E1234567").looked_up_by


@pytest.mark.parametrize(
    ("first", "second"),
    [("王 芳", "王芳"), ("阿依·古丽", "阿依•古丽"), ("阿依.古丽", "阿依·古丽"), ("John Smith", "JOHN SMITH")],
)
def test_two_spellings_of_one_name_are_the_same(first, second):
    assert same_name(first, second)


def test_another_name_is_another_name():
    assert not same_name("王芳", "王方")


@given(some.text(max_size=40))
def test_a_tidied_name_stays_as_it_is(text):
    once = tidy_name(text)
    assert tidy_name(once) == once
