"""Limits as the law writes them: so many working days, natural days or hours; validities in months or years too."""

from dataclasses import dataclass
from enum import StrEnum


class Unit(StrEnum):
    WORKING = "working"
    NATURAL = "natural"
    HOURS = "hours"
    MONTHS = "months"
    YEARS = "years"


OF_LIMITS = frozenset({Unit.WORKING, Unit.NATURAL, Unit.HOURS})
"""Units in which time to act is counted; a validity may also be of months and years."""


@dataclass(frozen=True, slots=True)
class Limit:
    """count of a unit; 0 means at once, on the same day."""

    count: int
    unit: Unit

    def __str__(self) -> str:
        return f"{self.count} {self.unit}"


def parse_limit(text: str) -> Limit:
    """Read "15 working", "30 natural", "48 hours", "6 months" or "5 years". Raises ValueError on anything else."""
    count, _, unit = text.partition(" ")
    if not (count.isascii() and count.isdigit() and len(count) <= 4):
        raise ValueError(f"a limit is a number and a unit, for example '15 working', not {text!r}")
    try:
        return Limit(int(count), Unit(unit))
    except ValueError as error:
        raise ValueError(f"the unit of a limit is one of {', '.join(Unit)}, not {unit!r}") from error
