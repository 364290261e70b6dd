"""What several people in one case change: each person's outcome, and who of the applicants may withdraw."""

from collections.abc import Mapping
from typing import Any

from tongban.base.errors import Rejected
from tongban.cases.rules.situation import Situation
from tongban.cases.rules.state import WITHDRAWAL_ASKED

Content = Mapping[str, Any]
Facts = dict[str, Any]


def outcome_of_persons(content: Content, situation: Situation) -> Facts:
    """How many persons of those for whom it was filed are granted and denied; without any, whether it is partial."""
    if not situation.persons:
        return {"partial": True} if content.get("partial") is True else {}
    denied = content.get("denied") or []
    faults = {
        f"denied.{number}.person": "not_a_choice"
        for number, entry in enumerate(denied)
        if entry["person"] not in situation.persons
    }
    faults |= {
        f"denied.{number}.reason": "required" for number, entry in enumerate(denied) if not entry["reason"].strip()
    }
    if faults:
        raise Rejected("invalid", fields=faults)
    named = {entry["person"] for entry in denied}
    if len(named) == len(situation.persons):
        raise Rejected("all_denied")
    facts: Facts = {"granted": len(situation.persons) - len(named), "denied": len(named)}
    return {**facts, "partial": True} if named else facts


def withdrawal(content: Content, situation: Situation) -> Facts:
    """One of several who apply together withdraws alone where the item says so; else all of them have to ask for it."""
    state = situation.state
    if state.ex_officio:
        raise Rejected("ex_officio_goes_on")
    if state.applicants == 1:
        return {}
    party, parties = content.get("party", 1), situation.definition.parties
    if not 1 <= party <= state.applicants:
        raise Rejected("invalid", fields={"party": "not_a_choice"})
    if parties and parties.withdraws_alone:
        return {"party": party}
    if party in state.withdrawing:
        raise Rejected("withdrawal_asked_already")
    waits = len(state.withdrawing) + 1 < state.applicants
    return {"party": party, **({"event": WITHDRAWAL_ASKED} if waits else {})}
