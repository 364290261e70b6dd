"""The form of what an act may say, whoever says it: a person, an officer, or another node.

A member that is not listed here is not carried into a step; one that has another form is refused.
"""

import re
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from tongban.base.errors import Rejected
from tongban.base.times import parse_moment
from tongban.catalogue.rules.taking_part import Standing

DIGEST = re.compile(r"[0-9a-f]{64}")
MOST_ENTRIES = 500
LONGEST_TEXT = 4000
MOST_PARTIES = 200
LONGEST_PAGE = 200_000
OF_CO_CASE = frozenset({"co_case", "co_head", "co_document", "valid_until"})
COUNTER_MARKS = frozenset({"officer", "organ", "at"})


def known_members(content: Mapping[str, Any]) -> dict[str, Any]:
    """The members that an act may have. Raises Rejected("invalid") naming each that has another form."""
    wrong: dict[str, str] = {}
    found: dict[str, Any] = {}
    for name, value in content.items():
        form = FORMS.get(name)
        if form is None or value is None:
            continue
        try:
            found[name] = form(value)
        except ValueError:
            wrong[name] = "wrong_form"
    if wrong:
        raise Rejected("invalid", fields=wrong)
    return found


def without_reports(content: Mapping[str, Any]) -> dict[str, Any]:
    """What anybody but the home itself may say: an assist case's word is taken from its own steps alone."""
    return {name: value for name, value in content.items() if name not in OF_CO_CASE}


def check_known(content: Mapping[str, Any]) -> None:
    """For what is typed in here: nothing is passed over in silence. Raises Rejected("invalid")."""
    if unknown := [name for name in content if name not in FORMS]:
        raise Rejected("invalid", fields=dict.fromkeys(unknown, "not_expected"))


def read_material(value: Any) -> dict[str, Any]:
    """A paper that is handed in: key and digest of a file, and what is known of it. Raises ValueError."""
    material = _object(value)
    digest = _text(material.get("digest", ""))
    if not DIGEST.fullmatch(digest):
        raise ValueError("a digest is 64 lower-case hex digits")
    size = material.get("size", 0)
    if isinstance(size, bool) or not isinstance(size, int) or size < 0:
        raise ValueError("a size is a number")
    by = _object(material.get("compared_by") or {})
    return {
        "key": _text(material.get("key"), most=60),
        "digest": digest,
        "name": _text(material.get("name") or "", most=200),
        "size": size,
        "media_type": _text(material.get("media_type") or "", most=100),
        "compared": material.get("compared") is True,
        "compared_by": {key: _text(by[key], most=60) for key in COUNTER_MARKS & set(by)} or None,
    }


def read_party(value: Any) -> dict[str, Any]:
    """One who takes part and has signed: who he is, under which content, when, and how one was sure of him.

    Raises ValueError.
    """
    party, signed = _object(value), _object(_object(value).get("signed"))
    if not 1 <= _count(party.get("no")) <= MOST_PARTIES:
        raise ValueError("a party has a number")
    if not DIGEST.fullmatch(_text(signed.get("digest"))):
        raise ValueError("a digest is 64 lower-case hex digits")
    parse_moment(_text(signed.get("at")))
    lengths = {"kind": 20, "name": 200, "id_type": 20, "id_number": 40}
    return {
        "no": party["no"],
        "standing": str(Standing(_text(party.get("standing")))),
        **{name: _text(party.get(name), most=most) for name, most in lengths.items()},
        "signed": {
            "at": signed["at"],
            "digest": signed["digest"],
            **{name: _text(signed.get(name) or "", most=60) for name in ("way", "organ", "officer")},
        },
    }


def _text(value: Any, *, most: int = LONGEST_TEXT) -> str:
    if not isinstance(value, str) or len(value) > most or "\x00" in value:
        raise ValueError(f"a text of at most {most} characters is expected")
    return value


def _day(value: Any) -> str:
    return date.fromisoformat(_text(value, most=10)).isoformat()


def _page(value: Any) -> dict[str, str]:
    """A document of another organ, as its body carries it."""
    given = _object(value)
    head = {name: _text(given.get(name), most=200) for name in ("kind", "title", "number")}
    return {**head, "html": _text(given.get("html"), most=LONGEST_PAGE)}


def _count(value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int):
        raise ValueError("a whole number is expected")
    return value


def _flag(value: Any) -> bool:
    if not isinstance(value, bool):
        raise ValueError("true or false is expected")
    return value


def _object(value: Any) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise ValueError("an object is expected")
    return value


def _list_of(form: Callable[[Any], Any]) -> Callable[[Any], list[Any]]:
    def read(value: Any) -> list[Any]:
        if not isinstance(value, list) or len(value) > MOST_ENTRIES:
            raise ValueError(f"a list of at most {MOST_ENTRIES} entries is expected")
        return [form(entry) for entry in value]

    return read


def _texts_named(*names: str) -> Callable[[Any], dict[str, str]]:
    def read(value: Any) -> dict[str, str]:
        given = _object(value)
        return {name: _text(given.get(name, "")) for name in names}

    return read


FORMS: Mapping[str, Callable[[Any], Any]] = {
    "reason": _text,
    "opinion": _text,
    "text": _text,
    "place": _text,
    "kind": _text,
    "approver": _text,
    "part": _text,
    "outcome": _text,
    "co_case": _text,
    "co_head": _text,
    "co_document": _page,
    "valid_until": _day,
    "parts": _list_of(_text),
    "amount": _text,
    "account": _text,
    "certificate": _text,
    "number": _text,
    "event": _text,
    "way": _text,
    "material": _text,
    "waybill": _text,
    "handed_to": _text,
    "days": _count,
    "party": _count,
    "count": _count,
    "partial": _flag,
    "matched": _flag,
    "channels": _list_of(_text),
    "targets": _list_of(_texts_named("target", "problem")),
    "records": _list_of(_texts_named("label", "value")),
    "materials": _list_of(read_material),
    "parties": _list_of(read_party),
    "denied": _list_of(_texts_named("person", "reason")),
    "answers": _object,
}
"""Member of a content -> how it is read."""
