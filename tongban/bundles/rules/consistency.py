"""Whether a bundle fits together, and fits the items that it is made of; each fault with its place in the file."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from tongban.bundles.rules.asking import example_answers, faults, home_of
from tongban.bundles.rules.definition import AFTER_DAY, FIXED, HERE, Bundle, Part
from tongban.bundles.rules.planning import Fate, Prospect, opened
from tongban.catalogue.rules.answers import fill_example
from tongban.catalogue.rules.consistency import FILLED
from tongban.catalogue.rules.definition import APPLICANT_PLACE, Definition
from tongban.catalogue.rules.form import Condition, Field, Option
from tongban.catalogue.rules.kinds import FieldType
from tongban.catalogue.rules.tables import Path, read_text

Fault = tuple[Path, str]
Items = Mapping[str, Definition]
"""Key -> what each item asks for: the common standard or a province's."""

NAME = re.compile(r"[a-z][a-z0-9_]*")
CHOOSING = (FieldType.CHOICE, FieldType.CHOICES)


def read_bundle(text: str, *, file: str, items: Items | None = None) -> Bundle:
    """Read a file, against the items where they are given.

    Raises Rejected("definition_faults") whose fields are "file:line" -> what is wrong.
    """

    def check(bundle: Bundle) -> list[Fault]:
        return [*faults_of(bundle), *(faults_against(bundle, items) if items is not None else ())]

    return read_text(Bundle, text, file=file, check=check)


def faults_of(bundle: Bundle) -> list[Fault]:
    return [*_names(bundle), *_conditions(bundle), *_order(bundle), *_mappings(bundle), *_unused(bundle)]


def _names(bundle: Bundle) -> Iterator[Fault]:
    lists = {
        "situations": [entry.key for entry in bundle.situations],
        "fields": [entry.name for entry in bundle.fields],
        "materials": [entry.key for entry in bundle.materials],
        "parts": [entry.key for entry in bundle.parts],
        "elsewhere": [entry.key for entry in bundle.elsewhere],
    }
    taken: set[str] = set()
    for table, names in lists.items():
        for index, name in enumerate(names):
            label = "name" if table == "fields" else "key"
            if not NAME.fullmatch(name):
                yield (table, index, label), f"{name!r} is no name: small letters, digits and _"
            scope = "papers" if table == "materials" else "all"
            if f"{scope} {name}" in taken:
                yield (table, index, label), f"{name!r} stands twice"
            taken.add(f"{scope} {name}")
    if not bundle.parts:
        yield ("parts",), "a bundle has at least one part"


def _conditions(bundle: Bundle) -> Iterator[Fault]:
    values = {entry.key: {option.value for option in entry.options} for entry in bundle.situations}
    for index, part in enumerate(bundle.parts):
        yield from _condition(part.when, values, ("parts", index, "when"))
    for index, entry in enumerate(bundle.elsewhere):
        yield from _condition(entry.when, values, ("elsewhere", index, "when"))
    known: dict[str, set[str]] = {}
    for index, situation in enumerate(bundle.situations):
        yield from _condition(situation.when, known, ("situations", index, "when"))
        known[situation.key] = values[situation.key]


def _condition(when: Condition | None, values: Mapping[str, set[str]], path: Path) -> Iterator[Fault]:
    for name, wanted in when.wants if when else ():
        if name not in values:
            yield path, f"no situation before it is called {name!r}"
        elif strange := set(wanted) - values[name]:
            yield path, f"{name!r} has no option {', '.join(sorted(strange))}"


def _order(bundle: Bundle) -> Iterator[Fault]:
    before: set[str] = {entry.key for entry in bundle.elsewhere}
    for index, part in enumerate(bundle.parts):
        if part.after and part.after not in before:
            yield ("parts", index, "after"), f"nothing before it is called {part.after!r}"
        if part.after and part.after_source is None:
            yield ("parts", index, "after"), "an order has a source (after_source)"
        before.add(part.key)
    keys = {part.key for part in bundle.parts}
    for index, entry in enumerate(bundle.elsewhere):
        if entry.after and entry.after not in keys:
            yield ("elsewhere", index, "after"), f"no part is called {entry.after!r}"


def _mappings(bundle: Bundle) -> Iterator[Fault]:
    names = {entry.name for entry in bundle.fields} | {entry.key for entry in bundle.situations}
    papers = {entry.key for entry in bundle.materials}
    for index, part in enumerate(bundle.parts):
        field = bundle.field(part.home)
        if part.home != HERE and (field is None or field.type is not FieldType.PLACE):
            yield ("parts", index, "home"), f"{part.home!r} is no place that the bundle asks for"
        for question, target in (part.answers or {}).items():
            path = ("parts", index, "answers", question)
            if target == AFTER_DAY and not bundle.part(part.after):
                yield path, "there is no part before it"
            if not target.startswith((FIXED, "@")) and target not in names:
                yield path, f"the bundle asks nothing called {target!r}"
        for material, target in (part.materials or {}).items():
            if target not in papers:
                yield ("parts", index, "materials", material), f"the bundle has no paper called {target!r}"


def _unused(bundle: Bundle) -> Iterator[Fault]:
    used = {target for part in bundle.parts for target in (*(part.answers or {}).values(), part.home)}
    papers = {target for part in bundle.parts for target in (part.materials or {}).values()}
    for index, field in enumerate(bundle.fields):
        if field.name not in used:
            yield ("fields", index, "name"), f"no part wants {field.name!r}"
    for index, paper in enumerate(bundle.materials):
        if paper.key not in papers:
            yield ("materials", index, "key"), f"no part wants {paper.key!r}"


def faults_against(bundle: Bundle, items: Items) -> Iterator[Fault]:
    """A question or paper that an item does not have, of another kind, or with another choice, is a fault."""
    for index, part in enumerate(bundle.parts):
        definition = items.get(part.item)
        if definition is None:
            yield ("parts", index, "item"), f"{part.item!r} is not defined"
            continue
        yield from _home(part, definition, index)
        yield from _questions(bundle, part, definition, index)
        papers = {material.key for material in definition.materials}
        for material in part.materials or {}:
            if material not in papers:
                yield ("parts", index, "materials", material), f"{part.item} has no paper called {material!r}"
    if all(part.item in items for part in bundle.parts):
        yield from _examples(bundle, items)


def _examples(bundle: Bundle, items: Items) -> Iterator[Fault]:
    """Every example is complete, wherever its places are, when all its parts are open."""
    for index, example in enumerate(bundle.examples):
        answers = fill_example(example_answers(bundle, example, items), FILLED)
        here = FILLED["applicant_place"]
        found = [_as_open(part, answers, here, items) for part in bundle.parts]
        content = {"answers": answers, "materials": {}}
        wrong = faults(bundle, opened(found, here), content, demo=True)
        for path, reason in wrong.items():
            if path.startswith("answers."):
                yield ("examples", index), f"{path.removeprefix('answers.')}: {reason}"


def _as_open(part: Part, answers: Mapping[str, Any], here: str, items: Items) -> Prospect:
    fate = Fate.OPEN if part.when is None or part.when.holds(answers) else Fate.SKIPPED
    return Prospect(part, fate, home_of(part, answers, here), items[part.item])


def _home(part: Part, definition: Definition, index: int) -> Iterator[Fault]:
    wanted = HERE if definition.home.field == APPLICANT_PLACE else (part.answers or {}).get(definition.home.field)
    if wanted != part.home:
        yield ("parts", index, "home"), f"the home of {part.item} is {definition.home.field!r}, answered by {wanted!r}"


def _questions(bundle: Bundle, part: Part, definition: Definition, index: int) -> Iterator[Fault]:
    situations = {entry.key: entry.options for entry in definition.situations}
    fields = {entry.name: entry for entry in definition.fields}
    known = {*situations, *fields, *(material.key for material in definition.materials)}
    for name in part.later:
        if name not in known:
            yield ("parts", index, "later"), f"{part.item} asks nothing called {name!r}"
    for question, target in (part.answers or {}).items():
        path = ("parts", index, "answers", question)
        if question not in situations and question not in fields:
            yield path, f"{part.item} asks nothing called {question!r}"
        elif question in situations:
            yield from _choice(bundle, target, situations[question], path)
        else:
            yield from _field(bundle, target, fields[question], path)


def _choice(bundle: Bundle, target: str, options: tuple[Option, ...], path: Path) -> Iterator[Fault]:
    situation = next((entry for entry in bundle.situations if entry.key == target), None)
    field = bundle.field(target)
    given = situation.options if situation else field.options if field else ()
    values = {target.removeprefix(FIXED)} if target.startswith(FIXED) else {option.value for option in given}
    if strange := values - {option.value for option in options}:
        yield path, f"the item has no option {', '.join(sorted(strange))}"


def _field(bundle: Bundle, target: str, field: Field, path: Path) -> Iterator[Fault]:
    if target == AFTER_DAY:
        if field.type is not FieldType.DATE:
            yield path, "only a date can be the day of the part before"
        return
    if target.startswith(FIXED):
        if field.type in CHOOSING:
            yield from _choice(bundle, target, field.options, path)
        return
    asked = bundle.field(target)
    if asked is not None and not _fits(asked, field):
        yield path, f"the item wants {field.type}, the bundle asks {asked.type}"
    if field.type in CHOOSING:
        yield from _choice(bundle, target, field.options, path)


def _fits(asked: Field, field: Field) -> bool:
    """One place may stand for a list of places; people name a place or none, alike."""
    if asked.type is FieldType.PLACE and field.type is FieldType.PLACES:
        return True
    return asked.type is field.type and bool(asked.place) == bool(field.place)
