"""What a supplement may bring: answers and papers that the item has, in their form."""

from collections.abc import Mapping, Sequence
from typing import Any

from tongban.catalogue.rules.definition import Definition
from tongban.catalogue.rules.values import choice_faults, field_faults


def wrong_supplements(
    answers: Mapping[str, Any], materials: Sequence[Mapping[str, Any]], definition: Definition
) -> dict[str, str]:
    """What is given must be an answer or a paper of the item, in its form."""
    faults: dict[str, str] = {}
    situations = {entry.key: entry.options for entry in definition.situations}
    for name, answer in answers.items():
        field = definition.field(name)
        if field is not None:
            # Whether invented numbers pass is decided where the application is made.
            found = field_faults(field, answer, demo=True)
        elif name in situations:
            found = choice_faults(name, situations[name], answer)
        else:
            found = {name: "answer_not_asked"}
        faults |= {f"answers.{path}": reason for path, reason in found.items()}
    known = {material.key for material in definition.materials}
    strangers = [material["key"] for material in materials if material["key"] not in known]
    return faults | {f"materials.{key}": "not_expected" for key in strangers}
