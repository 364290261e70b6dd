"""One set of questions and papers for several items: what is asked once, what is asked under a part, what is wrong."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from tongban.bundles.rules.definition import AFTER_DAY, FIXED, HERE, Bundle, Part, own_name
from tongban.catalogue.rules.answers import (
    check_answers,
    needed_materials,
    places_named,
    tidy_answers,
    visible_fields,
    visible_situations,
)
from tongban.catalogue.rules.definition import APPLICANT_PLACE, Definition
from tongban.catalogue.rules.form import Condition, Example, Field, Material, Situation
from tongban.catalogue.rules.kinds import FieldType
from tongban.catalogue.rules.values import choice_faults, field_faults

Answers = Mapping[str, Any]
LISTS = (FieldType.PLACES, FieldType.CHOICES)


@dataclass(frozen=True, slots=True)
class Open:
    """A part that is handed in with the bundle, as its item stands in the province of its home.

    here: the person's place. waits: whether another part of this bundle has to be granted before; only then can some of
    its questions not be answered yet.
    """

    part: Part
    definition: Definition
    place: str
    here: str
    waits: bool = False

    def target(self, question: str) -> str:
        """What answers a question of the item. The day of the part before is asked for where none comes before."""
        found = self.part.target(question)
        return own_name(self.part.key, question) if found == AFTER_DAY and not self.waits else found

    @property
    def later(self) -> tuple[str, ...]:
        return self.part.later if self.waits else ()


@dataclass(frozen=True, slots=True)
class Group:
    """What is asked under one heading: together for several parts (part is None), or for one alone.

    Names are those under which the answers are kept.
    """

    part: Part | None
    situations: tuple[Situation, ...]
    fields: tuple[Field, ...]

    @property
    def names(self) -> list[str]:
        return [entry.key for entry in self.situations] + [entry.name for entry in self.fields]


@dataclass(frozen=True, slots=True)
class Paper:
    """A paper as it is uploaded, once. required: by at least one of its parts. shared: all parts ask the department."""

    key: str
    name: str
    help: str
    parts: tuple[Part, ...]
    required: bool
    shared: bool
    material: Material


def asked_first(bundle: Bundle, answers: Answers) -> Group:
    """What decides which parts apply and where they lie: the situations, and the homes of the parts that apply."""
    situations = visible_of(bundle, answers)
    homes = {part.home for part in bundle.parts if part.when is None or part.when.holds(answers)}
    return Group(None, situations, tuple(entry for entry in bundle.fields if entry.name in homes))


def visible_of(bundle: Bundle, answers: Answers) -> tuple[Situation, ...]:
    known: dict[str, Any] = {}
    found = []
    for situation in bundle.situations:
        if situation.when is None or situation.when.holds(known):
            found.append(situation)
            known[situation.key] = answers.get(situation.key)
    return tuple(found)


def answers_for(entry: Open, answers: Answers, *, after_day: str = "") -> dict[str, Any]:
    """What the item is told. after_day: on which the part before was granted, empty as long as that is not known."""
    definition, found = entry.definition, dict[str, Any]()
    lists = {field.name for field in definition.fields if field.type in LISTS}
    for name in (*(one.key for one in definition.situations), *(one.name for one in definition.fields)):
        target = entry.target(name)
        value = answers.get(target)
        if target == AFTER_DAY:
            value = after_day
        elif target.startswith(FIXED):
            value = target.removeprefix(FIXED)
        if name in lists and isinstance(value, str) and value:
            value = [value]
        found[name] = value
    if definition.home.field == APPLICANT_PLACE:
        found[APPLICANT_PLACE] = entry.here
    return tidy_answers(definition, found)


def groups(bundle: Bundle, opened: Sequence[Open], answers: Answers) -> list[Group]:
    """The questions after the first ones: those of several parts together, then what is peculiar to each part."""
    together: set[str] = set()
    own = []
    for entry in opened:
        group, shared = _group(entry, answers)
        together |= shared
        own.append(group)
    first = set(asked_first(bundle, answers).names)
    fields = tuple(field for field in bundle.fields if field.name in together - first)
    found = [Group(None, (), fields), *own]
    return [group for group in found if group.names]


def _group(entry: Open, answers: Answers) -> tuple[Group, set[str]]:
    """The part's own questions, and the names of those of the bundle that it wants."""
    part, told = entry.part, answers_for(entry, answers)
    situations, fields, shared = list[Situation](), list[Field](), set[str]()
    for situation in visible_situations(entry.definition, told):
        target = entry.target(situation.key)
        if target == own_name(part.key, situation.key):
            situations.append(replace(situation, key=target))
        shared.add(target)
    for field in visible_fields(entry.definition, told):
        target = entry.target(field.name)
        if target == own_name(part.key, field.name) and field.name not in entry.later:
            fields.append(replace(field, name=target))
        if field.name not in entry.later:
            shared.add(target)
    return Group(part, tuple(situations), tuple(fields)), shared


def papers(bundle: Bundle, opened: Sequence[Open], answers: Answers) -> list[Paper]:
    """What has to be uploaded, each once, in the order of the parts."""
    found: dict[str, Paper] = {}
    for entry in opened:
        for material in needed_materials(entry.definition, answers_for(entry, answers)):
            if material.key in entry.later or material.off_platform:
                continue
            key = entry.part.paper(material.key)
            found[key] = _paper(bundle, found.get(key), key, material, entry.part)
    return list(found.values())


def _paper(bundle: Bundle, before: Paper | None, key: str, material: Material, part: Part) -> Paper:
    required = material.required and not material.shared
    if before is not None:
        parts = (*before.parts, part)
        return replace(
            before, parts=parts, required=before.required or required, shared=before.shared and material.shared
        )
    named = bundle.shared(key)
    name, told = (named.name, named.help) if named else (material.name, material.accept_standard)
    return Paper(key, name, told, (part,), required, material.shared, material)


def faults(
    bundle: Bundle,
    opened: Sequence[Open],
    content: Mapping[str, Any],
    *,
    demo: bool,
    on: date | None = None,
) -> dict[str, str]:
    """Everything that stands in the way of handing in, at one time: "answers.x" and "materials.y" -> reason code."""
    answers, given = content["answers"], content["materials"]
    found = first_faults(bundle, answers)
    for entry in opened:
        told = answers_for(entry, answers)
        for path, reason in check_answers(entry.definition, told, demo=demo, on=on).items():
            if name := _asked_as(bundle, entry, path):
                found.setdefault(f"answers.{name}", reason)
    for paper in papers(bundle, opened, answers):
        if paper.required and paper.key not in given:
            found[f"materials.{paper.key}"] = "material_missing"
    return found


def first_faults(bundle: Bundle, answers: Answers) -> dict[str, str]:
    group = asked_first(bundle, answers)
    found: dict[str, str] = {}
    for situation in group.situations:
        found.update(choice_faults(situation.key, situation.options, answers.get(situation.key)))
    for field in group.fields:
        found.update(field_faults(field, answers.get(field.name), demo=False))
    return {f"answers.{path}": reason for path, reason in found.items()}


def _asked_as(bundle: Bundle, entry: Open, path: str) -> str:
    """Where the person was asked what an item finds fault with; empty for what she cannot answer now."""
    name, dot, rest = path.partition(".")
    target = entry.target(name)
    if name in entry.later or target.startswith((FIXED, "@")):
        return ""
    field = bundle.field(target)
    if field is not None and field.type is FieldType.PLACE:
        return target
    return f"{target}{dot}{rest}"


def places_of(opened: Iterable[Open], bundle: Bundle, answers: Answers) -> dict[str, str]:
    """Path of an answer -> division code, for the caller who knows which divisions exist."""
    found = {}
    for entry in opened:
        for path, code in places_named(entry.definition, answers_for(entry, answers)).items():
            if name := _asked_as(bundle, entry, path):
                found[name] = code
    return found


def home_of(part: Part, answers: Answers, here: str) -> str:
    """Division code of the part's home; empty as long as it is not said."""
    value = here if part.home == HERE else answers.get(part.home)
    return value if isinstance(value, str) else ""


def tidy(bundle: Bundle, opened: Sequence[Open], answers: Answers) -> dict[str, Any]:
    """Without empty answers and those to questions that are not asked."""
    asked = set(asked_first(bundle, answers).names)
    asked |= {name for group in groups(bundle, opened, answers) for name in group.names}
    return {name: value for name, value in answers.items() if name in asked and value not in ("", [], None)}


def example_answers(bundle: Bundle, example: Example, items: Mapping[str, Definition]) -> dict[str, Any]:
    """An example with what is asked under the parts. An answer under the key of a part names an example of its item."""
    found = {name: answer for name, answer in example.answers.items() if bundle.part(name) is None}
    for part in bundle.parts:
        named = example.answers.get(part.key)
        chosen = next((one for one in items[part.item].examples if one.key == named), None) if named else None
        for question, answer in (chosen.answers if chosen else {}).items():
            own = own_name(part.key, question)
            if part.target(question) in (own, AFTER_DAY):
                found.setdefault(own, answer)
    return found


@dataclass(frozen=True, slots=True)
class AnyPaper:
    """A paper that may be wanted, whatever the answers will be. always: no answer makes it needless."""

    name: str
    parts: tuple[str, ...]
    shared: bool
    always: bool


def all_papers(bundle: Bundle, items: Sequence[tuple[Part, Definition]]) -> list[AnyPaper]:
    """Each paper once, with the names of the parts that it is for."""
    found: dict[str, AnyPaper] = {}
    for part, definition in items:
        for material in (entry for entry in definition.materials if _may_hold(part, entry.when)):
            key, always = part.paper(material.key), material.when is None and material.required and part.when is None
            named = bundle.shared(key)
            before = found.get(key) or AnyPaper(named.name if named else material.name, (), True, False)
            parts = tuple(dict.fromkeys((*before.parts, part.name)))
            found[key] = AnyPaper(before.name, parts, before.shared and material.shared, before.always or always)
    return list(found.values())


def _may_hold(part: Part, when: Condition | None) -> bool:
    """Whether there are answers under which it holds: what the bundle fixes is fixed."""
    fixed = {name: part.target(name) for name, _ in when.wants} if when else {}
    return all(
        not fixed[name].startswith(FIXED) or fixed[name].removeprefix(FIXED) in values
        for name, values in (when.wants if when else ())
    )
