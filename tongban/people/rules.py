"""What is known of a person, and how it is checked before it is stored."""

import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import TypeVar
from uuid import UUID

from tongban.base.actor import Role
from tongban.base.errors import Rejected
from tongban.base.identifiers import DEMO_PREFIX, check_credit_code, check_identity_number, check_phone, tidy

ID_NUMBER = "people.id_number"
PHONE = "people.phone"
STAFF = (Role.CLERK, Role.OFFICER, Role.OPERATOR, Role.AUDITOR)
LONGEST_NAME = 200
LONGEST_ACCOUNT_NAME = 60
LONGEST_PASSWORD = 200
WEAKNESSES = ("password_too_short", "password_too_common", "password_too_similar", "password_entirely_numeric")
"""What Django's validators call them."""
CODE_LETTERS = "23456789abcdefghjkmnpqrstuvwxyz"
"""Without those that look alike on paper."""
CODE_PARTS, CODE_PART = 3, 4

Choice = TypeVar("Choice", bound=StrEnum)


class Kind(StrEnum):
    """服务对象, GB/T 39046 annex A.4."""

    NATURAL = "natural"
    ENTERPRISE = "enterprise"
    INSTITUTION = "institution"
    SOCIAL = "social_organization"
    GOVERNMENT = "government"
    OTHER = "other"


class IdType(StrEnum):
    """What proves who somebody is."""

    IDENTITY_CARD = "identity_card"
    TEMPORARY_IDENTITY_CARD = "temporary_identity_card"
    HOUSEHOLD_REGISTER = "household_register"
    RESIDENCE_PERMIT_HMT = "residence_permit_hmt"
    OFFICER_CARD = "officer_card"
    SOLDIER_CARD = "soldier_card"
    BIRTH_CERTIFICATE = "birth_certificate"
    PASSPORT = "passport"
    HONG_KONG_MACAO_PERMIT = "hong_kong_macao_permit"
    TAIWAN_PERMIT = "taiwan_permit"
    PERMANENT_RESIDENCE = "permanent_residence"
    CREDIT_CODE = "credit_code"
    OTHER = "other"


IDENTITY_NUMBERED = frozenset(
    {IdType.IDENTITY_CARD, IdType.TEMPORARY_IDENTITY_CARD, IdType.HOUSEHOLD_REGISTER, IdType.RESIDENCE_PERMIT_HMT}
)
_USERNAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{2,39}")
_PERSONAL_NUMBER = re.compile(r"[0-9]{15}|[0-9]{17}[0-9Xx]|1[0-9]{10}")
_OTHER_NUMBER = re.compile(r"[0-9A-Z()/]{4,40}")


@dataclass(frozen=True, slots=True)
class Identity:
    """Who somebody is, checked: the number tidied, one number whatever card it stands on."""

    kind: Kind
    name: str
    id_type: IdType
    id_number: str
    phone: str
    birth_date: date | None
    is_demo: bool

    @property
    def looked_up_by(self) -> str:
        """The text whose keyed hash finds the person: the same for every card that carries the identity number."""
        shared = IdType.IDENTITY_CARD if self.id_type in IDENTITY_NUMBERED else self.id_type
        return f"{shared}:{self.id_number}"


@dataclass(frozen=True, slots=True)
class Revealed:
    """What lies encrypted, opened."""

    name: str
    id_number: str
    phone: str


def check_identity(
    *, kind: str, name: str, id_type: str, id_number: str, phone: str | None, demo: bool, on: date | None = None
) -> Identity:
    """Check all of it and report every fault at once: Rejected("invalid", fields={"name": reason, …})."""
    fields: dict[str, str] = {}
    found_kind = _one_of(Kind, kind, "kind", fields)
    found_type = _one_of(IdType, id_type, "id_type", fields)
    found_name = tidy_name(name)
    if not found_name or len(found_name) > LONGEST_NAME or not found_name.isprintable():
        fields["name"] = "name_missing"
    if found_kind and found_type and (found_kind is Kind.NATURAL) is (found_type is IdType.CREDIT_CODE):
        fields["id_type"] = "id_type_not_for_kind"
    number, born, is_demo = "", None, False
    try:
        if found_type:
            number, born, is_demo = _check_number(found_type, id_number, demo=demo, on=on)
    except Rejected as fault:
        fields["id_number"] = fault.reason
    try:
        phone_number = check_phone(phone, demo=demo) if phone else ""
    except Rejected as fault:
        fields["phone"] = fault.reason
    if fields or not found_kind or not found_type:
        raise Rejected("invalid", fields=fields)
    return Identity(found_kind, found_name, found_type, number, phone_number, born, is_demo)


def check_account(*, username: str, name: str) -> tuple[str, str]:
    """The user name and the name of its holder, tidied.

    A user name stands in lists and on slips of paper: it must not be the number of a person.
    Raises Rejected("invalid", fields=…) with username_form, username_personal, name_missing.
    """
    fields: dict[str, str] = {}
    tidied, found_name = unicodedata.normalize("NFKC", username).strip(), tidy_name(name)
    if not _USERNAME.fullmatch(tidied):
        fields["username"] = "username_form"
    elif _PERSONAL_NUMBER.fullmatch(tidied):
        fields["username"] = "username_personal"
    if not found_name or len(found_name) > LONGEST_ACCOUNT_NAME or not found_name.isprintable():
        fields["name"] = "name_missing"
    if fields:
        raise Rejected("invalid", fields=fields)
    return tidied, found_name


def code_from(choose: Callable[[Sequence[str]], str]) -> str:
    """A code for a slip of paper, such as "k7m2-9xpq-4tvw". choose: takes one letter at random, unforeseeably."""
    return "-".join("".join(choose(CODE_LETTERS) for _ in range(CODE_PART)) for _ in range(CODE_PARTS))


def tidy_name(name: str) -> str:
    """One form for a name: composed characters, one kind of middle dot, no spaces between Chinese characters."""
    text = unicodedata.normalize("NFC", name).strip()
    text = re.sub(r"[•・‧∙．.](?=[\u3400-\u9fff])", "·", text)
    return re.sub(r"(?<=[\u3400-\u9fff])\s+(?=[\u3400-\u9fff])", "", text)


def same_name(first: str, second: str) -> bool:
    """Whether two spellings are the same name, so that a number typed wrong is not taken for another person's."""
    return tidy_name(first).casefold() == tidy_name(second).casefold()


def place_tag(person: UUID, column: str) -> str:
    """What an encrypted column is bound to: bytes copied to another row or column do not open there."""
    return f"{column}:{person}"


def _one_of(choices: type[Choice], text: str, field: str, fields: dict[str, str]) -> Choice | None:
    try:
        return choices(text)
    except ValueError:
        fields[field] = f"{field}_unknown"
        return None


def _check_number(id_type: IdType, text: str, *, demo: bool, on: date | None) -> tuple[str, date | None, bool]:
    if id_type in IDENTITY_NUMBERED:
        identity = check_identity_number(text, demo=demo, on=on)
        return identity.text, identity.birth_date, identity.is_demo
    if id_type is IdType.CREDIT_CODE:
        code = check_credit_code(text, demo=demo)
        return code.text, None, code.is_demo
    number = tidy(text)
    if not _OTHER_NUMBER.fullmatch(number):
        raise Rejected("id_number_wrong")
    is_demo = number.startswith(DEMO_PREFIX)
    if is_demo and not demo:
        raise Rejected("identity_number_demo")
    return number, None, is_demo
