"""Whose turn it is, since when and until when: what a page says of a case in one line."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from tongban.cases.rules.parts import WAITING_STAGES, Part, stage_of
from tongban.cases.rules.state import State
from tongban.cases.rules.table import SIMPLE, Status
from tongban.catalogue.rules.definition import Definition
from tongban.catalogue.rules.kinds import Closing, Pattern


class Whose(StrEnum):
    APPLICANT = "applicant"
    AUTHORITY = "authority"
    ANOTHER_PLACE = "another_place"
    BANK = "bank"
    TIME = "time"
    NOBODY = "nobody"


@dataclass(frozen=True, slots=True)
class Turn:
    """doing: key of the sentence under `turn` in the words. stage: name of the stage, where one runs.

    until: last day, None where no clock runs. pause: kind of the pause, empty when none.
    """

    whose: Whose
    doing: str
    since: date | None
    until: date | None = None
    stage: str = ""
    pause: str = ""


def turn_of(
    state: State,
    definition: Definition,
    pattern: Pattern,
    *,
    since: date | None,
    notice: date | None,
    decision: date | None,
) -> Turn:
    """since: legal date of the last step. notice, decision: the home's due dates, as far as they are known here."""
    if state.status is Status.SUBMITTED:
        doing = "answer" if pattern in SIMPLE else "accept"
        return Turn(Whose.AUTHORITY, doing, state.corrected_on or state.received_on, notice)
    if state.status is Status.CORRECTING:
        return Turn(Whose.APPLICANT, "supply", since)
    if state.status is Status.ACCEPTED:
        return _accepted(state, definition, since, decision)
    if state.status is Status.GRANTED:
        return _granted(state, definition, since)
    if state.status is Status.DENIED and not state.delivered:
        return Turn(Whose.AUTHORITY, "deliver", since)
    return Turn(Whose.NOBODY, "ended", since)


def _accepted(state: State, definition: Definition, since: date | None, decision: date | None) -> Turn:
    if state.asked:
        return _asked(state, definition)
    if state.suspended:
        return Turn(Whose.AUTHORITY, "pause", state.suspended.since, pause=state.suspended.kind)
    part = next(iter(state.current_parts), None)
    if part is None:
        return Turn(Whose.AUTHORITY, "decide", _last_part(state) or state.accepted_on, decision)
    stage = stage_of(definition, part)
    if stage.kind in WAITING_STAGES:
        return Turn(Whose.TIME, "wait", part.opened_on, stage=stage.name)
    whose = Whose.ANOTHER_PLACE if part.co_case else Whose.AUTHORITY
    return Turn(whose, "part", part.opened_on or since, decision, stage=stage.name)


def _asked(state: State, definition: Definition) -> Turn:
    since = max(part.decided_on for part in state.asked if part.decided_on)
    until = max(part.answer_by for part in state.asked if part.answer_by)
    return Turn(Whose.APPLICANT, "choose", since, until, stage=stage_of(definition, state.asked[0]).name)


def _last_part(state: State) -> date | None:
    decided = [part.decided_on for part in state.parts if part.decided_on]
    return max(decided, default=None)


def _granted(state: State, definition: Definition, since: date | None) -> Turn:
    if state.money == "bounced":
        return Turn(Whose.APPLICANT, "account", since)
    if state.money == "ordered":
        return Turn(Whose.BANK, "pay", since)
    if definition.closing is Closing.REGISTRATION and not state.issued:
        return Turn(Whose.AUTHORITY, "register", since)
    if not state.issued and definition.result.kind == "certificate":
        return Turn(Whose.AUTHORITY, "issue", since)
    return Turn(Whose.AUTHORITY, "deliver", since)


def places_of(parts: tuple[Part, ...]) -> tuple[str, ...]:
    """Division codes of the other places whose turn it is."""
    return tuple(part.id.partition("@")[2] for part in parts if "@" in part.id)
