"""Numbers by which people, bodies and telephones are known.

The check digits and the calendar date come from python-stdnum. Its tables of places are not used: they raise on new
counties and disagree about abolished ones, so that of a place only the province is checked.
"""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from uuid import UUID, uuid5

from stdnum.cn import ric, uscc
from stdnum.exceptions import ValidationError

from tongban.base.errors import Rejected

DEMO_PREFIX = "9999"
"""Begins the division part of every invented number: no division was ever given it."""

DEMO_PHONE_PREFIX = "100"
"""No subscriber's number begins so."""

PROVINCES = frozenset(
    str(code)
    for codes in (
        range(11, 16),
        range(21, 24),
        range(31, 38),
        range(41, 47),
        range(50, 55),
        range(61, 66),
        [71, 81, 82, 83],
    )
    for code in codes
)
"""GB/T 2260 provinces, and 81, 82, 83 as the residence permits of people from Hong Kong, Macao and Taiwan begin."""

_EARLIEST_BIRTH = date(1880, 1, 1)
_CREDIT_CODE = re.compile(r"[1-9ANY][1-9][0-9]{6}[0-9A-HJ-NP-RTUWXY]{10}")
_MOBILE = re.compile(r"1[3-9][0-9]{9}")
_LANDLINE = re.compile(r"0[1-9][0-9]{1,2}-?[2-9][0-9]{6,7}")
_DEMO_PHONE = re.compile(DEMO_PHONE_PREFIX + "[0-9]{8}")
_DEMO_NAMESPACE = UUID("6f9c2a52-7c1f-5b0e-9a37-3d3a0f1c9e44")


class Sex(StrEnum):
    FEMALE = "female"
    MALE = "male"


@dataclass(frozen=True, slots=True)
class IdentityNumber:
    """公民身份号码 (GB 11643): division6 is the county at the time of the first registration, which may be gone."""

    text: str
    division6: str
    birth_date: date
    sex: Sex
    is_demo: bool


@dataclass(frozen=True, slots=True)
class CreditCode:
    """统一社会信用代码 (GB 32100): division6 is the place of the registering office, which may be gone."""

    text: str
    division6: str
    is_demo: bool


def tidy(text: str) -> str:
    """What people type, made uniform: full-width characters narrow, no spaces, hyphens or dots, capital letters."""
    return re.sub(r"[\s\-·.]", "", unicodedata.normalize("NFKC", text)).upper()


def check_identity_number(text: str, *, demo: bool, on: date | None = None) -> IdentityNumber:
    """Read an identity number of 18 places.

    demo: whether invented numbers are accepted. on: refuse a birth after this day.
    Raises Rejected with identity_number_length, _characters, _check_digit, _birth_date, _division or _demo.
    """
    number = tidy(text)
    if len(number) != 18:
        raise Rejected("identity_number_old" if re.fullmatch("[0-9]{15}", number) else "identity_number_length")
    if not re.fullmatch("[0-9]{17}[0-9X]", number):
        raise Rejected("identity_number_characters")
    if ric.calc_check_digit(number) != number[-1]:
        raise Rejected("identity_number_check_digit")
    is_demo = number.startswith(DEMO_PREFIX)
    if not is_demo and number[:2] not in PROVINCES:
        raise Rejected("identity_number_division")
    if is_demo and not demo:
        raise Rejected("identity_number_demo")
    sex = Sex.MALE if int(number[16]) % 2 else Sex.FEMALE
    return IdentityNumber(number, number[:6], _birth_date(number, on), sex, is_demo)


def check_credit_code(text: str, *, demo: bool) -> CreditCode:
    """Read a unified social credit code of 18 places.

    A first place of letters (N for village collectives, A, Y) is taken; python-stdnum's validation refuses it.
    Raises Rejected with credit_code_length, _characters, _check_digit, _division or _demo.
    """
    code = tidy(text)
    if len(code) != 18:
        raise Rejected("credit_code_length")
    if not _CREDIT_CODE.fullmatch(code):
        raise Rejected("credit_code_characters")
    if uscc.calc_check_digit(code[:17]) != code[-1]:
        raise Rejected("credit_code_check_digit")
    division6 = code[2:8]
    is_demo = division6.startswith(DEMO_PREFIX)
    if is_demo and not demo:
        raise Rejected("credit_code_demo")
    if not is_demo and division6[:2] not in PROVINCES and division6 != "100000":
        raise Rejected("credit_code_division")
    return CreditCode(code, division6, is_demo)


def check_phone(text: str, *, demo: bool) -> str:
    """A mobile or landline number as digits, without +86. Raises Rejected("phone_wrong") or ("phone_demo")."""
    number = unicodedata.normalize("NFKC", text).replace(" ", "").removeprefix("+86")
    if _LANDLINE.fullmatch(number):
        return number.replace("-", "")
    number = number.replace("-", "")
    if _DEMO_PHONE.fullmatch(number):
        if not demo:
            raise Rejected("phone_demo")
        return number
    if not _MOBILE.fullmatch(number):
        raise Rejected("phone_wrong")
    return number


def mask_number(number: str) -> str:
    """The first and last four places of an identity or document number; short ones keep one at either end."""
    kept = 4 if len(number) >= 15 else 1
    if len(number) <= 2 * kept:
        return "*" * len(number)
    return number[:kept] + "*" * (len(number) - 2 * kept) + number[-kept:]


def mask_phone(number: str) -> str:
    """The first three and last four digits."""
    return number[:3] + "*" * (len(number) - 7) + number[-4:] if len(number) >= 10 else "*" * len(number)


def mask_name(name: str) -> str:
    """The first character, and the last one of a name of three or more."""
    if len(name) < 2:
        return "*" * len(name)
    return name[0] + "*" if len(name) == 2 else name[0] + "*" * (len(name) - 2) + name[-1]


def demo_identity_number(*, node: str, birth_date: date, running: int) -> str:
    """An invented number with a right check digit; running from 0 to 999, odd for men."""
    body = f"{DEMO_PREFIX}{node}{birth_date:%Y%m%d}{running:03d}"
    return body + ric.calc_check_digit(body + "0")


def demo_credit_code(*, node: str, kind: str, running: int) -> str:
    """An invented code with right check digits. kind: registering office and type, such as "91" or "11"."""
    body = f"{running:08d}"
    weights = (3, 7, 9, 10, 5, 8, 4, 2)
    rest = (11 - sum(int(digit) * weight for digit, weight in zip(body, weights, strict=True)) % 11) % 11
    organisation = body + ("X" if rest == 10 else str(rest))
    code = f"{kind}{DEMO_PREFIX}{node}{organisation}"
    return code + uscc.calc_check_digit(code)


def demo_phone(*, node: str, running: int) -> str:
    """An invented telephone number."""
    return f"{DEMO_PHONE_PREFIX}{node}{running:06d}"


def demo_uuid(*names: str) -> UUID:
    """The same id for the same demo thing on every run, so that loading twice changes nothing."""
    return uuid5(_DEMO_NAMESPACE, "/".join(names))


def _birth_date(number: str, on: date | None) -> date:
    try:
        born: date = ric.get_birth_date(number)
    except (ValidationError, ValueError) as error:
        raise Rejected("identity_number_birth_date") from error
    if born < _EARLIEST_BIRTH or (on is not None and born > on):
        raise Rejected("identity_number_birth_date")
    return born
