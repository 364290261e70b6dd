"""What a person is asked and what he hands in: situations, fields and materials, with their conditions."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from tongban.catalogue.rules.kinds import FieldType, NumberKind

EXAMPLE = "示例"
PREFILLS = ("name", "id_number", "phone", "place", "earlier", "certificate", "register")
"""From the profile, an earlier case of the item, an electronic certificate, or a department's register."""


@dataclass(frozen=True, slots=True)
class Source:
    """Where a fact comes from. title: full name of the law or document; article: the place in it, may be empty."""

    title: str
    article: str = ""

    @property
    def is_example(self) -> bool:
        return self.title == EXAMPLE

    def __str__(self) -> str:
        return f"《{self.title}》{self.article}" if not self.is_example else EXAMPLE


@dataclass(frozen=True, slots=True)
class Condition:
    """Holds when every named answer is one of the listed values. wants: name of a field or situation -> values."""

    wants: tuple[tuple[str, tuple[str, ...]], ...]

    def holds(self, answers: Mapping[str, Any]) -> bool:
        return all(_meets(answers.get(name), values) for name, values in self.wants)


def _meets(answer: Any, values: tuple[str, ...]) -> bool:
    if isinstance(answer, list | tuple):
        return any(item in values for item in answer)
    return answer in values


@dataclass(frozen=True, slots=True)
class Option:
    value: str
    label: str


@dataclass(frozen=True, slots=True)
class Situation:
    """情形: a question whose answer decides which materials, fields and stages apply."""

    key: str
    question: str
    options: tuple[Option, ...]
    help: str = ""
    when: Condition | None = None
    source: Source | None = None


@dataclass(frozen=True, slots=True)
class Field:
    """One entry of the form. options: for choice and choices; for people, the relations that may be named.

    Answers are strings, except places and choices (lists of strings) and people (list of objects name, id_number,
    relation, place). Dates are ISO, money is yuan with at most two decimals, places are 12-digit division codes.
    least, most: of the value for integer and money, of the entries for lists, else of the characters.
    past: a date that is not after the day of applying. prefill: where the answer may be taken from (`PREFILLS`).
    number, place: for people alone; which number each bears, and what the place that each names is called.
    """

    name: str
    label: str
    type: FieldType
    required: bool = True
    help: str = ""
    options: tuple[Option, ...] = ()
    when: Condition | None = None
    least: int | None = None
    most: int | None = None
    past: bool = False
    prefill: str = ""
    number: NumberKind = NumberKind.IDENTITY
    place: str = ""

    @property
    def names_places(self) -> bool:
        return self.type in (FieldType.PLACE, FieldType.PLACES) or bool(self.place)


@dataclass(frozen=True, slots=True)
class Material:
    """A paper to be handed in.

    original: an original is held until the case is over; check_original: the clerk compares it and gives it back.
    shared: verified by data sharing, handed in only when that fails; certificate: the kind of electronic certificate
    that takes its place; register: whose data answer for it. blank: where the empty form comes from; sample: what a
    good one looks like.
    source_kind: own 申请人自备, government 政府部门核发, other.
    off_platform: the route by which it travels instead of the platform; empty for the ordinary case.
    """

    key: str
    name: str
    source: Source
    required: bool = True
    original: bool = False
    check_original: bool = False
    shared: bool = False
    certificate: str = ""
    register: str = ""
    forms: tuple[str, ...] = ("electronic",)
    copies: int = 1
    source_kind: str = "own"
    issuer: str = ""
    accept_standard: str = ""
    fill_explain: str = ""
    blank: str = ""
    sample: str = ""
    off_platform: str = ""
    when: Condition | None = None


@dataclass(frozen=True, slots=True)
class Example:
    """A complete valid set of answers; "{home_place}" and the like stand for places of the one who fills it in."""

    key: str
    label: str
    answers: Mapping[str, Any] = field(default_factory=dict)
