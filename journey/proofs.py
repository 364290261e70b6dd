"""For each pattern one statement about a finished case that only this pattern can pass."""

from collections.abc import Callable
from datetime import date

from journey.outcomes.turns import AMOUNT
from journey.play import Plan, Play
from journey.views import View

Proof = Callable[[Play, View], str | None]
"""What is wrong with the case as its home shows it; None when the statement holds."""


def is_provable(plan: Plan) -> bool:
    """Whether the outcome reaches the point where the pattern shows."""
    wanted = frozenset({"answered"}) if plan.item.pattern == "check" else SUCCESSES
    return plan.outcome in wanted


def fault_of(play: Play, view: View) -> str | None:
    """None for a case that proves its pattern."""
    try:
        return PROOFS[play.item.pattern](play, view)
    except LookupError as error:
        return str(error)


SUCCESSES = frozenset(
    {"granted", "corrected_granted", "answered", "corrected_answered", "handed_off", "deemed_accepted", "bounced_paid"}
)


def _instant(_play: Play, view: View) -> str | None:
    """Answered without any officer, and the answer brings the records along."""
    if view.acts != ["open", "answer"] or _people(view):
        return f"an instant answer took {view.acts} by {_people(view)}"
    return None if view.said("answer", "records") is not None else "the answer has no records"


def _check(_play: Play, view: View) -> str | None:
    """Passes by itself, because the data of the department match."""
    if view.acts != ["open", "answer"] or _people(view):
        return f"a check took {view.acts} by {_people(view)}"
    return None if view.said("answer", "matched") is True else "the check does not say that it passed"


def _approval(play: Play, view: View) -> str | None:
    """Received at one node, granted by officers of another (what is reported to a third, also of the same); another
    authority helps only where asked.
    """
    first = view.step_of("open")
    may_stay = bool(play.item.content.get("informs"))
    if (view.home == play.origin and not may_stay) or first["received"]["node"] != play.origin:
        return f"received at {first['received']['node']}, home {view.home}"
    asked = {stage["key"] for stage in play.item.stages_for(play.answers) if stage["kind"] == "assist"}
    helped = {part["stage"] for part in view.parts if part.get("co_case")}
    if helped != asked:
        return f"asked to help {sorted(asked)}, helped {sorted(helped)}"
    return None if view.step_of("grant")["by"]["role"] == "officer" else "no officer granted it"


def _joint(play: Play, view: View) -> str | None:
    """Every co-handling authority decided its own case before the lead granted, in the order of the stages."""
    together = [part for part in view.parts if part.get("co_case")]
    if not together:
        return "no other authority took part"
    granted = int(view.step_of("grant")["no"])
    numbers = {part["id"]: _number_of_part(view, part["id"]) for part in view.parts}
    if any(number > granted for number in numbers.values()):
        return "granted before all parts were decided"
    order = [stage["key"] for stage in play.item.stages_for(play.answers)]
    taken = sorted(view.parts, key=lambda part: numbers[part["id"]])
    positions = [order.index(part["stage"]) for part in taken]
    if positions != sorted(positions):
        return f"stages out of order: {[part['stage'] for part in taken]}"
    return _money_last(play, view, numbers)


def _money_last(play: Play, view: View, numbers: dict[str, int]) -> str | None:
    """Where the flow ends with money (1-07): it arrives after every other authority has done its part."""
    kinds = {stage["key"]: stage["kind"] for stage in play.item.stages}
    money = [numbers[part["id"]] for part in view.parts if kinds[part["stage"]] == "payment"]
    others = [numbers[part["id"]] for part in view.parts if part.get("co_case")]
    return "the money arrived before the other authorities were done" if money and min(money) < max(others) else None


def _anywhere(play: Play, view: View) -> str | None:
    """The home is where the person stands."""
    return None if view.home == play.origin else f"stands at {play.origin}, home {view.home}"


def _collected(play: Play, view: View) -> str | None:
    """Collected and waited for here, signed elsewhere: publicity runs its full time and the issuer decides its part."""
    if not any(part.get("co_case") and part["node"] != view.home for part in view.parts):
        return "the issuing authority did not take part"
    for stage in play.item.stages_for(play.answers):
        if stage["kind"] != "publicity":
            continue
        part = next(part for part in view.parts if part["stage"] == stage["key"])
        waited = date.fromisoformat(part["decided_on"]) - date.fromisoformat(part["opened_on"])
        if waited.days <= int(stage["limit"].split()[0]):
            return f"publicity lasted {waited.days} days"
    return None


def _money(_play: Play, view: View) -> str | None:
    """What arrived is what was granted, and the case closed only then."""
    arrived = [step for step in view.steps if (step.get("facts") or {}).get("event") == "money_arrived"]
    if len(arrived) != 1 or (arrived[0].get("said") or {}).get("amount") != AMOUNT:
        return f"{len(arrived)} payments arrived, {[(step.get('content') or {}).get('amount') for step in arrived]}"
    if view.said("grant", "amount") != AMOUNT:
        return f"granted {view.said('grant', 'amount')}"
    closed = int(view.step_of("close")["no"])
    return None if closed > int(arrived[0]["no"]) else "closed before the money arrived"


def _handoff(play: Play, view: View) -> str | None:
    """It ends in a recorded hand-off to whom the item names."""
    wanted = play.item.content["handoff"]["to"]
    found = view.said("answer", "handed_to")
    return None if found == wanted else f"handed to {found!r}, not {wanted!r}"


def _notice(_play: Play, view: View) -> str | None:
    """Nothing to refuse, and the day on which it was first received anywhere is the day that counts."""
    refusals = {"decline", "deny", "grant", "accept"} & (set(view.acts) | view.allowed)
    if refusals:
        return f"a notice can be answered by {sorted(refusals)}"
    first = view.step_of("open")
    counted = (first.get("facts") or {}).get("received_on")
    return None if counted and counted <= str(first["legal_date"]) else f"counts from {counted}"


def _number_of_part(view: View, part: str) -> int:
    found = [step for step in view.steps if (step.get("facts") or {}).get("part") == part]
    if not found:
        raise LookupError(f"part {part} was never decided")
    return int(found[-1]["no"])


def _people(view: View) -> list[str]:
    """Officers among those who acted after the opening."""
    return [step["act"] for step in view.steps[1:] if (step.get("by") or {}).get("role") != "system"]


PROOFS: dict[str, Proof] = {
    "instant": _instant,
    "check": _check,
    "approval": _approval,
    "joint": _joint,
    "anywhere": _anywhere,
    "collected": _collected,
    "money": _money,
    "handoff": _handoff,
    "notice": _notice,
}
