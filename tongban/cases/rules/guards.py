"""What each act must bring along and what must be true before it, beyond the table.

`check` gives the facts that go into the step's header: no personal data, only what the fold and the clocks need.
"""

from collections.abc import Callable, Mapping
from typing import Any

from tongban.base.errors import Rejected
from tongban.base.uuid7 import uuid7
from tongban.cases.rules import flow
from tongban.cases.rules.parties import outcome_of_persons, withdrawal
from tongban.cases.rules.parts import PartStatus, stage_of
from tongban.cases.rules.reading import choice, count_of_days, text
from tongban.cases.rules.situation import Situation, effective_day
from tongban.cases.rules.state import State
from tongban.cases.rules.supplements import wrong_supplements
from tongban.cases.rules.table import Act, Status
from tongban.catalogue.rules.definition import Definition
from tongban.catalogue.rules.kinds import Closing, OnRefusal, Pattern

Content = Mapping[str, Any]
Facts = dict[str, Any]

PAUSES = ("hearing", "bidding", "inspection", "testing", "quarantine", "appraisal", "expert_review", "appeal_pending")
"""行政许可法 art. 45: time that is not counted, of which the applicant is told; the last is the item's own rule."""

RECORDS = (
    "custody_taken",
    "custody_sent",
    "custody_arrived",
    "custody_returned",
    "precheck_passed",
    "precheck_failed",
    "materials_checked",
    "check_failed",
    "note",
)
COUNTERS_RECORDS = ("custody_taken", "custody_sent", "custody_arrived", "custody_returned", "note")
"""What a counter that received may put on record; the others say what the home has found."""

DELIVERIES = ("delivery", "money_arrived", "money_bounced")


def check(act: Act, content: Content, situation: Situation) -> Facts:
    """The header facts of the act. Raises Rejected with fields (what is missing) or a reason (what must come first)."""
    suspended = situation.state.suspended
    if suspended and act in _STANDS_STILL and not _comes_from_elsewhere(act, content, situation):
        raise Rejected("suspended", since=suspended.since.isoformat())
    guard = _GUARDS.get(act)
    facts = guard(content, situation) if guard else {}
    effective = effective_day(act, facts, situation)
    return {**facts, "effect_on": effective.isoformat()} if effective else facts


def hindrance(act: Act, situation: Situation) -> Rejected | None:
    """What stands in the way of the act whatever it will say; None when only its content decides."""
    current = situation.state.current_parts
    part = next((part for part in current if not part.co_case), current[0] if current else None)
    try:
        check(act, {"part": part.id if part else "", "outcome": PartStatus.REFUSED}, situation)
    except Rejected as refusal:
        return None if refusal.fields else refusal
    return None


_STANDS_STILL = frozenset({Act.EXTEND, Act.PART_DECIDED, Act.GRANT, Act.DENY})


def _comes_from_elsewhere(act: Act, content: Content, situation: Situation) -> bool:
    """What another home has decided is noted whenever it is heard: its clock does not stand still with this one."""
    return act is Act.PART_DECIDED and situation.by_system and bool(content.get("co_case"))


def _reasoned(content: Content, situation: Situation) -> Facts:
    text(content, "reason")
    return {}


def _ask_correction(content: Content, situation: Situation) -> Facts:
    targets = content.get("targets")
    if not targets:
        raise Rejected("invalid", fields={"targets": "required"})
    names = {f"field:{field.name}" for field in situation.definition.fields}
    names |= {f"material:{material.key}" for material in situation.definition.materials}
    faults = {}
    for number, target in enumerate(targets):
        if target["target"] not in names:
            faults[f"targets.{number}.target"] = "not_a_choice"
        elif not target["problem"].strip():
            faults[f"targets.{number}.problem"] = "required"
    if faults:
        raise Rejected("invalid", fields=faults)
    if situation.state.corrections:
        # 行政许可法 art. 32(4): everything is told at one time; asking again needs a reason that is on record.
        text(content, "reason")
    return {"targets": sorted({target["target"] for target in targets})}


def _supply(content: Content, situation: Situation) -> Facts:
    if situation.state.status is Status.GRANTED:
        if situation.state.money != "bounced":
            raise Rejected("money_not_bounced")
        text(content, "account", most=60)
        return {"targets": ["field:account"]}
    answers = content.get("answers") or {}
    materials = content.get("materials") or []
    given = {f"field:{name}" for name, value in answers.items() if value not in (None, "")}
    given |= {f"material:{material['key']}" for material in materials}
    faults = wrong_supplements(answers, materials, situation.definition)
    faults |= {target: "still_missing" for target in situation.state.targets if target not in given}
    if faults:
        raise Rejected("invalid", fields=faults)
    return {"targets": sorted(given)}


def _accept(content: Content, situation: Situation) -> Facts:
    if situation.files_missing:
        raise Rejected("files_missing", count=situation.files_missing)
    if situation.signatures_missing:
        raise Rejected("signatures_missing", count=situation.signatures_missing)
    return {}


def _transfer(content: Content, situation: Situation) -> Facts:
    text(content, "reason")
    place = text(content, "place", most=12)
    if len(place) != 12 or not place.isdigit():
        raise Rejected("invalid", fields={"place": "not_a_place"})
    return {"successor": str(uuid7())}


def _suspend(content: Content, situation: Situation) -> Facts:
    if situation.state.suspended:
        raise Rejected("suspended", since=situation.state.suspended.since.isoformat())
    text(content, "reason")
    return {"kind": choice(content, "kind", PAUSES)}


def _resume(content: Content, situation: Situation) -> Facts:
    if not situation.state.suspended:
        raise Rejected("not_suspended")
    return {}


def _extend(content: Content, situation: Situation) -> Facts:
    longest = situation.definition.limits.extension
    if longest is None:
        raise Rejected("no_extension")
    if situation.state.extension:
        raise Rejected("extended_already")
    text(content, "reason")
    text(content, "approver", most=60)
    return {"days": count_of_days(content, "days", most=longest.count)}


def _grant(content: Content, situation: Situation) -> Facts:
    if situation.state.asked:
        raise flow.still_asked(situation)
    open_parts = [part for part in situation.state.parts if part.status is PartStatus.WAITING]
    if open_parts:
        raise Rejected("parts_open", stage=stage_of(situation.definition, open_parts[0]).name)
    for part in situation.state.parts:
        stage = stage_of(situation.definition, part)
        if part.status is PartStatus.REFUSED and stage.on_refusal is OnRefusal.FAIL:
            raise Rejected("part_refused", stage=stage.name)
    facts = outcome_of_persons(content, situation) | flow.validity_of(situation.stage, situation)
    if situation.stage:
        flow.check_papers(situation.stage, situation.lead_parts, situation)
    if situation.pattern is Pattern.MONEY:
        text(content, "amount", most=16)
        facts["money"] = True
    return facts


def _deny(content: Content, situation: Situation) -> Facts:
    if flow.may_still_answer(situation):
        raise flow.still_asked(situation)
    return _reasoned(content, situation)


def _withdraw(content: Content, situation: Situation) -> Facts:
    """The counter hands in the answer of a person who was asked; otherwise an accepted case is for him to give up.

    By itself it ends only where the item says so and the time is over (视为撤回).
    """
    if situation.by_system:
        if not situation.lapsed:
            raise Rejected("not_allowed")
        return {"lapsed": True}
    if situation.by_counter and not situation.state.asked:
        raise Rejected("not_allowed")
    return withdrawal(content, situation)


def _answer(content: Content, situation: Situation) -> Facts:
    if situation.pattern is Pattern.HANDOFF:
        text(content, "handed_to", most=200)
    return {"records": len(content.get("records") or [])}


def _issue(content: Content, situation: Situation) -> Facts:
    text(content, "certificate", most=200)
    text(content, "number", most=80)
    return {}


def _deliver(content: Content, situation: Situation) -> Facts:
    event = choice(content, "event", DELIVERIES)
    if event == "delivery":
        return {"event": event, "way": choice(content, "way", ("online", "post", "counter"))}
    if not situation.by_authority:
        raise Rejected("not_allowed")
    if situation.pattern is not Pattern.MONEY or situation.state.money != "ordered":
        raise Rejected("no_payment_ordered")
    if event == "money_arrived" and content.get("amount") != situation.drawn:
        raise Rejected("amount_differs", drawn=situation.drawn)
    return {"event": event}


def _close(content: Content, situation: Situation) -> Facts:
    if situation.state.status is Status.GRANTED and not closing_event_happened(situation.definition, situation.state):
        raise Rejected("closing_event_missing", event=situation.definition.closing)
    return {}


def closing_event_happened(definition: Definition, state: State) -> bool:
    """Whether the event on which the item's cases close (`closing`) has come."""
    if state.status is Status.DENIED:
        return True
    if definition.closing is Closing.DELIVERY:
        return state.delivered
    if definition.closing is Closing.MONEY_ARRIVED and state.money is not None:
        return state.money == "arrived"
    if definition.closing is Closing.REGISTRATION:
        return state.issued
    return state.status is Status.GRANTED


def _record(content: Content, situation: Situation) -> Facts:
    event = choice(content, "event", RECORDS)
    if event not in COUNTERS_RECORDS and not situation.by_authority:
        raise Rejected("not_allowed")
    return {"event": event}


def _reopen(content: Content, situation: Situation) -> Facts:
    if situation.state.status is Status.TRANSFERRED and not situation.successor_refused:
        raise Rejected("successor_goes_on")
    return _reasoned(content, situation)


def _archive(content: Content, situation: Situation) -> Facts:
    if situation.state.archived:
        raise Rejected("archived_already")
    return {}


_GUARDS: dict[Act, Callable[[Content, Situation], Facts]] = {
    Act.ASK_CORRECTION: _ask_correction,
    Act.SUPPLY: _supply,
    Act.ACCEPT: _accept,
    Act.DECLINE: _reasoned,
    Act.SEND_BACK: _reasoned,
    Act.TRANSFER: _transfer,
    Act.SUSPEND: _suspend,
    Act.RESUME: _resume,
    Act.EXTEND: _extend,
    Act.PART_DECIDED: flow.decide_part,
    Act.GO_ON: flow.go_on,
    Act.RENEW: flow.renew,
    Act.GRANT: _grant,
    Act.DENY: _deny,
    Act.ANSWER: _answer,
    Act.ISSUE: _issue,
    Act.DELIVER: _deliver,
    Act.CLOSE: _close,
    Act.WITHDRAW: _withdraw,
    Act.RECTIFY: _reasoned,
    Act.REVOKE: _reasoned,
    Act.REOPEN: _reopen,
    Act.RECORD: _record,
    Act.ARCHIVE: _archive,
}
