"""What becomes of each part before it is handed in, in which order, and how long all of it takes at most."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from tongban.base.limits import Limit, Unit
from tongban.bundles.rules.asking import Open
from tongban.bundles.rules.definition import Bundle, Elsewhere, Part
from tongban.catalogue.rules.definition import Definition


class Fate(StrEnum):
    """open: handed in with the bundle. apart: she needs it, and has to do it by another way. skipped: not needed.

    unknown: its place is not said yet.
    """

    OPEN = "open"
    APART = "apart"
    SKIPPED = "skipped"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Prospect:
    """A part as it stands for these answers. why: reason code of `[bundle_apart]`, or of a route, with its facts."""

    part: Part
    fate: Fate
    place: str = ""
    definition: Definition | None = None
    why: str = ""
    facts: Mapping[str, Any] | None = None

    @property
    def limit(self) -> Limit | None:
        return self.definition.limits.promised if self.definition else None


def opened(prospects: Sequence[Prospect], here: str) -> list[Open]:
    return [
        Open(entry.part, entry.definition, entry.place, here, bool(waits_for(entry.part, prospects)))
        for entry in prospects
        if entry.fate is Fate.OPEN and entry.definition is not None
    ]


def needed_elsewhere(bundle: Bundle, answers: Mapping[str, Any]) -> list[Elsewhere]:
    return [entry for entry in bundle.elsewhere if entry.when is None or entry.when.holds(answers)]


def waits_for(part: Part, prospects: Sequence[Prospect]) -> str:
    """Key of the part of this bundle that has to be granted before; empty where nothing here comes before it.

    One that is skipped is passed over: what it waits for is then waited for.
    """
    known = {entry.part.key: entry for entry in prospects}
    before = known.get(part.after)
    while before is not None and before.fate is not Fate.OPEN:
        before = known.get(before.part.after)
    return before.part.key if before else ""


@dataclass(frozen=True, slots=True)
class Span:
    """The longest way from handing in to the last decision: parts one after the other, and their limits added up.

    Working days, natural days and hours are not the same thing and stay apart.
    """

    parts: tuple[str, ...]
    working: int
    natural: int


def longest(parts: Sequence[Part], limits: Mapping[str, Limit]) -> Span:
    """Over the parts that take place, each with the limit that its item promises."""
    ways: dict[str, Span] = {}
    for part in parts:
        before = ways.get(part.after, Span((), 0, 0))
        limit = limits.get(part.key)
        working = limit.count if limit and limit.unit is Unit.WORKING else 0
        natural = limit.count if limit and limit.unit is Unit.NATURAL else 0
        natural += -(-limit.count // 24) if limit and limit.unit is Unit.HOURS else 0
        ways[part.key] = Span((*before.parts, part.key), before.working + working, before.natural + natural)
    return max(ways.values(), key=_length, default=Span((), 0, 0))


def _length(span: Span) -> tuple[float, int]:
    """Seven natural days are five working days."""
    return span.working * 7 / 5 + span.natural, len(span.parts)


def visits(definitions: Sequence[Definition]) -> int:
    """How often she has to go somewhere; two parts at one place may take one way, but nobody promises it."""
    return sum(definition.visits.count for definition in definitions)
