"""The box of each kind of field, and what comes back from it."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.http import QueryDict

from tongban.base.identifiers import tidy
from tongban.base.words import say
from tongban.catalogue.rules import Field, FieldType, Option, Situation
from tongban.web.boxes.people import is_roster, person_entry, read_people, roster_box
from tongban.web.boxes.shapes import MOST_ENTRIES, Box, Entry, Fault, choices_of, place_box, read_place

NUMBERS = (FieldType.IDENTITY_NUMBER, FieldType.CREDIT_CODE)
YES_NO = tuple(Option(value, say(f"yes_no.{value}")) for value in ("yes", "no"))


def box_of(field: Field, value: Any, faults: Mapping[str, str], *, grow: bool = False) -> Box:
    """The box of a field of the catalogue. faults: path -> sentence."""
    if field.type in (FieldType.PLACES, FieldType.PEOPLE):
        return _list_box(field, value or [], faults, grow=grow)
    if field.type is FieldType.PLACE:
        place = str(value or "")
        return place_box(
            field.name, field.label, place, required=field.required, hint=field.help, wrong=faults.get(field.name, "")
        )
    options = YES_NO if field.type is FieldType.YES_NO else field.options
    return Box(
        name=field.name,
        label=field.label,
        kind="choice" if field.type is FieldType.YES_NO else str(field.type),
        value=value or "",
        required=field.required,
        hint=field.help,
        wrong=faults.get(field.name, ""),
        choices=choices_of(options, value),
    )


def situation_box(situation: Situation, value: Any, faults: Mapping[str, str]) -> Box:
    return Box(
        name=situation.key,
        label=situation.question,
        kind="choice",
        value=value or "",
        hint=situation.help,
        wrong=faults.get(situation.key, ""),
        choices=choices_of(situation.options, value),
    )


def _list_box(field: Field, value: Any, faults: Mapping[str, str], *, grow: bool) -> Box:
    rows = list(value) if isinstance(value, list | tuple) else []
    if is_roster(field):
        return roster_box(field, rows, faults)
    most = min(field.most or MOST_ENTRIES, MOST_ENTRIES)
    shown = min(max(len(rows) + (1 if grow else 0), 1), most)
    entry = _place_entry if field.type is FieldType.PLACES else person_entry
    return Box(
        name=field.name,
        label=field.label,
        kind=str(field.type),
        required=field.required,
        hint=field.help,
        wrong=faults.get(field.name, ""),
        entries=tuple(
            entry(field, index, rows[index] if index < len(rows) else None, faults) for index in range(shown)
        ),
        grow=shown < most,
    )


def _place_entry(field: Field, index: int, row: Any, faults: Mapping[str, str]) -> Entry:
    name, label = f"{field.name}.{index}", say("box.nth_place", number=index + 1)
    return Entry("", (place_box(name, label, str(row or ""), required=field.required, wrong=faults.get(name, "")),))


def faults_of(boxes: Iterable[Box]) -> list[Fault]:
    """The summary, in the order of the page."""
    found: list[Fault] = []
    for box in boxes:
        if box.wrong:
            found.append(Fault(box.id, box.label, box.wrong))
        for entry in box.entries:
            for fault in faults_of(entry.boxes):
                label = say("box.of", whose=entry.legend, label=fault.label) if entry.legend else fault.label
                found.append(Fault(fault.id, label, fault.sentence))
    return found


def read_answers(fields: Iterable[Field], situations: Iterable[Situation], post: QueryDict) -> dict[str, Any]:
    """What the page sent for these questions, in the form that the catalogue's rules want."""
    found: dict[str, Any] = {situation.key: post.get(situation.key, "") for situation in situations}
    return found | {field.name: read_field(field, post) for field in fields}


def read_field(field: Field, post: QueryDict) -> Any:
    name, kind = field.name, field.type
    if kind is FieldType.PLACE:
        return read_place(name, post)
    if kind is FieldType.PLACES:
        places = [read_place(f"{name}.{index}", post) for index in range(MOST_ENTRIES) if f"{name}.{index}" in post]
        return [place for place in places if place]
    if kind is FieldType.CHOICES:
        return [value for value in post.getlist(name) if value]
    if kind is FieldType.PEOPLE:
        return read_people(field, post)
    text = post.get(name, "").replace("\r\n", "\n").strip()
    if kind in NUMBERS:
        return tidy(text)
    return text.replace(",", "").replace("，", "") if kind is FieldType.MONEY else text
