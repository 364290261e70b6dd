"""The parts of a flow: which there are, whose turn it is, and the assist cases (协办件) opened when a turn comes."""

from collections.abc import Callable, Mapping
from typing import Any

from django.conf import settings

from tongban.base.uuid7 import uuid7
from tongban.calendar.queries import today
from tongban.cases import vault
from tongban.cases.models import Case, Dossier, Link
from tongban.cases.rules.parts import Part, Parts, answered, current, decided, renewed, stage_of, undone
from tongban.cases.rules.state import State
from tongban.cases.rules.table import Act
from tongban.catalogue.rules.answers import places_in, stages_for
from tongban.catalogue.rules.definition import Definition
from tongban.catalogue.rules.flow import HOME
from tongban.catalogue.rules.kinds import Pattern
from tongban.exchange.queries import is_connected


def turn_of_parts(
    case: Case, state: State, definition: Definition, act: Act, facts: Mapping[str, Any]
) -> dict[str, Any]:
    """Header facts: on acceptance all parts, and on every turn the co-cases now opened elsewhere.

    Where silence has accepted, the stages begin today all the same: nothing was published or waited for in the silence.
    The rows of the links are written here, in the transaction of the step; the asks go out as its consequence.
    """
    if case.pattern == Pattern.ASSIST:
        return {}
    if change := _CHANGES.get(act):
        after = change(state.parts, facts)
        if act is not Act.REOPEN and _ids(current(after)) <= _ids(state.current_parts):
            return {}
        return {"links": _link(case, definition, after)}
    parts = parts_of(case, definition)
    listed = [{"id": part.id, "stage": part.stage, "node": part.node} for part in parts]
    begun = {"opened_on": today().isoformat()} if act is Act.DEEM_ACCEPTED and parts else {}
    return {"parts": listed, "links": _link(case, definition, parts), **begun}


def _ids(parts: Parts) -> set[str]:
    return {part.id for part in parts}


_CHANGES: dict[Act, Callable[[Parts, Mapping[str, Any]], Parts]] = {
    Act.PART_DECIDED: lambda parts, facts: decided(parts, facts, today()),
    Act.GO_ON: lambda parts, facts: answered(parts, facts, today()),
    Act.RENEW: renewed,
    Act.REOPEN: lambda parts, _: undone(parts),
}
"""What an act makes of the parts, for those acts after which another stage can have its turn."""


def parts_of(case: Case, definition: Definition) -> tuple[Part, ...]:
    """Every stage that applies to the answers, once for each place that it names.

    A place without a node is asked by other means; what it says is noted by an officer of the home.
    """
    answers = vault.unlock_json(Dossier.objects.get(case=case).content, place="dossier")["answers"]
    found: list[Part] = []
    for stage in stages_for(definition, answers):
        if stage.place == HOME:
            found.append(Part(id=stage.key, stage=stage.key, node=settings.NODE))
            continue
        named = answers.get(stage.place_field or "") or []
        places = [place for place in places_in(named) if _is_place(place)]
        found += [
            Part(id=f"{stage.key}@{place}", stage=stage.key, node=place[:2] if is_connected(place[:2]) else None)
            for place in dict.fromkeys(places)
        ]
        if named and not places:
            # Another node's answers may name what is no place: the stage then stays with the home, which can ask.
            found.append(Part(id=stage.key, stage=stage.key, node=settings.NODE))
    return tuple(found)


def _is_place(value: object) -> bool:
    return isinstance(value, str) and len(value) == 12 and value.isascii() and value.isdigit()


def _link(case: Case, definition: Definition, parts: Parts) -> list[dict[str, str]]:
    """A co-case for each part whose turn it is and that lies at another place."""
    made = []
    for part in current(parts):
        if not part.place or part.co_case or part.node is None:
            continue
        co_case = uuid7()
        Link.objects.create(
            case=case, co_case=co_case, node=part.node, needs=part.id, on_refusal=stage_of(definition, part).on_refusal
        )
        made.append({"part": part.id, "co_case": str(co_case), "node": part.node})
    return made
