"""The boxes of a form: what a page shows for each kind of field, and what comes back from it.

One template, `web/parts/box.html`, draws them all. Works without JavaScript: a place is chosen level by level, a list
grows by a button, and both only ask for the same page again.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.http import QueryDict

from tongban.base.identifiers import tidy
from tongban.base.words import say
from tongban.catalogue.rules import Field, FieldType, Option, Situation
from tongban.orgs.queries import divisions_under
from tongban.orgs.rules import full_code, nearest_first, stem

PLACE_LEVELS = ("province", "city", "county")
MUNICIPAL_LEVELS = ("province", "county")
MOST_RADIOS = 7
MOST_ENTRIES = 50
NUMBERS = (FieldType.IDENTITY_NUMBER, FieldType.CREDIT_CODE)
YES_NO = tuple(Option(value, say(f"yes_no.{value}")) for value in ("yes", "no"))


@dataclass(frozen=True, slots=True)
class Choice:
    value: str
    label: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class Level:
    """One of the selects in which a place is chosen, from the province down."""

    label: str
    choices: tuple[Choice, ...]


@dataclass(frozen=True, slots=True)
class Entry:
    """One of several: a person, or one place of many."""

    legend: str
    boxes: tuple["Box", ...]


@dataclass(frozen=True, slots=True)
class Box:
    """kind: a FieldType. wrong: what is wrong with the value, in words. problem: what an authority found wrong with it.

    grow: whether there is a button for one more. narrow_at: where a page without JavaScript goes for the next level.
    """

    name: str
    label: str
    kind: str = "text"
    value: Any = ""
    required: bool = True
    hint: str = ""
    wrong: str = ""
    choices: tuple[Choice, ...] = ()
    levels: tuple[Level, ...] = ()
    entries: tuple[Entry, ...] = ()
    grow: bool = False
    narrow_at: str = ""
    problem: str = ""

    @property
    def id(self) -> str:
        return "q-" + self.name.replace(".", "-")

    @property
    def described(self) -> str:
        said = (("problem", self.problem), ("hint", self.hint), ("wrong", self.wrong))
        parts = [f"{self.id}-{kind}" for kind, text in said if text]
        return " ".join(parts)

    @property
    def is_select(self) -> bool:
        return self.kind == FieldType.CHOICE and len(self.choices) > MOST_RADIOS


@dataclass(frozen=True, slots=True)
class Fault:
    """A line of the summary above a form; it leads to the box. page: address of the box's page, empty for this one."""

    id: str
    label: str
    sentence: str
    page: str = ""


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


def choices_of(options: Iterable[Option], value: Any) -> tuple[Choice, ...]:
    chosen = set(value) if isinstance(value, list | tuple) else {value}
    return tuple(Choice(option.value, option.label, option.value in chosen) for option in options)


def place_box(
    name: str,
    label: str,
    value: str,
    *,
    required: bool = True,
    hint: str = "",
    wrong: str = "",
    narrow_at: str = "",
) -> Box:
    """Selects for province, city and county. narrow_at: where a page without JavaScript goes for the next level."""
    return Box(
        name=name,
        label=label,
        kind="place",
        value=value,
        required=required,
        hint=hint,
        wrong=wrong,
        levels=tuple(_levels(value)),
        narrow_at=narrow_at,
    )


def _levels(value: str) -> Iterator[Level]:
    try:
        chosen = list(reversed(nearest_first(full_code(value)))) if value else []
    except ValueError:
        chosen = []
    above = ""
    for depth in range(len(PLACE_LEVELS)):
        here = [(division.code, division.name) for division in divisions_under(above)]
        if not here:
            return
        labels = MUNICIPAL_LEVELS if chosen and _is_flat(chosen[0]) else PLACE_LEVELS
        picked = next((code for code, _ in here if code in chosen), "")
        level = say(f"box.{labels[min(depth, len(labels) - 1)]}")
        yield Level(level, tuple(Choice(code, text, code == picked) for code, text in here))
        if not picked:
            return
        above = picked


def _is_flat(province: str) -> bool:
    """The four municipalities have no second level."""
    return province[:2] in ("11", "12", "31", "50")


def _list_box(field: Field, value: Any, faults: Mapping[str, str], *, grow: bool) -> Box:
    rows = list(value) if isinstance(value, list | tuple) else []
    most = min(field.most or MOST_ENTRIES, MOST_ENTRIES)
    shown = min(max(len(rows) + (1 if grow else 0), 1), most)
    entry = _place_entry if field.type is FieldType.PLACES else _person_entry
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


def _person_entry(field: Field, index: int, row: Any, faults: Mapping[str, str]) -> Entry:
    person = row if isinstance(row, Mapping) else {}
    path = f"{field.name}.{index}"

    def box(key: str, label: str, kind: str, **more: Any) -> Box:
        name = f"{path}.{key}"
        return Box(name, label, kind, person.get(key, ""), wrong=faults.get(name, ""), **more)

    boxes = [box("name", say("box.name"), "text"), box("id_number", say("box.id_number"), "identity_number")]
    if field.options:
        relations = choices_of(field.options, person.get("relation"))
        boxes.append(box("relation", say("box.relation"), "choice", choices=relations))
    return Entry(say("box.nth_person", number=index + 1), tuple(boxes))


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
    return found | {field.name: read_field(field.name, field.type, post) for field in fields}


def read_field(name: str, kind: FieldType, post: QueryDict) -> Any:
    if kind is FieldType.PLACE:
        return read_place(name, post)
    if kind is FieldType.PLACES:
        places = [read_place(f"{name}.{index}", post) for index in range(MOST_ENTRIES) if f"{name}.{index}" in post]
        return [place for place in places if place]
    if kind is FieldType.CHOICES:
        return [value for value in post.getlist(name) if value]
    if kind is FieldType.PEOPLE:
        return _read_people(name, post)
    text = post.get(name, "").replace("\r\n", "\n").strip()
    if kind in NUMBERS:
        return tidy(text)
    return text.replace(",", "").replace("，", "") if kind is FieldType.MONEY else text


def read_place(name: str, post: QueryDict) -> str:
    """The deepest level that lies inside the one above it: a select left over from another province is not meant."""
    found = ""
    for code in post.getlist(name):
        if len(code) == 12 and code.isdigit() and (not found or code.startswith(stem(found))):
            found = code
        elif code:
            break
    return found


def _read_people(name: str, post: QueryDict) -> list[dict[str, str]]:
    people = []
    for index in range(MOST_ENTRIES):
        path = f"{name}.{index}"
        if f"{path}.name" not in post:
            break
        person = {key: post.get(f"{path}.{key}", "").strip() for key in ("name", "id_number", "relation")}
        person["id_number"] = tidy(person["id_number"])
        if any(person.values()):
            people.append({key: value for key, value in person.items() if value})
    return people
