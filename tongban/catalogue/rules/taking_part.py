"""Who takes part in a case beside the applicant, as the answers name them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from tongban.base.errors import Rejected
from tongban.base.identifiers import check_identity_number
from tongban.base.words import say
from tongban.catalogue.rules.answers import Answers, visible_fields
from tongban.catalogue.rules.definition import Definition
from tongban.catalogue.rules.kinds import FieldType, NumberKind, Pattern
from tongban.catalogue.rules.parties import Parties
from tongban.catalogue.rules.values import MOST_ENTRIES

Path = tuple[str | int, ...]
Fault = tuple[Path, str]

ADULT = 18
"""民法典 art. 17, 19, 20: for who is younger his guardian acts."""

MOST_PERSONS = 500
"""For how many persons one application may be filed."""

DECIDING = frozenset(
    {Pattern.CHECK, Pattern.APPROVAL, Pattern.JOINT, Pattern.ANYWHERE, Pattern.COLLECTED, Pattern.MONEY}
)


class Standing(StrEnum):
    """applicant: who began. co_applicant: equal to him. consenting: signs, but the matter is not his."""

    APPLICANT = "applicant"
    CO_APPLICANT = "co_applicant"
    CONSENTING = "consenting"


@dataclass(frozen=True, slots=True)
class Named:
    """One entry of a field of people. path: "<field>.<index>". number: empty where he has none.

    relation, place: value of the option, division code; empty where none was asked.
    """

    path: str
    name: str
    number: str
    relation: str
    place: str


@dataclass(frozen=True, slots=True)
class Signer:
    """Who signs beside the applicant. is_natural: a person, not an organisation."""

    person: Named
    standing: Standing
    is_natural: bool


def people_in(definition: Definition, answers: Answers, field: str) -> tuple[Named, ...]:
    """The entries of a field of people, none where it is not asked."""
    asked = field in {entry.name for entry in visible_fields(definition, answers)}
    entries = answers.get(field) if asked else None
    rows = entries if isinstance(entries, list | tuple) else ()
    return tuple(_named(f"{field}.{index}", row) for index, row in enumerate(rows) if isinstance(row, Mapping))


def signers(definition: Definition, answers: Answers, *, on: date) -> tuple[Signer, ...]:
    """Who must sign beside the applicant, in the order of the item; on: the day on which they are of age."""
    parties = definition.parties
    if parties is None:
        return ()
    found = []
    for standing, fields in (
        (Standing.CO_APPLICANT, parties.co_applicants),
        (Standing.CONSENTING, parties.consenting),
    ):
        for person in (entry for field in fields for entry in people_in(definition, answers, field)):
            born = _birth_date(person.number)
            if born is None or _age(born, on) >= ADULT:
                found.append(Signer(person, standing, is_natural=born is not None))
    return tuple(found)


def subject(definition: Definition, answers: Answers) -> Named | None:
    """Whom the matter is about, where that is not the applicant."""
    field = definition.parties.subject if definition.parties else ""
    return next(iter(people_in(definition, answers, field)), None) if field else None


def persons(definition: Definition, answers: Answers) -> tuple[Named, ...]:
    """For whom it was filed, each with an outcome of his own; none where the applicant asks for himself."""
    field = definition.parties.persons if definition.parties else ""
    return people_in(definition, answers, field) if field else ()


def answers_at(definition: Definition, answers: Answers, *, stage: str, place: str) -> dict[str, Any]:
    """What another place is told for its stage: where it goes to the places of persons, those of this place alone."""
    asked = next((entry.place_field for entry in definition.stages if entry.key == stage), None)
    field = definition.field(asked) if asked else None
    found = dict(answers)
    if field is not None and field.place:
        found[field.name] = [entry for entry in answers[field.name] if entry.get("place") == place]
    return found


def _named(path: str, row: Mapping[str, Any]) -> Named:
    texts = [str(row.get(key) or "") for key in ("name", "id_number", "relation", "place")]
    return Named(path, *texts)


def _birth_date(number: str) -> date | None:
    """None for an organisation."""
    try:
        return check_identity_number(number, demo=True).birth_date
    except Rejected:
        return None


def _age(born: date, on: date) -> int:
    return on.year - born.year - ((on.month, on.day) < (born.month, born.day))


def party_faults(definition: Definition) -> Iterator[Fault]:
    """Path in the content -> what does not fit."""
    for index, field in enumerate(definition.fields):
        if field.type is not FieldType.PEOPLE and (field.place or field.number is not NumberKind.IDENTITY):
            yield ("fields", index), say("definition_fault.for_people")
    if definition.parties is None:
        return
    for name in definition.parties.named:
        yield from _field_faults(definition, name)
    yield from _table_faults(definition, definition.parties)


def _table_faults(definition: Definition, parties: Parties) -> Iterator[Fault]:
    here = ("parties",)
    if not parties.named and not parties.ex_officio:
        yield here, say("definition_fault.names_nobody")
    if len(set(parties.named)) != len(parties.named):
        yield here, say("definition_fault.party_twice")
    if parties.together and (not parties.signing or "online" in definition.modes):
        yield (*here, "together"), say("definition_fault.together")
    if parties.withdraws_alone != (parties.withdrawal_source is not None):
        yield (*here, "withdraws_alone"), say("definition_fault.withdrawal_source")
    elif parties.withdraws_alone and not parties.co_applicants:
        yield (*here, "withdraws_alone"), say("definition_fault.only_co_applicants")
    if parties.ex_officio != (parties.ex_officio_source is not None):
        yield (*here, "ex_officio"), say("definition_fault.ex_officio_source")
    if parties.signing and definition.home.fan_out:
        yield here, say("definition_fault.signing_fan_out")
    if (parties.ex_officio or parties.persons) and definition.pattern not in DECIDING:
        yield here, say("definition_fault.decides_nothing", pattern=definition.pattern)


def _field_faults(definition: Definition, name: str) -> Iterator[Fault]:
    field, parties = definition.field(name), definition.parties
    if field is None or field.type is not FieldType.PEOPLE:
        yield ("parties",), say("definition_fault.no_people", name=name)
    elif parties and name == parties.subject and field.most != 1:
        yield ("parties", "subject"), say("definition_fault.one_person", name=name)
    elif parties and name in parties.signing and field.number is NumberKind.OPTIONAL:
        yield ("parties",), say("definition_fault.signer_number", name=name)
    elif (field.most or 0) > (MOST_PERSONS if parties and name == parties.persons else MOST_ENTRIES):
        yield ("parties",), say("definition_fault.too_many", name=name)
