"""What an act finds: the case as it stands, its item, the day; and from which day what it brings about holds."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from tongban.calendar.rules import Days
from tongban.cases.rules.parts import Parts
from tongban.cases.rules.state import State
from tongban.cases.rules.table import Act
from tongban.catalogue.rules.definition import Definition
from tongban.catalogue.rules.flow import Stage
from tongban.catalogue.rules.kinds import EffectFrom, Pattern

ORDINARY = Days(frozenset(), frozenset(), frozenset())


@dataclass(frozen=True, slots=True)
class Situation:
    """What a guard looks at: the case as it stands, its item, the day, and what the home's rows say.

    received_on: the day on which the papers were first received anywhere. files_missing: how many named files have not
    arrived. wait_over: parts whose waiting time (公示, 冷静期) is over. by_authority: the home or an officer of it
    acts. drawn: the sum granted, as a decimal string. successor_refused: the home to which the case was
    transferred did not open it. signatures_missing: how many have not signed what is applied for. persons: paths of
    those for whom it was filed, each with an outcome of his own. by_counter: the counter that received acts. stage,
    lead_parts: of an assist case the stage that it decides, and the parts of its lead as far as they are known here.
    """

    state: State
    definition: Definition
    pattern: Pattern
    today: date
    received_on: date
    by_system: bool = False
    lapsed: bool = False
    by_authority: bool = True
    files_missing: int = 0
    wait_over: frozenset[str] = frozenset()
    drawn: str | None = None
    successor_refused: bool = False
    signatures_missing: int = 0
    persons: tuple[str, ...] = ()
    by_counter: bool = False
    days: Days = ORDINARY
    stage: Stage | None = None
    lead_parts: Parts = ()


def effective_day(act: Act, facts: Mapping[str, Any], situation: Situation) -> date | None:
    """The day from which the outcome has its effect in law, said by the act that brings it about (`effect_from`).

    A notice counts from its earliest receipt anywhere, not from the day on which the home registers it.
    """
    start = situation.definition.effect_from
    if act in (Act.GRANT, Act.ANSWER):
        days = {
            EffectFrom.RECEIPT: situation.received_on,
            EffectFrom.ACCEPTANCE: situation.state.accepted_on or situation.today,
            EffectFrom.DECISION: situation.today,
        }
        return days.get(start)
    if act is Act.ISSUE and start is EffectFrom.REGISTRATION:
        return situation.today
    if act is Act.DELIVER and facts["event"] == "money_arrived" and start is EffectFrom.MONEY_ARRIVED:
        return situation.today
    return None
