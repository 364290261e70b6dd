"""What follows from the answers: the questions asked, the faults, the papers and the stages.

Every answer is a string, except places and choices (lists of strings) and people (a list of objects).
"""

import re
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from tongban.catalogue.rules.definition import APPLICANT_PLACE, HOME, Definition, Stage
from tongban.catalogue.rules.form import Field, Material, Situation
from tongban.catalogue.rules.kinds import FieldType

Answers = Mapping[str, Any]

LONGEST_TEXT = 200
LONGEST_LONG_TEXT = 4000
MOST_ENTRIES = 50
PERSON_KEYS = {"name", "id_number", "relation"}

_PLACE = re.compile(r"[1-9][0-9]{11}")
_MONEY = re.compile(r"(0|[1-9][0-9]{0,12})(\.[0-9]{1,2})?")
_INTEGER = re.compile(r"(0|-?[1-9][0-9]{0,14})")
_PHONE = re.compile(r"1[3-9][0-9]{9}|0[0-9]{2,3}-?[0-9]{7,8}")
_IDENTITY_NUMBER = re.compile(r"[1-9][0-9]{16}[0-9X]")
_CREDIT_CODE = re.compile(r"[0-9A-HJ-NPQRTUWXY]{18}")


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


def check_answers(definition: Definition, answers: Answers) -> dict[str, str]:
    """Path of an answer -> reason code, empty when all is well. The sentences are under `reason.<code>`."""
    asked = _asked(definition, answers)
    faults: dict[str, str] = {}
    for name in answers:
        if name not in asked and name != APPLICANT_PLACE:
            faults[name] = "answer_not_asked"
    for situation in definition.situations:
        if situation.key in asked:
            options = {option.value for option in situation.options}
            _note(faults, situation.key, _choice_fault(answers.get(situation.key), options))
    for field in definition.fields:
        if field.name in asked:
            _check_field(faults, field, answers.get(field.name))
    if definition.home.field == APPLICANT_PLACE:
        _note(faults, APPLICANT_PLACE, _text_fault(FieldType.PLACE, answers.get(APPLICANT_PLACE)))
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
    answer = answers.get(stage.place_field or "")
    if isinstance(answer, list | tuple):
        return tuple(dict.fromkeys(answer))
    return (answer,) if answer else ()


def places_named(definition: Definition, answers: Answers) -> dict[str, str]:
    """Path of an answer -> division code, for the caller who knows which divisions exist."""
    found: dict[str, str] = {}
    for field in visible_fields(definition, answers):
        answer = answers.get(field.name)
        if field.type is FieldType.PLACE and answer:
            found[field.name] = answer
        elif field.type is FieldType.PLACES:
            found.update({f"{field.name}.{index}": place for index, place in enumerate(answer or ())})
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


def _note(faults: dict[str, str], path: str, fault: str | None) -> None:
    if fault is not None:
        faults[path] = fault


def _check_field(faults: dict[str, str], field: Field, answer: Any) -> None:
    if answer in (None, "", [], ()):
        if field.required:
            faults[field.name] = "answer_missing"
    elif field.type in (FieldType.PLACES, FieldType.CHOICES, FieldType.PEOPLE):
        _check_list(faults, field, answer)
    elif field.type is FieldType.CHOICE:
        _note(faults, field.name, _choice_fault(answer, {option.value for option in field.options}))
    elif field.most is not None and isinstance(answer, str) and len(answer) > field.most:
        faults[field.name] = "answer_too_long"
    else:
        _note(faults, field.name, _text_fault(field.type, answer))


def _check_list(faults: dict[str, str], field: Field, answer: Any) -> None:
    if not isinstance(answer, list | tuple):
        faults[field.name] = "answer_not_list"
        return
    if len(answer) > (field.most or MOST_ENTRIES):
        faults[field.name] = "answer_too_many"
        return
    options = {option.value for option in field.options}
    for index, entry in enumerate(answer):
        path = f"{field.name}.{index}"
        if field.type is FieldType.PLACES:
            _note(faults, path, _text_fault(FieldType.PLACE, entry))
        elif field.type is FieldType.CHOICES:
            _note(faults, path, _choice_fault(entry, options))
        else:
            _check_person(faults, path, entry, options)
    if field.type is not FieldType.PEOPLE and len(set(map(str, answer))) != len(answer):
        faults[field.name] = "answer_twice"


def _check_person(faults: dict[str, str], path: str, entry: Any, relations: set[str]) -> None:
    if not isinstance(entry, Mapping) or not set(entry) <= PERSON_KEYS:
        faults[path] = "answer_not_person"
        return
    _note(faults, f"{path}.name", _text_fault(FieldType.TEXT, entry.get("name")))
    _note(faults, f"{path}.id_number", _text_fault(FieldType.IDENTITY_NUMBER, entry.get("id_number")))
    if relations:
        _note(faults, f"{path}.relation", _choice_fault(entry.get("relation"), relations))


def _choice_fault(answer: Any, options: set[str]) -> str | None:
    if answer in (None, ""):
        return "answer_missing"
    return None if isinstance(answer, str) and answer in options else "answer_not_option"


def _text_fault(kind: FieldType, answer: Any) -> str | None:
    if answer in (None, ""):
        return "answer_missing"
    if not isinstance(answer, str):
        return "answer_not_text"
    if len(answer) > (LONGEST_LONG_TEXT if kind is FieldType.LONG_TEXT else LONGEST_TEXT):
        return "answer_too_long"
    if "\x00" in answer:
        return "answer_not_text"
    if kind is FieldType.DATE:
        return None if _is_date(answer) else "answer_not_date"
    pattern, reason = _FORMS.get(kind, (None, ""))
    return reason if pattern is not None and not pattern.fullmatch(answer) else None


def _is_date(answer: str) -> bool:
    try:
        return len(answer) == 10 and date.fromisoformat(answer).year >= 1900
    except ValueError:
        return False


_FORMS: dict[FieldType, tuple[re.Pattern[str], str]] = {
    FieldType.INTEGER: (_INTEGER, "answer_not_integer"),
    FieldType.MONEY: (_MONEY, "answer_not_money"),
    FieldType.PLACE: (_PLACE, "answer_not_place"),
    FieldType.IDENTITY_NUMBER: (_IDENTITY_NUMBER, "answer_not_identity_number"),
    FieldType.CREDIT_CODE: (_CREDIT_CODE, "answer_not_credit_code"),
    FieldType.PHONE: (_PHONE, "answer_not_phone"),
    FieldType.YES_NO: (re.compile("yes|no"), "answer_not_option"),
}


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
