"""Whether the text of a draft may be sent for review: every fault by its line."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from tongban.base.errors import Rejected
from tongban.base.words import say
from tongban.catalogue.rules.definition import Definition
from tongban.catalogue.rules.guide import guide_faults
from tongban.catalogue.rules.reading import lines_at, read_standard

FILE = "standard.toml"
"""What the text is called while it is read."""


@dataclass(frozen=True, slots=True)
class Checked:
    """content, definition: None where the text cannot be read. faults: line (from 1), and what is wrong there."""

    content: Mapping[str, Any] | None
    definition: Definition | None
    faults: tuple[tuple[int, str], ...]


def check_text(text: str, *, key: str, name: str) -> Checked:
    """What the text says, and what stands in the way of sending it. key, name: of the item that it must be of."""
    try:
        content, definition = read_standard([(FILE, text)])
    except Rejected as refusal:
        found = [(int(place.rpartition(":")[2]), what) for place, what in refusal.fields.items()]
        return Checked(None, None, tuple(sorted(found)))
    wrong = dict(guide_faults(definition))
    if definition.key != key:
        wrong["key"] = say("guide.key", key=key)
    if definition.name != name:
        wrong["name"] = say("guide.name", name=name)
    faults = tuple((line, what) for line, said in lines_at(text, wrong).items() for what in said)
    return Checked(content, definition, faults)
