"""Every place in which two contents differ, to the letter: what `comparing` leaves out as wording is still a change."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

NAMES = ("key", "name", "text", "ask", "ways")
"""What an entry of a list is known by, so that one that moved is not taken for another."""


@dataclass(frozen=True, slots=True)
class TextChange:
    """path: dotted, an entry of a list by what it is known by. Empty before: it is new; empty after: it is gone."""

    path: str
    before: str
    after: str


def text_changes(before: Mapping[str, Any], after: Mapping[str, Any]) -> tuple[TextChange, ...]:
    """In the order of the paths."""
    old, new = dict(_leaves("", before)), dict(_leaves("", after))
    paths = sorted(old.keys() | new.keys())
    return tuple(
        TextChange(path, old.get(path, ""), new.get(path, "")) for path in paths if old.get(path) != new.get(path)
    )


def _leaves(path: str, value: Any) -> Iterator[tuple[str, str]]:
    if isinstance(value, Mapping):
        for key, entry in value.items():
            yield from _leaves(f"{path}.{key}" if path else key, entry)
    elif isinstance(value, list) and all(isinstance(entry, Mapping) for entry in value):
        seen: dict[str, int] = {}
        for entry in value:
            name = next((str(entry[key]) for key in NAMES if entry.get(key)), "")
            seen[name] = seen.get(name, 0) + 1
            again = f"#{seen[name]}" if seen[name] > 1 else ""
            yield from _leaves(f"{path}[{name}{again}]", entry)
    elif isinstance(value, list):
        yield path, "\n".join(map(str, value))
    else:
        yield path, str(value)
