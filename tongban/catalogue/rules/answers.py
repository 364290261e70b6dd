"""What follows from the answers: the questions asked, the faults, the papers and the stages.

Every answer is a string, except places and choices (lists of strings) and people (a list of objects).
"""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from tongban.catalogue.rules.definition import APPLICANT_PLACE, Definition
from tongban.catalogue.rules.flow import HOME, Stage
from tongban.catalogue.rules.form import Field, Material, Situation
from tongban.catalogue.rules.kinds import FieldType
from tongban.catalogue.rules.values import choice_faults, field_faults

Answers = Mapping[str, Any]

_APPLICANT_PLACE = Field(APPLICANT_PLACE, "", FieldType.PLACE)


def visible_situations(definition: Definition, answers: Answers) -> tuple[Situation, ...]:
    return tuple(entry for entry in definition.situations if entry.key in _asked(definition, answers))


def visible_fields(definition: Definition, answers: Answers) -> tuple[Field, ...]:
    return tuple(entry for entry in definition.fields if entry.name in _asked(definition, answers))


def tidy_answers(definition: Definition, answers: Answers) -> dict[str, Any]:
    """Without the empty answers and those to questions that are not asked: what a form without JavaScript sends."""
    asked = _asked(definition, answers)
    return {
        name: answer
        for name, answer in answers.items()
        if answer not in ("", [], None) and (name in asked or name == APPLICANT_PLACE)
    }


def check_answers(
    definition: Definition, answers: Answers, *, demo: bool = False, on: date | None = None
) -> dict[str, str]:
    """Path of an answer -> reason code, empty when all is well. The sentences are under `reason.<code>`.

    demo: whether invented identity numbers, credit codes and telephones are accepted. on: the day of applying.
    """
    asked = _asked(definition, answers)
    faults: dict[str, str] = {}
    for name in answers:
        if name not in asked and name != APPLICANT_PLACE:
            faults[name] = "answer_not_asked"
    for situation in definition.situations:
        if situation.key in asked:
            faults.update(choice_faults(situation.key, situation.options, answers.get(situation.key)))
    for field in definition.fields:
        if field.name in asked:
            faults.update(field_faults(field, answers.get(field.name), demo=demo, on=on))
    if definition.home.field == APPLICANT_PLACE:
        faults.update(field_faults(_APPLICANT_PLACE, answers.get(APPLICANT_PLACE), demo=demo))
    return faults


def needed_materials(definition: Definition, answers: Answers) -> tuple[Material, ...]:
    """The papers that these answers call for, optional ones included."""
    known = _known(definition, answers)
    return tuple(entry for entry in definition.materials if entry.when is None or entry.when.holds(known))


def stages_for(definition: Definition, answers: Answers) -> tuple[Stage, ...]:
    known = _known(definition, answers)
    return tuple(entry for entry in definition.stages if entry.when is None or entry.when.holds(known))


def home_places(definition: Definition, answers: Answers) -> tuple[str, ...]:
    """Division codes of the homes; several only where the rule fans out, none when they are to be discovered."""
    answer = answers.get(definition.home.field)
    if isinstance(answer, list | tuple):
        return tuple(dict.fromkeys(answer))
    return (answer,) if answer else ()


def home_place(definition: Definition, answers: Answers) -> str:
    """Division code of the home. Raises LookupError when the answers do not name it."""
    places = home_places(definition, answers)
    if not places:
        raise LookupError(definition.home.field)
    return places[0]


def stage_places(definition: Definition, stage: Stage, answers: Answers) -> tuple[str, ...]:
    """Where the stage is done: one place, or several when it fans out."""
    if stage.place == HOME:
        return (home_place(definition, answers),)
    return tuple(dict.fromkeys(filter(None, places_in(answers.get(stage.place_field or "")))))


def places_in(answer: Any) -> list[Any]:
    """What an answer names as places: itself, each of several, or that of each person; not checked."""
    entries = answer if isinstance(answer, list | tuple) else [answer]
    return [entry.get("place") if isinstance(entry, Mapping) else entry for entry in entries]


def places_named(definition: Definition, answers: Answers) -> dict[str, str]:
    """Path of an answer -> division code, for the caller who knows which divisions exist."""
    found: dict[str, str] = {}
    for field in visible_fields(definition, answers):
        answer = answers.get(field.name)
        if field.type is FieldType.PLACE and answer:
            found[field.name] = answer
        elif field.type is FieldType.PLACES:
            found.update({f"{field.name}.{index}": place for index, place in enumerate(answer or ())})
        elif field.place:
            found.update({f"{field.name}.{index}.place": place for index, place in enumerate(places_in(answer or []))})
    return found


def _asked(definition: Definition, answers: Answers) -> set[str]:
    return set(_walk(definition, answers)[0])


def _known(definition: Definition, answers: Answers) -> dict[str, Any]:
    return _walk(definition, answers)[1]


def _walk(definition: Definition, answers: Answers) -> tuple[list[str], dict[str, Any]]:
    """Ask in the order of the file; a condition sees the answers to earlier questions that were asked."""
    asked: list[str] = []
    known: dict[str, Any] = {}
    questions = [(entry.key, entry.when) for entry in definition.situations]
    questions += [(entry.name, entry.when) for entry in definition.fields]
    for name, when in questions:
        if when is None or when.holds(known):
            asked.append(name)
            if name in answers:
                known[name] = answers[name]
    return asked, known


def fill_example(answers: Any, places: Mapping[str, str]) -> Any:
    """An example with its placeholders replaced: places maps "home_place" and the like to division codes."""
    if isinstance(answers, str):
        name = answers[1:-1] if answers.startswith("{") and answers.endswith("}") else None
        return places[name] if name is not None else answers
    if isinstance(answers, Mapping):
        return {key: fill_example(entry, places) for key, entry in answers.items()}
    if isinstance(answers, Sequence):
        return [fill_example(entry, places) for entry in answers]
    return answers
