"""How long contents are kept."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass

from tongban.catalogue.rules.kinds import Pattern

OTHER = "other"
SIMPLE = ("draft", "sent", "copy", "file", "journal")


@dataclass(frozen=True, slots=True)
class Periods:
    """All in days. home: of cases whose home is here, by pattern; what each counts from stands in the data file."""

    draft: int
    sent: int
    copy: int
    file: int
    journal: int
    home: Mapping[Pattern, int]

    def home_groups(self) -> list[tuple[int, frozenset[Pattern]]]:
        """Patterns kept equally long, the shortest first."""
        days = sorted(set(self.home.values()))
        return [(count, frozenset(key for key in self.home if self.home[key] == count)) for count in days]


def read_periods(text: str) -> Periods:
    """Read the data file. Raises ValueError with a sentence for the operator."""
    try:
        given = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ValueError(f"The periods of retention cannot be read: {error}") from error
    home = given.pop("home", None)
    if set(given) != set(SIMPLE) or not isinstance(home, dict) or OTHER not in home:
        raise ValueError(f"The periods of retention are {', '.join(SIMPLE)}, and a table home with {OTHER}.")
    if strangers := set(home) - {OTHER, *Pattern}:
        raise ValueError(f"No pattern of items is called {', '.join(sorted(strangers))}.")
    for name, days in [*given.items(), *home.items()]:
        if isinstance(days, bool) or not isinstance(days, int) or days < 1:
            raise ValueError(f"The period of {name} is a number of days, at least 1.")
    return Periods(**given, home={pattern: home[pattern if pattern in home else OTHER] for pattern in Pattern})
