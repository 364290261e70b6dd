"""Whether one answer has the form that its field asks for."""

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from tongban.base.errors import Rejected
from tongban.base.identifiers import check_credit_code, check_identity_number, check_phone
from tongban.catalogue.rules.form import Field, Option
from tongban.catalogue.rules.kinds import FieldType, NumberKind

LONGEST_TEXT = 200
LONGEST_LONG_TEXT = 4000
MOST_ENTRIES = 50
EARLIEST_YEAR = 1900
PERSON_KEYS = {"name", "id_number", "relation", "place"}
LISTS = {FieldType.PLACES, FieldType.CHOICES, FieldType.PEOPLE}

_FORMS: dict[FieldType, tuple[re.Pattern[str], str]] = {
    FieldType.INTEGER: (re.compile(r"(0|-?[1-9][0-9]{0,14})"), "answer_not_integer"),
    FieldType.MONEY: (re.compile(r"(0|[1-9][0-9]{0,12})(\.[0-9]{1,2})?"), "answer_not_money"),
    FieldType.PLACE: (re.compile(r"[1-9][0-9]{11}"), "answer_not_place"),
    FieldType.YES_NO: (re.compile("yes|no"), "answer_not_option"),
}


def choice_faults(path: str, options: tuple[Option, ...], answer: Any) -> dict[str, str]:
    """Path -> reason code for an answer that must be one of the options."""
    fault = _choice_fault(answer, options)
    return {path: fault} if fault else {}


def field_faults(field: Field, answer: Any, *, demo: bool, on: date | None = None) -> dict[str, str]:
    """Path -> reason code; the path of an entry of a list is "name.0", of a person's number "name.0.id_number".

    on: the day of applying, by which a date of the past is judged; None judges none.
    """
    if answer in (None, "", [], ()):
        return {field.name: "answer_missing"} if field.required else {}
    if field.type not in LISTS:
        fault = _fault(field, answer, demo=demo) or _bounds_fault(field, answer, on)
        return {field.name: fault} if fault else {}
    if not isinstance(answer, list | tuple):
        return {field.name: "answer_not_list"}
    if len(answer) > (field.most or MOST_ENTRIES):
        return {field.name: "answer_too_many"}
    if len(answer) < (field.least or 0):
        return {field.name: "answer_too_few"}
    found = dict(_entry_faults(field, answer, demo=demo))
    if found:
        return found
    if field.type is FieldType.PEOPLE:
        return _numbers_twice(field, answer)
    return {field.name: "answer_twice"} if len(set(answer)) != len(answer) else {}


def _entry_faults(field: Field, answer: list[Any] | tuple[Any, ...], *, demo: bool) -> Iterator[tuple[str, str]]:
    for index, entry in enumerate(answer):
        path = f"{field.name}.{index}"
        if field.type is FieldType.PEOPLE:
            yield from _person_faults(path, field, entry, demo=demo)
        elif field.type is FieldType.PLACES:
            fault = _text_fault(FieldType.PLACE, entry, demo=demo)
            if fault:
                yield path, fault
        else:
            yield from choice_faults(path, field.options, entry).items()


def _person_faults(path: str, field: Field, entry: Any, *, demo: bool) -> Iterator[tuple[str, str]]:
    if not isinstance(entry, Mapping) or not set(entry) <= PERSON_KEYS:
        yield path, "answer_not_person"
        return
    found = {
        "name": _text_fault(FieldType.TEXT, entry.get("name"), demo=demo),
        "id_number": _persons_number_fault(field.number, entry.get("id_number"), demo=demo),
        "place": _text_fault(FieldType.PLACE, entry.get("place"), demo=demo) if field.place else None,
    }
    yield from ((f"{path}.{key}", fault) for key, fault in found.items() if fault)
    if field.options:
        yield from choice_faults(f"{path}.relation", field.options, entry.get("relation")).items()


def _persons_number_fault(kind: NumberKind, number: Any, *, demo: bool) -> str | None:
    if kind is NumberKind.OPTIONAL and number in (None, ""):
        return None
    fault = _text_fault(FieldType.IDENTITY_NUMBER, number, demo=demo)
    if fault and kind is NumberKind.ANY and _text_fault(FieldType.CREDIT_CODE, number, demo=demo) is None:
        return None
    return fault


def _numbers_twice(field: Field, answer: list[Any] | tuple[Any, ...]) -> dict[str, str]:
    seen: set[str] = set()
    for index, entry in enumerate(answer):
        number = entry.get("id_number") or ""
        if number in seen:
            return {f"{field.name}.{index}.id_number": "answer_twice"}
        seen |= {number} - {""}
    return {}


def _fault(field: Field, answer: Any, *, demo: bool) -> str | None:
    if field.type is FieldType.CHOICE:
        return _choice_fault(answer, field.options)
    return _text_fault(field.type, answer, demo=demo)


def _bounds_fault(field: Field, answer: str, on: date | None) -> str | None:
    """Of an answer that has the right form: whether it is too small, too large, or lies in the future."""
    if field.type is FieldType.DATE:
        return "answer_in_future" if field.past and on is not None and date.fromisoformat(answer) > on else None
    measured = field.type in (FieldType.INTEGER, FieldType.MONEY)
    size = Decimal(answer) if measured else len(answer)
    if field.least is not None and size < field.least:
        return "answer_too_small" if measured else "answer_too_short"
    if field.most is not None and size > field.most:
        return "answer_too_large" if measured else "answer_too_long"
    return None


def _choice_fault(answer: Any, options: tuple[Option, ...]) -> str | None:
    if answer in (None, ""):
        return "answer_missing"
    return None if any(answer == option.value for option in options) else "answer_not_option"


def _text_fault(kind: FieldType, answer: Any, *, demo: bool) -> str | None:
    if answer in (None, ""):
        return "answer_missing"
    if not isinstance(answer, str) or "\x00" in answer:
        return "answer_not_text"
    if len(answer) > (LONGEST_LONG_TEXT if kind is FieldType.LONG_TEXT else LONGEST_TEXT):
        return "answer_too_long"
    if kind is FieldType.DATE:
        return None if _is_date(answer) else "answer_not_date"
    if kind in _NUMBERS:
        return _number_fault(_NUMBERS[kind], answer, demo=demo)
    pattern, reason = _FORMS.get(kind, (None, ""))
    return reason if pattern is not None and not pattern.fullmatch(answer) else None


def _is_date(answer: str) -> bool:
    try:
        return len(answer) == 10 and date.fromisoformat(answer).year >= EARLIEST_YEAR
    except ValueError:
        return False


def _number_fault(check: Callable[..., object], answer: str, *, demo: bool) -> str | None:
    try:
        check(answer, demo=demo)
    except Rejected as error:
        return error.reason
    return None


_NUMBERS: dict[FieldType, Callable[..., object]] = {
    FieldType.IDENTITY_NUMBER: check_identity_number,
    FieldType.CREDIT_CODE: check_credit_code,
    FieldType.PHONE: check_phone,
}
