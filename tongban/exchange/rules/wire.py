"""Letters as they stand in the body of a request (protocol, sections 4 and 6)."""

from collections.abc import Sequence
from typing import Any

from tongban.base.canonical import parse_json
from tongban.base.errors import Rejected
from tongban.base.seal import Sealed, b64url, from_b64url, parse_sealed
from tongban.exchange.rules.letters import (
    MOST_LETTER_BYTES,
    MOST_LETTERS,
    MOST_PART_BYTES,
    MOST_PARTS,
    MOST_REQUEST_BYTES,
    Part,
)

MOST_DEPTH = 8


def letter_as_json(sealed: Sealed, parts: Sequence[Part]) -> dict[str, Any]:
    return {"letter": sealed.as_json(), "parts": [part_as_json(part) for part in parts]}


def wire_size(sealed: Sealed, parts: Sequence[Part]) -> int:
    """At most so many bytes a letter takes in the body of a request."""
    contents = [sealed.protected, sealed.payload, sealed.signature, *(part.content for part in parts)]
    return sum(len(content) * 4 // 3 + 4 for content in contents) + 100 * (1 + len(parts))


def check_size(sealed: Sealed, parts: Sequence[Part]) -> None:
    """Raises Rejected("too_large") for a letter of our own that no receiver would take (protocol, section 14)."""
    if len(parts) > MOST_PARTS:
        raise ValueError(f"at most {MOST_PARTS} parts travel with a letter")
    if len(sealed.payload) > MOST_LETTER_BYTES:
        raise Rejected("too_large", most=MOST_LETTER_BYTES)
    if any(len(part.content) > MOST_PART_BYTES for part in parts):
        raise Rejected("too_large", most=MOST_PART_BYTES)
    if wire_size(sealed, parts) > MOST_REQUEST_BYTES:
        raise Rejected("too_large", most=MOST_REQUEST_BYTES)


def part_as_json(part: Part) -> dict[str, str]:
    return {"audience": part.audience, "enc": "none", "content": b64url(part.content)}


def read_letter(body: bytes) -> tuple[Sealed, tuple[Part, ...]]:
    """The body of a request that brings one letter. Raises Rejected("malformed" or "too_large")."""
    return letter_of(_parse(body))


def read_batch(body: bytes) -> list[Any]:
    """The entries of a request that brings several letters, each still to be read by `letter_of`."""
    value = _parse(body)
    if not isinstance(value, dict) or not isinstance(value.get("letters"), list):
        raise Rejected("malformed", why="letters is a list")
    entries: list[Any] = value["letters"]
    if not 1 <= len(entries) <= MOST_LETTERS:
        raise Rejected("malformed", why=f"1 to {MOST_LETTERS} letters")
    return entries


def letter_of(value: object) -> tuple[Sealed, tuple[Part, ...]]:
    """One letter with its parts. Raises Rejected("malformed" or "too_large")."""
    if not isinstance(value, dict):
        raise Rejected("malformed", why="an object with letter and parts is expected")
    sealed = parse_sealed(value.get("letter"))
    if len(sealed.payload) > MOST_LETTER_BYTES:
        raise Rejected("too_large", most=MOST_LETTER_BYTES)
    entries = value.get("parts", [])
    if not isinstance(entries, list) or len(entries) > MOST_PARTS:
        raise Rejected("malformed", why=f"parts is a list of at most {MOST_PARTS}")
    parts = tuple(_part(entry) for entry in entries)
    if len({part.audience for part in parts}) != len(parts):
        raise Rejected("malformed", why="an audience stands twice")
    return sealed, parts


def _part(entry: object) -> Part:
    if not isinstance(entry, dict):
        raise Rejected("malformed", why="a part is an object")
    audience, content = entry.get("audience"), entry.get("content")
    if not isinstance(audience, str) or not 1 <= len(audience) <= 40 or not isinstance(content, str):
        raise Rejected("malformed", why="a part has audience and content")
    if entry.get("enc") != "none":
        raise Rejected("malformed", why="protocol 1.0 knows enc none only")
    read = from_b64url(content)
    if len(read) > MOST_PART_BYTES:
        raise Rejected("too_large", most=MOST_PART_BYTES)
    return Part(audience=audience, content=read)


def _parse(body: bytes) -> Any:
    if len(body) > MOST_REQUEST_BYTES:
        raise Rejected("too_large", most=MOST_REQUEST_BYTES)
    return parse_json(body, most_bytes=MOST_REQUEST_BYTES, most_depth=MOST_DEPTH)
