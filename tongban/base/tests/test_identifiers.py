import contextlib
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as some

from tongban.base.errors import Rejected
from tongban.base.identifiers import (
    PROVINCES,
    Sex,
    check_credit_code,
    check_identity_number,
    check_phone,
    demo_credit_code,
    demo_identity_number,
    demo_phone,
    demo_uuid,
    mask_name,
    mask_number,
    mask_phone,
)

STANDARD_EXAMPLE = "11010519491231002X"
BIRTHS = some.dates(min_value=date(1900, 1, 1), max_value=date(2026, 11, 23))
NODES = some.sampled_from(sorted(PROVINCES))


def with_check_digit(first_seventeen: str) -> str:
    """The check digit by the formula of GB 11643, written out."""
    total = sum(int(digit) * (2 ** (17 - place)) for place, digit in enumerate(first_seventeen))
    return first_seventeen + "10X98765432"[total % 11]


def test_the_standards_own_example_is_read():
    number = check_identity_number(STANDARD_EXAMPLE, demo=False)
    assert (number.division6, number.birth_date, number.sex) == ("110105", date(1949, 12, 31), Sex.FEMALE)
    assert not number.is_demo


@pytest.mark.parametrize(
    "text", ["11010519491231002x", " 110105 19491231 002X ", "１１０１０５１９４９１２３１００２Ｘ"]
)
def test_what_people_type_is_made_uniform(text):
    assert check_identity_number(text, demo=False).text == STANDARD_EXAMPLE


@pytest.mark.parametrize("division", ["330113", "330114", "659013", "340221", "342622", "330103", "652901"])
def test_a_number_of_a_new_or_abolished_county_is_taken(division):
    number = with_check_digit(f"{division}19900101123")
    assert check_identity_number(number, demo=False).division6 == division


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "identity_number_length"),
        ("1101051949123100", "identity_number_length"),
        ("110105491231002", "identity_number_old"),
        ("11010519491231002A", "identity_number_characters"),
        ("110105194912310021", "identity_number_check_digit"),
        (with_check_digit("11010519490230002"), "identity_number_birth_date"),
        (with_check_digit("11010517491231002"), "identity_number_birth_date"),
        (with_check_digit("11010500000000002"), "identity_number_birth_date"),
        (with_check_digit("99010519491231002"), "identity_number_division"),
        (with_check_digit("99993419900101123"), "identity_number_demo"),
    ],
)
def test_a_wrong_number_is_refused_with_the_reason(text, reason):
    with pytest.raises(Rejected) as refused:
        check_identity_number(text, demo=False)
    assert refused.value.reason == reason


def test_a_birth_in_the_future_is_refused_when_the_day_is_known():
    number = with_check_digit("11010520261124002")
    assert check_identity_number(number, demo=False, on=date(2026, 11, 24))
    with pytest.raises(Rejected, match="identity_number_birth_date"):
        check_identity_number(number, demo=False, on=date(2026, 11, 23))


@given(node=NODES, born=BIRTHS, running=some.integers(min_value=0, max_value=999))
def test_an_invented_number_is_right_in_a_demo_and_refused_elsewhere(node, born, running):
    text = demo_identity_number(node=node, birth_date=born, running=running)
    assert text == with_check_digit(text[:17])
    number = check_identity_number(text, demo=True)
    assert number.is_demo
    assert number.birth_date == born
    assert (number.sex is Sex.MALE) == bool(running % 2)
    with pytest.raises(Rejected, match="identity_number_demo"):
        check_identity_number(text, demo=False)


@given(born=BIRTHS, place=some.integers(min_value=0, max_value=16), step=some.integers(min_value=1, max_value=9))
def test_one_digit_typed_wrong_is_always_noticed(born, place, step):
    right = with_check_digit(f"340123{born:%Y%m%d}123")
    wrong = right[:place] + str((int(right[place]) + step) % 10) + right[place + 1 :]
    with pytest.raises(Rejected):
        check_identity_number(wrong, demo=False)


@pytest.mark.parametrize(
    "code", ["91110000600037341L", "12441500196720244T", "11370800MB28559184", "11440232MB2D06811W"]
)
def test_credit_codes_in_use_are_read(code):
    assert check_credit_code(code.lower(), demo=False).text == code


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "credit_code_length"),
        ("91110000600037341O", "credit_code_characters"),
        ("91110000600037341M", "credit_code_check_digit"),
        ("X1110000600037341L", "credit_code_characters"),
        (demo_credit_code(node="34", kind="91", running=7), "credit_code_demo"),
    ],
)
def test_a_wrong_credit_code_is_refused_with_the_reason(text, reason):
    with pytest.raises(Rejected) as refused:
        check_credit_code(text, demo=False)
    assert refused.value.reason == reason


def test_the_credit_code_of_a_village_collective_begins_with_a_letter():
    body = "N2340123MF0123456"
    alphabet = "0123456789ABCDEFGHJKLMNPQRTUWXY"
    total = sum(alphabet.index(character) * pow(3, place, 31) for place, character in enumerate(body))
    assert check_credit_code(body + alphabet[(31 - total) % 31], demo=False).division6 == "340123"


@given(node=NODES, kind=some.sampled_from(["11", "12", "13", "91"]), running=some.integers(0, 99_999_999))
def test_an_invented_credit_code_is_right_in_a_demo(node, kind, running):
    assert check_credit_code(demo_credit_code(node=node, kind=kind, running=running), demo=True).is_demo


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("13812345678", "13812345678"),
        ("+86 138 1234 5678", "13812345678"),
        ("138-1234-5678", "13812345678"),
        ("0551-62345678", "055162345678"),
        ("010 62345678", "01062345678"),
        ("１３８１２３４５６７８", "13812345678"),
    ],
)
def test_telephone_numbers_are_read(text, number):
    assert check_phone(text, demo=False) == number


@pytest.mark.parametrize("text", ["", "12812345678", "1381234567", "138123456789", "0551", "call me"])
def test_what_is_no_telephone_number_is_refused(text):
    with pytest.raises(Rejected, match="phone_wrong"):
        check_phone(text, demo=True)


def test_an_invented_telephone_is_taken_in_a_demo_only():
    number = demo_phone(node="34", running=1)
    assert check_phone(number, demo=True) == number
    with pytest.raises(Rejected, match="phone_demo"):
        check_phone(number, demo=False)


def test_masks_hide_the_birth_date_and_the_middle_of_the_telephone():
    assert mask_number(STANDARD_EXAMPLE) == "1101**********002X"
    assert mask_number("E12345678") == "E*******8"
    assert mask_number("A1") == "**"
    assert mask_phone("13812345678") == "138****5678"
    assert mask_phone("120") == "***"
    assert [mask_name(name) for name in ("", "王", "王芳", "欧阳小明")] == ["", "*", "王*", "欧**明"]


@given(some.text(max_size=30))
def test_a_mask_never_changes_the_length_and_hides_something(text):
    masked = mask_number(text)
    assert len(masked) == len(text)
    assert not text or "*" in masked


@given(some.text(max_size=40))
def test_any_text_is_read_or_refused_and_nothing_else(text):
    for check in (check_identity_number, check_credit_code, check_phone):
        with contextlib.suppress(Rejected):
            assert check(text, demo=True)


def test_a_demo_thing_keeps_its_id():
    assert demo_uuid("account", "clerk-34") == demo_uuid("account", "clerk-34")
    assert demo_uuid("account", "clerk-34") != demo_uuid("account", "clerk-31")
