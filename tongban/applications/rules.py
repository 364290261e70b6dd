"""When an application can be handed in, and what stands in the ask that goes to the home."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from tongban.base.errors import Rejected
from tongban.catalogue.rules.answers import check_answers, needed_materials
from tongban.catalogue.rules.definition import Definition
from tongban.catalogue.rules.kinds import Mode
from tongban.catalogue.rules.taking_part import Signer


class Channel(StrEnum):
    """portal: the person alone. helped: a clerk helped under the person's log-in (帮办). counter: a clerk received."""

    PORTAL = "portal"
    HELPED = "helped"
    COUNTER = "counter"


IDENTITY_WAYS = ("card_seen", "card_read", "face_compared", "company_papers", "other")
"""How a counter makes sure who stands before it; the words are under `[identity_way]`."""

SERVED_AS = {
    "natural": "1",
    "enterprise": "2",
    "institution": "3",
    "social_organization": "4",
    "government": "5",
    "other": "6",
}
"""Kind of person -> code of 服务对象 in GB/T 39046 annex A.4, as definitions name them."""


@dataclass(frozen=True, slots=True)
class Check:
    """One line of the counter's checklist. original: an original is held; compare: it is compared and given back."""

    key: str
    name: str
    required: bool
    original: bool
    compare: bool
    shared: bool
    standard: str
    given: bool


def checklist(definition: Definition, content: Mapping[str, Any]) -> tuple[Check, ...]:
    """What the item asks for under these answers, and what of it is there."""
    given = {material["key"] for material in content["materials"]}
    held = {original["material"] for original in content["custody"]}
    return tuple(
        Check(
            key=material.key,
            name=material.name,
            required=material.required and not material.shared and not material.off_platform,
            original=material.original,
            compare=material.check_original,
            shared=material.shared,
            standard=material.accept_standard,
            given=material.key in given
            and (not material.original or material.key in held or not content["at_counter"]),
        )
        for material in needed_materials(definition, content["answers"])
    )


def faults(definition: Definition, content: Mapping[str, Any], *, demo: bool, on: date | None = None) -> dict[str, str]:
    """Everything that stands in the way of handing it in, at one time: "answers.x" and "materials.y" -> reason code."""
    wrong = check_answers(definition, content["answers"], demo=demo, on=on)
    found = {f"answers.{path}": reason for path, reason in wrong.items()}
    for line in checklist(definition, content):
        if line.required and not line.given:
            found[f"materials.{line.key}"] = "material_missing"
    known = {material.key for material in definition.materials}
    for material in content["materials"]:
        if material["key"] not in known:
            found[f"materials.{material['key']}"] = "material_unknown"
    return found


def check_complete(definition: Definition, content: Mapping[str, Any], *, demo: bool, on: date) -> None:
    """Raises Rejected("invalid") naming everything that stands in the way."""
    if found := faults(definition, content, demo=demo, on=on):
        raise Rejected("invalid", fields=found)


def identity_of(signer: Signer) -> dict[str, str]:
    """Kind, name and number of one who signs, as people are written down; GB 32100: the first places name the kind."""
    person = signer.person
    if signer.is_natural:
        return {"kind": "natural", "name": person.name, "id_type": "identity_card", "id_number": person.number}
    kinds = (("12", "institution"), ("1", "government"), ("5", "social_organization"), ("9", "enterprise"))
    kind = next((name for start, name in kinds if person.number.startswith(start)), "other")
    return {"kind": kind, "name": person.name, "id_type": "credit_code", "id_number": person.number}


def modes_for(channel: Channel, allowed: Iterable[Mode]) -> tuple[Mode, ...]:
    """The modes a channel can be used for: a counter receives for 代收代办 and 多地联办, a portal for the others."""
    fitting = {Mode.COUNTER, Mode.JOINT} if channel is Channel.COUNTER else {Mode.ONLINE, Mode.JOINT}
    return tuple(mode for mode in allowed if mode in fitting)


def empty_content(*, at_counter: bool) -> dict[str, Any]:
    return {"answers": {}, "materials": [], "custody": [], "identity_check": None, "at_counter": at_counter}
