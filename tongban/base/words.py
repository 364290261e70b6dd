"""The sentences that people read, kept in `tongban/words/zh/*.toml`, found by a dotted key."""

import functools
import tomllib
from datetime import date
from pathlib import Path
from string import Formatter

WORDS = Path(__file__).resolve().parent.parent / "words"


@functools.cache
def _sentences(language: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for path in sorted((WORDS / language).glob("*.toml")):
        for section, entries in tomllib.loads(path.read_text("utf-8")).items():
            for key, sentence in entries.items():
                name = f"{section}.{key}"
                if name in found:
                    raise ValueError(f"{path.name}: {name} is already defined")
                found[name] = sentence
    return found


class _Known(Formatter):
    """Leaves nothing unreplaced: a fact that was not given reads as an empty string."""

    def get_value(self, key: int | str, args: object, kwargs: object) -> object:  # noqa: ARG002
        return kwargs.get(key, "") if isinstance(kwargs, dict) else ""


def has(key: str, *, language: str = "zh") -> bool:
    return key in _sentences(language)


def holes(key: str, *, language: str = "zh") -> frozenset[str]:
    """Names of the facts that the sentence under the key needs. Raises KeyError for a key that is not written yet."""
    return frozenset(name for _, name, _, _ in Formatter().parse(_sentences(language)[key]) if name)


def say(key: str, /, *, language: str = "zh", **facts: object) -> str:
    """The sentence under the key with its facts filled in. Raises KeyError for a key that is not written yet."""
    return _Known().format(_sentences(language)[key], **facts)


def say_day(day: date) -> str:
    """The day as it is written in a sentence: 2026年3月1日."""
    return say("format.day", year=day.year, month=day.month, day=day.day)
