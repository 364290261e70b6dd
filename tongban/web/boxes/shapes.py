"""What a box is: everything that `web/parts/box.html` needs to draw it."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.http import QueryDict

from tongban.base.words import say
from tongban.catalogue.rules import FieldType, Option
from tongban.orgs.queries import divisions_under
from tongban.orgs.rules import full_code, nearest_first, stem

PLACE_LEVELS = ("province", "city", "county")
MUNICIPAL_LEVELS = ("province", "county")
MOST_RADIOS = 7
MOST_ENTRIES = 50
"""More people than that are typed as a roster, one a line."""


@dataclass(frozen=True, slots=True)
class Choice:
    value: str
    label: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class Level:
    """One of the selects in which a place is chosen, from the province down."""

    label: str
    choices: tuple[Choice, ...]


@dataclass(frozen=True, slots=True)
class Entry:
    """One of several: a person, or one place of many."""

    legend: str
    boxes: tuple["Box", ...]


@dataclass(frozen=True, slots=True)
class Box:
    """kind: a FieldType. wrong: what is wrong with the value, in words. problem: what an authority found wrong with it.

    grow: whether there is a button for one more. narrow_at: where a page without JavaScript goes for the next level.
    """

    name: str
    label: str
    kind: str = "text"
    value: Any = ""
    required: bool = True
    hint: str = ""
    wrong: str = ""
    choices: tuple[Choice, ...] = ()
    levels: tuple[Level, ...] = ()
    entries: tuple[Entry, ...] = ()
    grow: bool = False
    narrow_at: str = ""
    problem: str = ""

    @property
    def id(self) -> str:
        return "q-" + self.name.replace(".", "-")

    @property
    def described(self) -> str:
        said = (("problem", self.problem), ("hint", self.hint), ("wrong", self.wrong))
        parts = [f"{self.id}-{kind}" for kind, text in said if text]
        return " ".join(parts)

    @property
    def is_select(self) -> bool:
        return self.kind == FieldType.CHOICE and len(self.choices) > MOST_RADIOS


@dataclass(frozen=True, slots=True)
class Fault:
    """A line of the summary above a form; it leads to the box. page: address of the box's page, empty for this one."""

    id: str
    label: str
    sentence: str
    page: str = ""


def choices_of(options: Iterable[Option], value: Any) -> tuple[Choice, ...]:
    chosen = set(value) if isinstance(value, list | tuple) else {value}
    return tuple(Choice(option.value, option.label, option.value in chosen) for option in options)


def place_box(
    name: str,
    label: str,
    value: str,
    *,
    required: bool = True,
    hint: str = "",
    wrong: str = "",
    narrow_at: str = "",
) -> Box:
    """Selects for province, city and county. narrow_at: where a page without JavaScript goes for the next level."""
    return Box(
        name=name,
        label=label,
        kind="place",
        value=value,
        required=required,
        hint=hint,
        wrong=wrong,
        levels=tuple(_levels(value)),
        narrow_at=narrow_at,
    )


def _levels(value: str) -> Iterator[Level]:
    try:
        chosen = list(reversed(nearest_first(full_code(value)))) if value else []
    except ValueError:
        chosen = []
    above = ""
    for depth in range(len(PLACE_LEVELS)):
        here = [(division.code, division.name) for division in divisions_under(above)]
        if not here:
            return
        labels = MUNICIPAL_LEVELS if chosen and _is_flat(chosen[0]) else PLACE_LEVELS
        picked = next((code for code, _ in here if code in chosen), "")
        level = say(f"box.{labels[min(depth, len(labels) - 1)]}")
        yield Level(level, tuple(Choice(code, text, code == picked) for code, text in here))
        if not picked:
            return
        above = picked


def _is_flat(province: str) -> bool:
    """The four municipalities have no second level."""
    return province[:2] in ("11", "12", "31", "50")


def read_place(name: str, post: QueryDict) -> str:
    """The deepest level that lies inside the one above it: a select left over from another province is not meant."""
    found = ""
    for code in post.getlist(name):
        if len(code) == 12 and code.isdigit() and (not found or code.startswith(stem(found))):
            found = code
        elif code:
            break
    return found
