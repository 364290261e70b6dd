"""The boxes of people: one person after the other, or a roster that is pasted, one person a line."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from django.http import QueryDict

from tongban.base.identifiers import tidy
from tongban.base.words import say
from tongban.catalogue.rules import Field, NumberKind
from tongban.orgs.queries import codes_of_places, place_names
from tongban.web.boxes.shapes import MOST_ENTRIES, Box, Entry, choices_of, place_box, read_place

KEYS = ("name", "id_number", "relation")
NUMBER_WORDS = {NumberKind.IDENTITY: "id_number", NumberKind.ANY: "any_number", NumberKind.OPTIONAL: "optional_number"}


def is_roster(field: Field) -> bool:
    return (field.most or 0) > MOST_ENTRIES


def person_entry(field: Field, index: int, row: Any, faults: Mapping[str, str]) -> Entry:
    person = row if isinstance(row, Mapping) else {}
    path = f"{field.name}.{index}"

    def box(key: str, label: str, kind: str, **more: Any) -> Box:
        name = f"{path}.{key}"
        return Box(name, label, kind, person.get(key, ""), wrong=faults.get(name, ""), **more)

    number = say(f"box.{NUMBER_WORDS[field.number]}")
    needed = field.number is not NumberKind.OPTIONAL
    boxes = [box("name", say("box.name"), "text"), box("id_number", number, "identity_number", required=needed)]
    if field.options:
        relations = choices_of(field.options, person.get("relation"))
        boxes.append(box("relation", say("box.relation"), "choice", choices=relations))
    if field.place:
        name = f"{path}.place"
        boxes.append(place_box(name, field.place, str(person.get("place") or ""), wrong=faults.get(name, "")))
    return Entry(say("box.nth_person", number=index + 1), tuple(boxes))


def roster_box(field: Field, people: Sequence[Any], faults: Mapping[str, str]) -> Box:
    """One text with a line for each person; what is wrong is told by the number of the person."""
    rows = [row for row in people if isinstance(row, Mapping)]
    places = place_names({str(row["place"]) for row in rows if row.get("place")})
    labels = {option.value: option.label for option in field.options}
    lines = []
    for row in rows:
        relation, place = str(row.get("relation") or ""), str(row.get("place") or "")
        cells = [str(row.get("name") or ""), str(row.get("id_number") or "")]
        cells += [labels.get(relation, relation)] if field.options else []
        cells += [places.get(place, place)] if field.place else []
        lines.append("\t".join(cells))
    return Box(
        name=field.name,
        label=field.label,
        kind="roster",
        value="\n".join(lines),
        required=field.required,
        hint=" ".join([say("box.roster", columns=say("box.and").join(_columns(field)), most=field.most), field.help]),
        wrong=" ".join(_wrong(field, faults)),
    )


def _columns(field: Field) -> list[str]:
    found = [say("box.name"), say(f"box.{NUMBER_WORDS[field.number]}")]
    found += [say("box.relation")] if field.options else []
    return found + ([field.place] if field.place else [])


def _wrong(field: Field, faults: Mapping[str, str]) -> Iterator[str]:
    for path, sentence in faults.items():
        name, _, rest = path.partition(".")
        if name != field.name:
            continue
        number = rest.partition(".")[0]
        told = say("box.nth_person", number=int(number) + 1) if number.isdigit() else ""
        yield say("box.line_wrong", whose=told, sentence=sentence) if told else sentence


def read_people(field: Field, post: QueryDict) -> list[dict[str, str]]:
    if is_roster(field):
        return _read_roster(field, post.get(field.name, ""))
    people = []
    for index in range(MOST_ENTRIES):
        path = f"{field.name}.{index}"
        if f"{path}.name" not in post:
            break
        person = {key: post.get(f"{path}.{key}", "").strip() for key in KEYS}
        person["id_number"] = tidy(person["id_number"])
        person["place"] = read_place(f"{path}.place", post) if field.place else ""
        if any(person.values()):
            people.append({key: value for key, value in person.items() if value})
    return people


def _read_roster(field: Field, text: str) -> list[dict[str, str]]:
    """Columns between tabs or commas, as a spreadsheet or a list gives them; else between spaces."""
    keys = ["name", "id_number", *(["relation"] if field.options else []), *(["place"] if field.place else [])]
    rows = [_cells(line) for line in text.splitlines() if line.strip()]
    people = [dict(zip(keys, cells, strict=False)) for cells in rows[: field.most]]
    codes = codes_of_places({person["place"] for person in people if "place" in person})
    relations = {option.label: option.value for option in field.options}
    for person in people:
        person["id_number"] = tidy(person.get("id_number", ""))
        if "place" in person:
            person["place"] = codes.get(person["place"], person["place"])
        if "relation" in person:
            person["relation"] = relations.get(person["relation"], person["relation"])
    return [{key: value for key, value in person.items() if value} for person in people]


def _cells(line: str) -> list[str]:
    between = r"[\t,，]" if re.search(r"[\t,，]", line) else r"\s+"
    return [cell.strip() for cell in re.split(between, line.strip())]
