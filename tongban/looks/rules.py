"""Asking another node who looked at a case (protocol, section 17): the question, the answer, and when to ask again."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from tongban.base.canonical import canonical_json, digest, parse_json
from tongban.base.errors import Rejected
from tongban.base.times import moment, parse_moment

MOST_CASES: Final = 20
MOST_LOOKS: Final = 200
MOST_QUESTION_BYTES: Final = 16_000
MOST_ANSWER_BYTES: Final = 400_000
LONGEST_TEXT: Final = 100
LONGEST_NAME: Final = 40
LONGEST_MARK: Final = 16
MARK_CHARACTERS: Final = 8

FRESH = timedelta(minutes=1)
AGAIN = timedelta(seconds=10)
SETTLED = timedelta(minutes=1)
"""Rows of the journal can appear in another order than they are numbered, but not later than this."""

MAY_NOT_ASK: Final = "may_not_ask"
SALT_CHARACTERS: Final = 32


@dataclass(frozen=True, slots=True)
class Question:
    """Who looked at these cases of one person. person: his number, digested with the salt.

    cases: case -> where to go on, empty for the beginning.
    """

    person: str
    salt: str
    cases: Mapping[UUID, str]


@dataclass(frozen=True, slots=True)
class Look:
    """One look. id: the answering node's name for it. organ: name of the organ. officer: a mark, not a name."""

    id: str
    at: datetime
    role: str
    organ: str
    officer: str
    what: str
    purpose: str


@dataclass(frozen=True, slots=True)
class OfCase:
    """What a node tells of one case: the oldest first, where to go on, and whether there is more now.

    refused: why it tells nothing; empty when it does.
    """

    case: UUID
    looks: tuple[Look, ...] = ()
    after: str = ""
    more: bool = False
    refused: str = ""


def digest_of_person(id_number: str, salt: str) -> str:
    """What stands for a person in a question: only who knows the number can tell whether it is this one."""
    return digest(canonical_json({"id_number": id_number, "salt": salt}))


def mark_of(pseudonym: str) -> str:
    """By what a page names an officer: enough to find him by in the journal, and nobody outside can."""
    return pseudonym[:MARK_CHARACTERS].upper()


def question_as_json(question: Question) -> dict[str, Any]:
    cases = [{"case": str(case), "after": after or None} for case, after in question.cases.items()]
    return {"person": question.person, "salt": question.salt, "cases": cases}


def read_question(content: bytes) -> Question:
    """Raises Rejected("malformed")."""
    value = parse_json(content, most_bytes=MOST_QUESTION_BYTES, most_depth=4)
    try:
        entries = value["cases"]
        if not isinstance(entries, list) or not 1 <= len(entries) <= MOST_CASES:
            raise ValueError(f"1 to {MOST_CASES} cases")
        cases = {UUID(entry["case"]): _text(entry.get("after") or "", LONGEST_NAME) for entry in entries}
        return Question(person=_hex(value["person"], 64), salt=_hex(value["salt"], SALT_CHARACTERS), cases=cases)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise Rejected("malformed", why=f"question: {error}"[:200]) from error


def answer_as_json(answers: Sequence[OfCase], *, at: datetime) -> dict[str, Any]:
    return {"at": moment(at), "cases": [_as_json(answer) for answer in answers]}


def _as_json(answer: OfCase) -> dict[str, Any]:
    if answer.refused:
        return {"case": str(answer.case), "refused": answer.refused}
    return {
        "case": str(answer.case),
        "looks": [
            {
                "id": look.id,
                "at": moment(look.at),
                "role": look.role,
                "organ": look.organ,
                "officer": look.officer,
                "what": look.what,
                "purpose": look.purpose,
            }
            for look in answer.looks
        ],
        "after": answer.after or None,
        "more": answer.more,
    }


def read_answer(value: Mapping[str, Any], question: Question) -> list[OfCase]:
    """What was told of the cases that were asked about; one that is not among them counts as refused.

    Raises Rejected("malformed").
    """
    try:
        entries = value["cases"]
        if not isinstance(entries, list) or len(entries) > MOST_CASES:
            raise ValueError("an answer for each case is expected")
        told = {UUID(entry["case"]): _of_case(entry) for entry in entries}
        if sum(len(answer.looks) for answer in told.values()) > MOST_LOOKS:
            raise ValueError(f"at most {MOST_LOOKS} looks")
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise Rejected("malformed", why=f"answer: {error}"[:200]) from error
    return [told.get(case, OfCase(case, refused=MAY_NOT_ASK)) for case in question.cases]


def _of_case(entry: Mapping[str, Any]) -> OfCase:
    case = UUID(entry["case"])
    if entry.get("refused"):
        return OfCase(case, refused=_text(entry["refused"], 60))
    looks = tuple(
        Look(
            id=_text(look["id"], LONGEST_NAME),
            at=parse_moment(look["at"]),
            role=_text(look["role"], 12),
            organ=_text(look["organ"], LONGEST_TEXT),
            officer=_text(look["officer"], LONGEST_MARK),
            what=_text(look["what"], LONGEST_TEXT),
            purpose=_text(look["purpose"], LONGEST_TEXT),
        )
        for look in entry["looks"]
    )
    if any(not look.id for look in looks):
        raise ValueError("a look has an id")
    return OfCase(case, looks, after=_text(entry.get("after") or "", LONGEST_NAME), more=entry.get("more") is True)


@dataclass(frozen=True, slots=True, order=True)
class Position:
    """Where a look stands in a list over all nodes: by time; at one moment by source, then by number."""

    at: datetime
    source: int
    row: int

    def __str__(self) -> str:
        return f"{self.at.isoformat()}|{self.source}|{self.row}"


def read_position(text: str) -> Position | None:
    """The inverse of `str`; None for no text. Raises ValueError for what no list of ours gave out."""
    if not text:
        return None
    at, source, row = text.split("|")
    found = Position(datetime.fromisoformat(at), int(source), int(row))
    if found.at.tzinfo is None or not 0 <= found.row < 2**63 or str(found) != text:
        raise ValueError(f"not a position: {text[:60]!r}")
    return found


def is_due(*, asked_at: datetime | None, answered_at: datetime | None, more: bool, now: datetime) -> bool:
    """Whether to ask again: soon where an answer is owed or not complete, else when it is not fresh any more."""
    if asked_at is None:
        return True
    complete = answered_at is not None and answered_at >= asked_at and not more
    return asked_at < now - (FRESH if complete else AGAIN)


def _text(value: Any, most: int) -> str:
    if not isinstance(value, str) or len(value) > most:
        raise ValueError(f"a text of at most {most} characters is expected")
    return value


def _hex(value: Any, length: int) -> str:
    if not isinstance(value, str) or len(value) != length or set(value) - set("0123456789abcdef"):
        raise ValueError(f"{length} lower-case hexadecimal digits are expected")
    return value
