"""Letters and receipts as texts: how they are built and what must hold before one is believed.

The normative description is `docs/protocol.md`; section numbers below are its sections.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID

from tongban.base.canonical import canonical_json, digest, parse_json
from tongban.base.errors import NotYet, Rejected
from tongban.base.times import moment, parse_moment

PROTOCOL = "1.0"
LETTER_TYP = "application/cloudevents+json"
RECEIPT_TYP = "tongban-receipt+json"
SOURCE_PREFIX = "urn:tongban:node:"
TYPE_PREFIX = "tongban."

MOST_REQUEST_BYTES = 4_000_000
MOST_LETTER_BYTES = 256_000
MOST_PART_BYTES = 2_000_000
MOST_PARTS = 8
MOST_LETTERS = 100
MOST_SUBJECT_CHARACTERS = 200
MOST_REASON_CHARACTERS = 60
FUTURE = timedelta(minutes=10)


class Outcome(StrEnum):
    TAKEN = "taken"
    REJECTED = "rejected"


@dataclass(frozen=True, slots=True)
class Part:
    """A body for one receiver, beside the letter: audience is its name in the letter's `data.bodies`."""

    audience: str
    content: bytes


@dataclass(frozen=True, slots=True)
class LetterRef:
    """A letter of ours, as its receipt finds it."""

    id: UUID
    kind: str
    subject: str
    digest: str


@dataclass(frozen=True, slots=True)
class Heard:
    """A letter whose signature, sender and form have been checked. at: the time its sender wrote into it."""

    id: UUID
    kind: str
    sender: str
    subject: str
    at: datetime
    data: Mapping[str, Any]
    digest: str
    parts: tuple[Part, ...] = ()


@dataclass(frozen=True, slots=True)
class Event:
    """The members of a letter's payload (section 3)."""

    id: UUID
    kind: str
    sender: str
    subject: str
    at: datetime
    data: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Receipt:
    """The members of a receipt's payload (section 5)."""

    letter: str
    id: UUID
    sender: str
    receiver: str
    outcome: Outcome
    reason: str | None
    facts: Mapping[str, str]
    at: datetime


def event_payload(event: Event) -> bytes:
    """The bytes that are signed (section 3)."""
    return canonical_json(
        {
            "specversion": "1.0",
            "id": str(event.id),
            "source": SOURCE_PREFIX + event.sender,
            "type": TYPE_PREFIX + event.kind,
            "subject": event.subject,
            "time": moment(event.at),
            "datacontenttype": "application/json",
            "protocol": PROTOCOL,
            "data": event.data,
        }
    )


def read_event(payload: bytes) -> Event:
    """Strictly read a letter's payload; unknown further attributes are ignored. Raises Rejected("malformed" or
    "protocol_version")."""
    value = _object(parse_json(payload, most_bytes=MOST_LETTER_BYTES))
    protocol = _text(value, "protocol")
    if protocol.partition(".")[0] != PROTOCOL.partition(".")[0]:
        raise Rejected("protocol_version", theirs=protocol[:20], ours=PROTOCOL)
    if value.get("specversion") != "1.0" or value.get("datacontenttype") != "application/json":
        raise Rejected("malformed", why="specversion is 1.0 and datacontenttype is application/json")
    subject = _text(value, "subject")
    if not subject or len(subject) > MOST_SUBJECT_CHARACTERS or "\x00" in subject:
        raise Rejected("malformed", why="subject is empty, too long or holds U+0000")
    return Event(
        id=_uuid(value, "id"),
        kind=_after(value, "type", TYPE_PREFIX, most=40),
        sender=_after(value, "source", SOURCE_PREFIX, most=8),
        subject=subject,
        at=_moment(value, "time"),
        data=_object(value.get("data")),
    )


def check_time(event: Event, *, now: datetime) -> None:
    """Age never refuses a letter; one from more than ten minutes ahead waits. Raises NotYet("from_the_future")."""
    if event.at > now + FUTURE:
        raise NotYet("from_the_future", time=moment(event.at))


def check_parts(event: Event, parts: tuple[Part, ...]) -> None:
    """Each part's digest stands in the signed letter under `data.bodies`. Raises Rejected("part_changed")."""
    bodies = event.data.get("bodies")
    named = bodies if isinstance(bodies, dict) else {}
    for part in parts:
        if named.get(part.audience) != digest(part.content):
            raise Rejected("part_changed", audience=part.audience[:40])


def receipt_payload(receipt: Receipt) -> bytes:
    """The bytes that the receiver signs (section 5)."""
    return canonical_json(
        {
            "protocol": PROTOCOL,
            "letter": receipt.letter,
            "id": str(receipt.id),
            "from": receipt.sender,
            "to": receipt.receiver,
            "outcome": str(receipt.outcome),
            "reason": receipt.reason,
            "facts": dict(receipt.facts),
            "at": moment(receipt.at),
        }
    )


def read_receipt(payload: bytes) -> Receipt:
    """Raises Rejected("malformed" or "protocol_version")."""
    value = _object(parse_json(payload, most_bytes=MOST_LETTER_BYTES))
    protocol = _text(value, "protocol")
    if protocol.partition(".")[0] != PROTOCOL.partition(".")[0]:
        raise Rejected("protocol_version", theirs=protocol[:20], ours=PROTOCOL)
    outcome, reason = value.get("outcome"), value.get("reason")
    if outcome not in list(Outcome) or (reason is None) != (outcome == Outcome.TAKEN):
        raise Rejected("malformed", why="outcome is taken, or rejected with a reason")
    facts = _object(value.get("facts"))
    if not all(isinstance(fact, str) for fact in facts.values()) or not isinstance(reason, str | None):
        raise Rejected("malformed", why="reason and facts are strings")
    if reason is not None and not 0 < len(reason) <= MOST_REASON_CHARACTERS:
        raise Rejected("malformed", why=f"reason is a code of at most {MOST_REASON_CHARACTERS} characters")
    return Receipt(
        letter=_text(value, "letter"),
        id=_uuid(value, "id"),
        sender=_text(value, "from"),
        receiver=_text(value, "to"),
        outcome=Outcome(outcome),
        reason=reason,
        facts=facts,
        at=_moment(value, "at"),
    )


def wait_after(attempts: int, *, jitter: float = 0.0) -> timedelta:
    """How long a letter rests after its n-th failed attempt: 0.5 s doubling to five minutes; it never gives up.

    jitter: 0..1, spreads the letters of a peer that comes back.
    """
    seconds = min(0.5 * 2 ** min(attempts, 12), 300.0)
    return timedelta(seconds=seconds * (1 + 0.25 * jitter))


def _object(value: object) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise Rejected("malformed", why="an object is expected")
    return value


def _text(value: Mapping[str, Any], name: str) -> str:
    found = value.get(name)
    if not isinstance(found, str):
        raise Rejected("malformed", why=f"{name} is a string")
    return found


def _after(value: Mapping[str, Any], name: str, prefix: str, *, most: int) -> str:
    text = _text(value, name)
    rest = text.removeprefix(prefix)
    if rest == text or not rest or len(rest) > most or not rest.replace("_", "").replace(".", "").isalnum():
        raise Rejected("malformed", why=f"{name} begins with {prefix}")
    return rest


def _uuid(value: Mapping[str, Any], name: str) -> UUID:
    text = _text(value, name)
    try:
        found = UUID(text)
    except ValueError as error:
        raise Rejected("malformed", why=f"{name} is a UUID") from error
    if str(found) != text:
        raise Rejected("malformed", why=f"{name} is a UUID in its canonical form")
    return found


def _moment(value: Mapping[str, Any], name: str) -> datetime:
    text = _text(value, name)
    try:
        found = parse_moment(text)
    except ValueError as error:
        raise Rejected("malformed", why=f"{name} is a UTC moment with milliseconds") from error
    if moment(found) != text:
        raise Rejected("malformed", why=f"{name} is a UTC moment with milliseconds")
    return found
