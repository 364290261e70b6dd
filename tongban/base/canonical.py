"""JSON that has one form only.

What we build ourselves is written by the JSON Canonicalization Scheme (RFC 8785); what others send is parsed strictly.
"""

import hashlib
import json
import re
from typing import Any

from tongban.base.errors import Rejected

Json = Any

LARGEST_INTEGER = 2**53 - 1
STRING = re.compile(rb'"[^"\\]*+(?:\\.[^"\\]*+)*+"', re.DOTALL)
BRACKET = re.compile(rb"[\[\]{}]")
UNSTORABLE = re.compile("[\ud800-\udfff\x00]")


def digest(content: bytes) -> str:
    """SHA-256 of the bytes, 64 lower-case hex digits: the only form in which digests are written and stored."""
    return hashlib.sha256(content).hexdigest()


def canonical_json(value: Json) -> bytes:
    """The RFC 8785 form of a value of None, bool, int, str, list and dict with ASCII keys.

    Floats are refused: money and dates travel as strings. Raises TypeError or ValueError; both are our own defects.
    """
    _check(value)
    return json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":"), sort_keys=True).encode()


def _check(value: Json) -> None:
    if value is None or isinstance(value, str | bool):
        return
    if isinstance(value, int):
        if abs(value) > LARGEST_INTEGER:
            raise ValueError("integer beyond 2^53")
        return
    if isinstance(value, list | tuple):
        for item in value:
            _check(item)
        return
    if not isinstance(value, dict):
        raise TypeError(f"no canonical form for {type(value).__name__}")
    for key, item in value.items():
        if not isinstance(key, str) or not key.isascii():
            raise ValueError("keys are ASCII strings")
        _check(item)


def parse_json(
    content: bytes, *, most_bytes: int = 1_000_000, most_depth: int = 32, whole_floats: bool = False
) -> Json:
    """Parse what another party sent: UTF-8, no duplicate keys, no floats, integers below 2^53, bounded size and depth.

    whole_floats: take 82.0 for 82, as JSON Schema does. Raises Rejected("malformed", why=...), never anything else.
    """
    if len(content) > most_bytes:
        raise Rejected("malformed", why="too large")
    if _depth(content) > most_depth:
        raise Rejected("malformed", why="nested too deep")
    try:
        value = json.loads(
            content.decode("utf-8"),
            object_pairs_hook=_no_duplicates,
            parse_float=_whole if whole_floats else _refuse,
            parse_constant=_refuse,
            parse_int=_small_integer,
        )
    except UnicodeDecodeError as error:
        raise Rejected("malformed", why="not UTF-8") from error
    except ValueError as error:
        raise Rejected("malformed", why=str(error)[:200]) from error
    _storable(value)
    return value


def _depth(content: bytes) -> int:
    """Deepest nesting of brackets outside strings, counted before the recursive parser sees them."""
    deepest = depth = 0
    for bracket in BRACKET.findall(STRING.sub(b"", content)):
        if bracket in b"[{":
            depth += 1
            deepest = max(deepest, depth)
        else:
            depth -= 1
    return deepest


def _no_duplicates(pairs: list[tuple[str, Json]]) -> dict[str, Json]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a key stands twice")
    return found


def _refuse(literal: str) -> Json:
    raise ValueError(f"number not allowed: {literal[:20]}")


def _whole(literal: str) -> int:
    value = float(literal)
    if not value.is_integer() or abs(value) > LARGEST_INTEGER:
        raise ValueError(f"number not allowed: {literal[:20]}")
    return int(value)


def _small_integer(literal: str) -> int:
    if len(literal) > 17 or abs(int(literal)) > LARGEST_INTEGER:
        raise ValueError("integer beyond 2^53")
    return int(literal)


def _storable(value: Json) -> None:
    """No lone surrogates, which have no UTF-8, and no U+0000, which a database does not take."""
    if isinstance(value, str):
        if UNSTORABLE.search(value):
            raise Rejected("malformed", why="lone surrogate or U+0000")
    elif isinstance(value, list):
        for item in value:
            _storable(item)
    elif isinstance(value, dict):
        for key, item in value.items():
            _storable(key)
            _storable(item)
