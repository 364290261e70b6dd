"""Whether the parts of a definition fit together: names exist, conditions can hold, examples are valid."""

import re
from collections.abc import Iterator

from tongban.base.limits import OF_LIMITS, Limit
from tongban.base.words import has, say
from tongban.catalogue.rules.answers import check_answers, fill_example, stages_for
from tongban.catalogue.rules.definition import APPLICANT_PLACE, Definition
from tongban.catalogue.rules.flow import FIELD, HOME
from tongban.catalogue.rules.form import PREFILLS, Condition
from tongban.catalogue.rules.kinds import Closing, FieldType, Mode, Pattern, StageKind
from tongban.catalogue.rules.outcomes import Outcome
from tongban.catalogue.rules.taking_part import party_faults
from tongban.catalogue.rules.windows import read_day

Path = tuple[str | int, ...]
Fault = tuple[Path, str]
Known = dict[str, set[str]]

KEY = re.compile(r"kstb-[1-3]-[0-9]{2}")
NAME = re.compile(r"[a-z][a-z0-9_]*")
FILLED = {
    "home_place": "310101000000",
    "other_place": "340123000000",
    "third_place": "320102000000",
    "applicant_place": "340102000000",
}
_WITH_OPTIONS = {FieldType.CHOICE, FieldType.CHOICES}
_PLACES = {FieldType.PLACE, FieldType.PLACES}


def faults_of(definition: Definition) -> list[Fault]:
    """Path in the content -> what does not fit."""
    return [
        *_names(definition),
        *_fields(definition),
        *_conditions(definition),
        *_places(definition),
        *_stages(definition),
        *_times(definition),
        *_patterns(definition),
        *party_faults(definition),
        *_examples(definition),
    ]


def _names(definition: Definition) -> Iterator[Fault]:
    if not KEY.fullmatch(definition.key):
        yield ("key",), say("definition_fault.item_key")
    lists: dict[str, list[str]] = {
        "situations": [entry.key for entry in definition.situations],
        "fields": [entry.name for entry in definition.fields],
        "materials": [entry.key for entry in definition.materials],
        "stages": [entry.key for entry in definition.stages],
        "examples": [entry.key for entry in definition.examples],
    }
    for table, names in lists.items():
        for index, name in enumerate(names):
            label = "name" if table == "fields" else "key"
            if not NAME.fullmatch(name):
                yield (table, index, label), say("definition_fault.name", name=name)
            if name in names[:index]:
                yield (table, index, label), say("definition_fault.twice", name=name)
    both = set(lists["situations"]) & set(lists["fields"])
    if both:
        yield ("fields",), say("definition_fault.situation_too", names="、".join(sorted(both)))


def _fields(definition: Definition) -> Iterator[Fault]:
    for index, field in enumerate(definition.fields):
        if field.type in _WITH_OPTIONS and not field.options:
            yield ("fields", index), say("definition_fault.no_options", name=field.name)
        if field.prefill and field.prefill not in PREFILLS:
            yield (
                ("fields", index, "prefill"),
                say("definition_fault.none_of", value=field.prefill, known="、".join(PREFILLS)),
            )
        if len({option.value for option in field.options}) != len(field.options):
            yield ("fields", index, "options"), say("definition_fault.option_twice")


def _conditions(definition: Definition) -> Iterator[Fault]:
    known: Known = {}
    for index, situation in enumerate(definition.situations):
        yield from _condition(("situations", index, "when"), situation.when, known)
        known[situation.key] = {option.value for option in situation.options}
    for index, field in enumerate(definition.fields):
        yield from _condition(("fields", index, "when"), field.when, known)
        if field.type in _WITH_OPTIONS:
            known[field.name] = {option.value for option in field.options}
        elif field.type is FieldType.YES_NO:
            known[field.name] = {"yes", "no"}
    for table in ("materials", "stages", "conditions", "exclusions"):
        for index, entry in enumerate(getattr(definition, table)):
            yield from _condition((table, index, "when"), entry.when, known)


def _condition(path: Path, when: Condition | None, known: Known) -> Iterator[Fault]:
    for name, values in when.wants if when else ():
        if name not in known:
            yield path, say("definition_fault.not_before", name=name)
        else:
            for value in values:
                if value not in known[name]:
                    yield path, say("definition_fault.no_such_option", name=name, value=value)


def _places(definition: Definition) -> Iterator[Fault]:
    home = definition.field(definition.home.field)
    if definition.home.field != APPLICANT_PLACE:
        if home is None or home.type not in _PLACES:
            yield ("home", "field"), say("definition_fault.home_field", name=definition.home.field)
        elif (home.type is FieldType.PLACES) != definition.home.fan_out:
            yield ("home", "field"), say("definition_fault.fan_out")
        elif home.when is not None or (not home.required and not definition.home.fan_out):
            yield ("home", "field"), say("definition_fault.home_required")
    for index, name in enumerate(definition.informs):
        informed = definition.field(name)
        if informed is None or not informed.names_places:
            yield ("informs", index), say("definition_fault.no_place", name=name)


def _stages(definition: Definition) -> Iterator[Fault]:
    expiring: set[str] = set()
    for index, stage in enumerate(definition.stages):
        field = definition.field(stage.place_field) if stage.place_field else None
        if stage.place != HOME and (field is None or not field.names_places):
            yield ("stages", index, "place"), say("definition_fault.stage_place", field=FIELD)
        if stage.validity is not None and stage.document is None:
            yield ("stages", index, "validity"), say("definition_fault.validity")
        if stage.answer_within.unit not in OF_LIMITS:
            yield ("stages", index, "answer_within"), say("definition_fault.unit", known="、".join(sorted(OF_LIMITS)))
        if strangers := sorted(set(stage.relies_on) - expiring):
            yield ("stages", index, "relies_on"), say("definition_fault.relies_on", names="、".join(strangers))
        if stage.validity is not None:
            expiring.add(stage.key)


def _times(definition: Definition) -> Iterator[Fault]:
    limits = definition.limits
    counted: list[tuple[Path, Limit | None]] = [
        (("limits", name), getattr(limits, name)) for name in ("statutory", "promised", "notice", "extension")
    ]
    for table in ("stages", "phases"):
        counted += [((table, index, "limit"), entry.limit) for index, entry in enumerate(getattr(definition, table))]
    for index, own in enumerate(definition.mode_limits):
        counted += [(("mode_limits", index), limit) for limit in (own.statutory, own.promised, own.notice)]
        if own.mode not in definition.modes:
            yield ("mode_limits", index, "mode"), say("definition_fault.no_mode", mode=own.mode)
    for path, limit in counted:
        if limit is not None and limit.unit not in OF_LIMITS:
            yield path, say("definition_fault.unit", known="、".join(sorted(OF_LIMITS)))
    for index, window in enumerate(definition.windows):
        for name in ("opens", "closes"):
            if read_day(getattr(window, name)) is None:
                yield ("windows", index, name), say("definition_fault.window_day")
        if len(window.opens) != len(window.closes):
            yield ("windows", index), say("definition_fault.window_years")


def _patterns(definition: Definition) -> Iterator[Fault]:
    kinds = {stage.kind for stage in definition.stages}
    if not definition.modes:
        yield ("modes",), say("definition_fault.modes")
    if definition.pattern is Pattern.HANDOFF and definition.handoff is None:
        yield ("pattern",), say("definition_fault.handoff")
    if definition.pattern in (Pattern.JOINT, Pattern.COLLECTED) and StageKind.ASSIST not in kinds:
        yield ("pattern",), say("definition_fault.pattern_assist", pattern=definition.pattern)
    if Mode.JOINT in definition.modes and StageKind.ASSIST not in kinds:
        yield ("modes",), say("definition_fault.joint_assist")
    if definition.pattern is Pattern.INSTANT and definition.stages:
        yield ("stages",), say("definition_fault.instant")
    if (definition.pattern is Pattern.MONEY) and definition.closing is not Closing.MONEY_ARRIVED:
        yield ("closing",), say("definition_fault.money")
    for index, outcome in enumerate(definition.outcomes):
        if outcome not in set(Outcome):
            yield ("outcomes", index), say("definition_fault.none_of", value=outcome, known="、".join(Outcome))


def _examples(definition: Definition) -> Iterator[Fault]:
    if not definition.examples:
        yield ("examples",), say("definition_fault.example")
    for index, example in enumerate(definition.examples):
        try:
            answers = fill_example(example.answers, FILLED)
        except KeyError as error:
            yield ("examples", index), say("definition_fault.placeholder", name=error, known="、".join(FILLED))
            continue
        for name, fault in check_answers(definition, answers, demo=True).items():
            yield ("examples", index, "answers", name.split(".")[0]), _of_answer(name, fault)
    used = {stage.key for example in definition.examples for stage in stages_for(definition, example.answers)}
    for index, stage in enumerate(definition.stages):
        if definition.examples and stage.key not in used:
            yield ("stages", index, "key"), say("definition_fault.stage_unused", name=stage.key)


def _of_answer(name: str, fault: str) -> str:
    what = say(f"reason.{fault}") if has(f"reason.{fault}") else fault
    return say("definition_fault.answer", name=name, what=what)
