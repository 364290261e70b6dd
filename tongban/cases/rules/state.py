"""Where a case stands: a fold over the headers of its steps.

Headers carry no personal data, so the state can be recomputed for ever, bodies or not, by any follower.
"""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import date
from typing import Any

from tongban.cases.rules import parts
from tongban.cases.rules.parts import Part, read_date, stored_part
from tongban.cases.rules.table import Act, Status

Header = Mapping[str, Any]

WITHDRAWAL_ASKED = "withdrawal_asked"
"""What is recorded when one of several applicants asks to withdraw and the others have not yet."""


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
        """The parts whose turn it is."""
        return parts.current(self.parts)

    @property
    def asked(self) -> tuple[Part, ...]:
        """The refused parts about which the person is being asked: to go on without them, or to withdraw."""
        return parts.asked(self.parts) if self.status is Status.ACCEPTED else ()

    def as_json(self) -> dict[str, Any]:
        return {key: _plain(value) for key, value in asdict(self).items()}


def from_json(stored: Mapping[str, Any]) -> State:
    values = dict(stored)
    for key in ("received_on", "accepted_on", "corrected_on"):
        values[key] = read_date(values[key])
    values["status"] = Status(values["status"]) if values["status"] else None
    values["targets"] = tuple(values["targets"])
    values["withdrawing"] = tuple(values.get("withdrawing", ()))
    values["pauses"] = tuple(
        Pause(pause["kind"], date.fromisoformat(pause["since"]), read_date(pause["until"]))
        for pause in values["pauses"]
    )
    values["parts"] = tuple(stored_part(part) for part in values["parts"])
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


def has_object(act: Act, state: State, *, by_counter: bool) -> bool:
    """Whether there is anything that the act could answer: a question put to the person, a payment that came back."""
    if act is Act.GO_ON or (act is Act.WITHDRAW and by_counter and state.status is Status.ACCEPTED):
        return bool(state.asked)
    return act is not Act.SUPPLY or state.status is not Status.GRANTED or state.money == "bounced"


def _opened(state: State, facts: Mapping[str, Any], day: date) -> State:
    return replace(
        state,
        received_on=read_date(facts.get("received_on")) or day,
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
    listed = tuple(Part(id=part["id"], stage=part["stage"], node=part["node"]) for part in facts.get("parts", ()))
    return replace(state, accepted_on=day, targets=(), parts=parts.turned(listed, facts, day))


def _suspended(state: State, facts: Mapping[str, Any], day: date) -> State:
    return replace(state, pauses=(*state.pauses, Pause(facts["kind"], day)))


def _resumed(state: State, facts: Mapping[str, Any], day: date) -> State:
    return replace(state, pauses=tuple(pause if pause.until else replace(pause, until=day) for pause in state.pauses))


def _extended(state: State, facts: Mapping[str, Any], day: date) -> State:
    return replace(state, extension=state.extension + facts["days"])


def _part_decided(state: State, facts: Mapping[str, Any], day: date) -> State:
    return replace(state, parts=parts.turned(parts.decided(state.parts, facts, day), facts, day))


def _gone_on(state: State, facts: Mapping[str, Any], day: date) -> State:
    return replace(state, parts=parts.turned(parts.answered(state.parts, facts, day), facts, day))


def _renewed(state: State, facts: Mapping[str, Any], day: date) -> State:
    return replace(state, parts=parts.turned(parts.renewed(state.parts, facts), facts, day))


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
    return replace(fresh, accepted_on=day, parts=parts.turned(parts.undone(state.parts), facts, day))


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
    Act.GO_ON: _gone_on,
    Act.RENEW: _renewed,
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


def _plain(value: Any) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    return value
