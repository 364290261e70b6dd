"""Answers and materials as people read them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from tongban.base.words import has, say, say_day
from tongban.catalogue.rules import (
    Definition,
    Field,
    FieldType,
    Option,
    Situation,
    needed_materials,
    places_named,
    visible_fields,
    visible_situations,
)
from tongban.catalogue.rules.answers import places_in
from tongban.orgs.queries import place_names


@dataclass(frozen=True, slots=True)
class Shown:
    """A question and its answer, one line or several."""

    name: str
    label: str
    lines: tuple[str, ...]


def shown_situations(definition: Definition, answers: Mapping[str, Any]) -> list[Shown]:
    return [
        Shown(entry.key, entry.question, (_label(entry.options, answers.get(entry.key)),))
        for entry in visible_situations(definition, answers)
    ]


def shown_fields(definition: Definition, answers: Mapping[str, Any]) -> list[Shown]:
    """Every question that these answers lead to, unanswered ones with an empty answer."""
    places = place_names(places_named(definition, answers).values())
    return [
        Shown(entry.name, entry.label, tuple(_lines(entry, answers.get(entry.name), places)))
        for entry in visible_fields(definition, answers)
    ]


def shown_answer(name: str, label: str, asked: Field | Situation, answer: Any) -> Shown:
    """One question by itself; its places are looked up for it alone."""
    if isinstance(asked, Situation):
        return Shown(name, label, (_label(asked.options, answer),) if answer else ())
    codes = {code for code in places_in(answer) if isinstance(code, str)} if asked.names_places else set[str]()
    return Shown(name, label, tuple(_lines(asked, answer, place_names(codes))))


def shown_answers(definition: Definition, answers: Mapping[str, Any]) -> list[Shown]:
    return shown_situations(definition, answers) + shown_fields(definition, answers)


def shown_materials(
    definition: Definition, answers: Mapping[str, Any], materials: Sequence[Mapping[str, Any]]
) -> list[Shown]:
    """The materials that were handed in, by the names that the item gives them."""
    names = {material.key: material.name for material in needed_materials(definition, answers)}
    return [
        Shown(entry["key"], names.get(entry["key"], entry["key"]), (str(entry.get("name") or say("state.submitted")),))
        for entry in materials
    ]


def _lines(field: Field, answer: Any, places: Mapping[str, str]) -> list[str]:
    if answer in (None, "", []):
        return []
    if field.type is FieldType.PLACE:
        return [places.get(answer, answer)]
    if field.type is FieldType.PLACES:
        return [places.get(place, place) for place in answer]
    if field.type is FieldType.CHOICES:
        return [_label(field.options, value) for value in answer]
    if field.type is FieldType.PEOPLE:
        return [_person(field, person, places) for person in answer]
    if field.type is FieldType.CHOICE:
        return [_label(field.options, answer)]
    if field.type is FieldType.YES_NO:
        return [say(f"yes_no.{answer}") if has(f"yes_no.{answer}") else answer]
    if field.type is FieldType.DATE:
        return [_day(answer)]
    if field.type is FieldType.MONEY:
        return [say("format.yuan", amount=answer)]
    return str(answer).splitlines()


def _person(field: Field, person: Mapping[str, str], places: Mapping[str, str]) -> str:
    relation = _label(field.options, person.get("relation")) if person.get("relation") else ""
    place = f"{field.place}：{places.get(person['place'], person['place'])}" if person.get("place") else ""
    return "，".join(part for part in (person.get("name", ""), person.get("id_number", ""), relation, place) if part)


def _label(options: tuple[Option, ...], value: Any) -> str:
    return next((option.label for option in options if option.value == value), str(value or ""))


def readable(facts: Mapping[str, Any]) -> dict[str, Any]:
    """Facts of a refusal or a route, with days as they are written in a sentence."""
    return {name: _day(value) if isinstance(value, str) else value for name, value in facts.items()}


def _day(text: str) -> str:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return text
    return say_day(day)


def takes_part(definition: Definition) -> list[str]:
    """Who takes part beside the applicant, a sentence each."""
    parties = definition.parties
    if parties is None:
        return []
    labels = {field.name: field.label for field in definition.fields}
    roles = {"signs": parties.signing, "concerned": (parties.subject,), "each": (parties.persons,)}
    lines = [say(f"takes_part.{role}", who=labels[name]) for role, names in roles.items() for name in names if name]
    facts = {"together": parties.together, "no_agent": not parties.agent, "alone": parties.withdraws_alone}
    facts["ex_officio"] = parties.ex_officio
    return [*lines, *(say(f"takes_part.{fact}") for fact, holds in facts.items() if holds)]
