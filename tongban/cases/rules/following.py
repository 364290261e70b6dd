"""Until when a node follows a case: one row for each reason of following, read after a step has been folded in.

A node whose every reason has ended receives that step as its last; the step's header names it among `removed`.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from tongban.cases.rules.bodies import Follows
from tongban.cases.rules.parts import PartStatus
from tongban.cases.rules.state import State
from tongban.cases.rules.table import ENDS, Act, Status

CAME_TO_NOTHING = frozenset({"withdrawn", "recalled", "declined", "sent_back", "transferred", "denied", "revoked"})


@dataclass(frozen=True, slots=True)
class Term:
    """over: whether the reason has ended, by the state after the step and the node's code.

    until, because: the same in words, for `docs/case.md`. back: the act that makes it a reason again, where one does.
    """

    over: Callable[[State, str], bool]
    until: str
    because: str
    back: Act | None = None


def _never(state: State, node: str) -> bool:
    return False


def _delivered(state: State, node: str) -> bool:
    return state.delivered or state.status in ENDS


def _contributes_nothing(state: State, node: str) -> bool:
    """No part lies there that was done, or that the case still waits for."""
    if state.status is Status.WITHDRAWN:
        return True
    parts = [part for part in state.parts if part.node == node and "@" in part.id]
    waits = state.status is Status.ACCEPTED
    return not any(
        part.status in (PartStatus.DONE, PartStatus.PARTIAL) or (waits and part.status is PartStatus.WAITING)
        for part in parts
    )


def _ended_undecided(state: State, node: str) -> bool:
    return state.status in (Status.WITHDRAWN, Status.SENT_BACK)


def _came_to_nothing(state: State, node: str) -> bool:
    return state.outcome in CAME_TO_NOTHING


def _ended(state: State, node: str) -> bool:
    return state.status in ENDS


TERMS: Mapping[Follows, Term] = {
    Follows.RECEIVING: Term(
        _never,
        "for ever",
        "the person reads his case there, and gets originals back there even after a recall; "
        "a correction or revocation reaches him there",
    ),
    Follows.DELIVERING: Term(_delivered, "the result is handed out, or the case ends", "its errand is done"),
    Follows.CO_HANDLING: Term(
        _contributes_nothing,
        "its last part is refused, or the case ends before its part is decided, or is withdrawn",
        "it has contributed nothing that stands; one that has hears of corrections, revocations and reopenings",
        back=Act.REOPEN,
    ),
    Follows.LEAD: Term(
        _ended_undecided,
        "the assist case is withdrawn or sent back",
        "there is no outcome to hear of, and an assist case is not reopened",
    ),
    Follows.INFORMED: Term(
        _came_to_nothing,
        "the case comes to nothing: withdrawn, recalled, declined, sent back, transferred, denied or revoked",
        "nothing will happen at its place",
        back=Act.REOPEN,
    ),
    Follows.PREDECESSOR: Term(_ended, "the successor ends", "the home before has seen what became of the case"),
}


def ended(followers: Iterable[tuple[str, Follows]], state: State) -> frozenset[tuple[str, Follows]]:
    """Of the reasons for which nodes follow those that end with the step after which the case stands so."""
    return frozenset((node, role) for node, role in followers if TERMS[role].over(state, node))


def removed(followers: Iterable[tuple[str, Follows]], state: State) -> frozenset[str]:
    """The nodes that have no reason left."""
    every = frozenset(followers)
    return frozenset(node for node, _ in every) - frozenset(node for node, _ in every - ended(every, state))
