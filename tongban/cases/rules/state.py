"""Where a case stands: a fold over the headers of its steps.

Headers carry no personal data, so the state can be recomputed for ever, bodies or not, by any follower.
"""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import date
from enum import StrEnum
from typing import Any

from tongban.cases.rules.table import Act, Status

Header = Mapping[str, Any]

WITHDRAWAL_ASKED = "withdrawal_asked"
"""What is recorded when one of several applicants asks to withdraw and the others have not yet."""


class PartStatus(StrEnum):
    WAITING = "waiting"
    DONE = "done"
    PARTIAL = "partial"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Part:
    """A stage of the flow at one place; a stage over several places has several parts.

    id: "<stage>" at the home, "<stage>@<division>" elsewhere. opened_on: when its turn came. node: where it lies.
    """

    id: str
    stage: str
    status: PartStatus = PartStatus.WAITING
    opened_on: date | None = None
    decided_on: date | None = None
    co_case: str | None = None
    node: str | None = None


@dataclass(frozen=True, slots=True)
class Pause:
    kind: str
    since: date
    until: date | None = None


@dataclass(frozen=True, slots=True)
class State:
    """outcome: granted, denied, revoked, answered, …; None while it is open.

    corrected_on: from when the notice clock runs anew: the day of the supplement, or of the reopening.
    applicants: how many apply together. withdrawing: numbers of those of them who have asked to withdraw.
    ex_officio: opened by the authority itself.
    """

    head: int = 0
    status: Status | None = None
    outcome: str | None = None
    received_on: date | None = None
    accepted_on: date | None = None
    corrected_on: date | None = None
    corrections: int = 0
    targets: tuple[str, ...] = ()
    pauses: tuple[Pause, ...] = ()
    extension: int = 0
    parts: tuple[Part, ...] = ()
    issued: bool = False
    delivered: bool = False
    archived: bool = False
    money: str | None = None
    precheck: str | None = None
    successor: str | None = None
    applicants: int = 1
    withdrawing: tuple[int, ...] = ()
    ex_officio: bool = False

    @property
    def suspended(self) -> Pause | None:
        return next((pause for pause in self.pauses if pause.until is None), None)

    @property
    def current_parts(self) -> tuple[Part, ...]:
        """The parts whose turn it is: those of the first stage that is not decided."""
        waiting = [part for part in self.parts if part.status is PartStatus.WAITING]
        return tuple(part for part in waiting if part.stage == waiting[0].stage)

    def as_json(self) -> dict[str, Any]:
        return {key: _plain(value) for key, value in asdict(self).items()}


def from_json(stored: Mapping[str, Any]) -> State:
    values = dict(stored)
    for key in ("received_on", "accepted_on", "corrected_on"):
        values[key] = _date(values[key])
    values["status"] = Status(values["status"]) if values["status"] else None
    values["targets"] = tuple(values["targets"])
    values["withdrawing"] = tuple(values.get("withdrawing", ()))
    values["pauses"] = tuple(
        Pause(pause["kind"], date.fromisoformat(pause["since"]), _date(pause["until"])) for pause in values["pauses"]
    )
    values["parts"] = tuple(
        Part(
            **{
                **part,
                "status": PartStatus(part["status"]),
                "opened_on": _date(part["opened_on"]),
                "decided_on": _date(part["decided_on"]),
            }
        )
        for part in values["parts"]
    )
    return State(**values)


def fold(headers: Iterable[Header]) -> State:
    state = State()
    for header in headers:
        state = apply(state, header)
    return state


def apply(state: State, header: Header) -> State:
    """The state after one more step. Acts not known to this version change the status only (protocol §steps)."""
    day = date.fromisoformat(header["legal_date"])
    facts: Mapping[str, Any] = header.get("facts", {})
    state = replace(state, head=header["no"], status=Status(header["status"]))
    change = _CHANGES.get(header["act"])
    return change(state, facts, day) if change else state


def _opened(state: State, facts: Mapping[str, Any], day: date) -> State:
    return replace(
        state,
        received_on=_date(facts.get("received_on")) or day,
        applicants=facts.get("applicants", 1),
        ex_officio=facts.get("ex_officio") is True,
    )


def _correction_asked(state: State, facts: Mapping[str, Any], day: date) -> State:
    return replace(state, corrections=state.corrections + 1, targets=tuple(facts["targets"]), corrected_on=None)


def _supplied(state: State, facts: Mapping[str, Any], day: date) -> State:
    if state.status is Status.GRANTED:
        return replace(state, money="ordered")
    return replace(state, targets=(), corrected_on=day)


def _accepted(state: State, facts: Mapping[str, Any], day: date) -> State:
    parts = tuple(Part(id=part["id"], stage=part["stage"], node=part["node"]) for part in facts.get("parts", ()))
    return _turned(replace(state, accepted_on=day, targets=(), parts=parts), facts, day)


def _turned(state: State, facts: Mapping[str, Any], day: date) -> State:
    """Note the opening of the parts whose turn it now is, and the co-cases opened for them."""
    links = {link["part"]: link["co_case"] for link in facts.get("links", ())}
    day = _date(facts.get("opened_on")) or day
    current = {part.id for part in state.current_parts}
    parts = tuple(
        replace(part, opened_on=part.opened_on or day, co_case=links.get(part.id, part.co_case))
        if part.id in current
        else part
        for part in state.parts
    )
    return replace(state, parts=parts)


def _suspended(state: State, facts: Mapping[str, Any], day: date) -> State:
    return replace(state, pauses=(*state.pauses, Pause(facts["kind"], day)))


def _resumed(state: State, facts: Mapping[str, Any], day: date) -> State:
    return replace(state, pauses=tuple(pause if pause.until else replace(pause, until=day) for pause in state.pauses))


def _extended(state: State, facts: Mapping[str, Any], day: date) -> State:
    return replace(state, extension=state.extension + facts["days"])


def _part_decided(state: State, facts: Mapping[str, Any], day: date) -> State:
    outcome = PartStatus(facts["outcome"])
    parts = tuple(
        replace(part, status=outcome, decided_on=day) if part.id == facts["part"] else part for part in state.parts
    )
    return _turned(replace(state, parts=parts), facts, day)


def _granted(state: State, facts: Mapping[str, Any], day: date) -> State:
    return replace(
        state, outcome="partial" if facts.get("partial") else "granted", money="ordered" if facts.get("money") else None
    )


def _outcome(outcome: str) -> Any:
    def change(state: State, facts: Mapping[str, Any], day: date) -> State:
        return replace(state, outcome=outcome)

    return change


def _issued(state: State, facts: Mapping[str, Any], day: date) -> State:
    return replace(state, issued=True)


def _delivered(state: State, facts: Mapping[str, Any], day: date) -> State:
    if facts["event"] == "delivery":
        return replace(state, delivered=True)
    return replace(state, money="arrived" if facts["event"] == "money_arrived" else "bounced")


def _transferred(state: State, facts: Mapping[str, Any], day: date) -> State:
    return replace(state, outcome="transferred", successor=facts["successor"])


def _reopened(state: State, facts: Mapping[str, Any], day: date) -> State:
    """All clocks begin anew: that of the notice before acceptance, that of the decision after it."""
    fresh = replace(
        state,
        outcome=None,
        issued=False,
        delivered=False,
        archived=False,
        successor=None,
        pauses=(),
        extension=0,
        withdrawing=(),
    )
    if state.status is not Status.ACCEPTED:
        return replace(fresh, accepted_on=None, corrected_on=day)
    return _turned(replace(fresh, accepted_on=day, parts=undone(state.parts)), facts, day)


def undone(parts: tuple[Part, ...]) -> tuple[Part, ...]:
    """The parts after a reopening: what was done stays done, what was refused or left open is to be done again."""
    return tuple(
        part if part.status in (PartStatus.DONE, PartStatus.PARTIAL) else Part(part.id, part.stage, node=part.node)
        for part in parts
    )


def _archived(state: State, facts: Mapping[str, Any], day: date) -> State:
    return replace(state, archived=True)


def _recorded(state: State, facts: Mapping[str, Any], day: date) -> State:
    if facts["event"] in ("precheck_passed", "precheck_failed"):
        return replace(state, precheck=facts["event"].removeprefix("precheck_"))
    if facts["event"] == WITHDRAWAL_ASKED:
        return replace(state, withdrawing=(*state.withdrawing, facts["party"]))
    return state


_CHANGES: dict[str, Any] = {
    Act.OPEN: _opened,
    Act.ASK_CORRECTION: _correction_asked,
    Act.SUPPLY: _supplied,
    Act.ACCEPT: _accepted,
    Act.DEEM_ACCEPTED: _accepted,
    Act.DECLINE: _outcome("declined"),
    Act.SEND_BACK: _outcome("sent_back"),
    Act.TRANSFER: _transferred,
    Act.SUSPEND: _suspended,
    Act.RESUME: _resumed,
    Act.EXTEND: _extended,
    Act.PART_DECIDED: _part_decided,
    Act.ANSWER: _outcome("answered"),
    Act.GRANT: _granted,
    Act.DENY: _outcome("denied"),
    Act.ISSUE: _issued,
    Act.DELIVER: _delivered,
    Act.WITHDRAW: _outcome("withdrawn"),
    Act.RECALL: _outcome("recalled"),
    Act.REVOKE: _outcome("revoked"),
    Act.REOPEN: _reopened,
    Act.ARCHIVE: _archived,
    Act.RECORD: _recorded,
}


def _date(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _plain(value: Any) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    return value
