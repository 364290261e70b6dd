"""What the node does with letters, answers and time. Filled once, by `tongban/wiring.py`."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from tongban.exchange.rules import Heard, LetterRef

Hear = Callable[[Heard], None]
Answered = Callable[[LetterRef, str, str, str | None, Mapping[str, str]], None]
Work = Callable[[datetime], bool]


@dataclass(frozen=True, slots=True)
class Kind:
    name: str
    hear: Hear
    answered: Answered | None
    may_reject: bool
    recover: Hear | None


@dataclass(frozen=True, slots=True)
class Duty:
    name: str
    every_seconds: float
    work: Work


kinds: dict[str, Kind] = {}
duties: dict[str, Duty] = {}


def register(
    kind: str,
    *,
    hear: Hear,
    answered: Answered | None = None,
    may_reject: bool = False,
    recover: Hear | None = None,
) -> None:
    """Say who hears letters of a kind.

    hear: called in the transaction that stores the letter; raises NotYet to have it sent again, or Rejected.
    answered: called with (letter, receiver, outcome, reason, facts) in the transaction that stores the receipt.
    may_reject: whether a Rejected from `hear` is an answer (asks); otherwise it halts the subject with an alarm.
    recover: called after a restore, in the order of writing, with each letter of the kind that a peer remembers and
    this node has forgotten: its own (sender is this node) and those it had answered. It rebuilds and writes no letter.
    """
    kinds[kind] = Kind(kind, hear, answered, may_reject, recover)


def register_duty(name: str, every_seconds: float, work: Work) -> None:
    """Have the worker call `work(now)` so often, one process at a time. It returns whether more waits to be done."""
    duties[name] = Duty(name, every_seconds, work)
