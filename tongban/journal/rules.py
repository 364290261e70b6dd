"""What may stand in the journal."""

import re
from collections.abc import Mapping

LONGEST_TEXT = 100
LONGEST_FACT = 300
MOST_FACTS = 20
LOOK = "look"

_EVENT = re.compile(r"[a-z][a-z0-9_]{1,59}")
_LONG_NUMBER = re.compile(r"(?<![0-9A-Za-z])(?:[0-9]{17}[0-9Xx]|1[0-9]{10})(?![0-9A-Za-z])")


def is_event(name: str) -> bool:
    """Whether the name is one: small letters, digits and underscores."""
    return _EVENT.fullmatch(name) is not None


def without_numbers(text: str) -> str:
    """The text with everything that looks like an identity number or a mobile number blacked out."""
    return _LONG_NUMBER.sub("***", text)


def clean_facts(facts: Mapping[str, object]) -> dict[str, str]:
    """Facts as short texts without personal numbers, at most twenty of them."""
    return {
        str(key)[:LONGEST_TEXT]: without_numbers(str(value))[:LONGEST_FACT]
        for key, value in list(facts.items())[:MOST_FACTS]
        if value is not None
    }
