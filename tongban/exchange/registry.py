"""What the node does with letters, answers and time. Filled once, by `tongban/wiring.py`."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from tongban.exchange.rules import Heard, LetterRef, Part, Recalled

Hear = Callable[[Heard], None]
Answered = Callable[[LetterRef, str, str, str | None, Mapping[str, str]], None]
Kept = Callable[[Sequence[UUID]], Mapping[UUID, Sequence[Part]]]
Work = Callable[[datetime], bool]
Rebuild = Callable[[str, Sequence[Recalled]], None]
Count = Callable[[Iterable[Recalled]], None]


@dataclass(frozen=True, slots=True)
class Kind:
    name: str
    hear: Hear
    answered: Answered | None
    may_reject: bool
    kept: Kept | None


@dataclass(frozen=True, slots=True)
class Rebuilding:
    """How what followed from forgotten letters of some kinds comes back after a restore."""

    kinds: tuple[str, ...]
    rebuild: Rebuild
    count: tuple[Count, ...]
    settle: tuple[Rebuild, ...]
    opened: Callable[[], None] | None


@dataclass(frozen=True, slots=True)
class Duty:
    name: str
    every_seconds: float
    work: Work
    while_recovering: bool = False


kinds: dict[str, Kind] = {}
rebuildings: list[Rebuilding] = []
duties: dict[str, Duty] = {}


def register(
    kind: str,
    *,
    hear: Hear,
    answered: Answered | None = None,
    may_reject: bool = False,
    kept: Kept | None = None,
) -> None:
    """Say who hears letters of a kind.

    hear: called in the transaction that stores the letter; raises NotYet to have it sent again, or Rejected.
    answered: called with (letter, receiver, outcome, reason, facts) in the transaction that stores the receipt.
    may_reject: whether a Rejected from `hear` is an answer (asks); otherwise it halts the subject with an alarm.
    kept: the bodies that this node still holds of heard letters, by id; a sender that was restored has them back.
    """
    kinds[kind] = Kind(kind, hear, answered, may_reject, kept)


def register_rebuilding(
    *of_kinds: str,
    rebuild: Rebuild,
    count: Sequence[Count] = (),
    settle: Sequence[Rebuild] = (),
    opened: Callable[[], None] | None = None,
) -> None:
    """Say how what followed from letters that a restore took away comes back. Those registered first come first.

    rebuild: called with a subject and all letters about it that peers remember and this node has forgotten, in the
    transaction that puts them back; it writes the rows that followed, and no letter but to followers that lack one.
    count: called once with all of them, before anything new is written; numbers go on above the highest seen.
    settle: called subject by subject after that; does what the old life had not come to, and may write letters.
    opened: called when the node is about to write again, and once more when nobody owes it anything.
    Each may be called again with the same letters after a crash. NotYet leaves a subject for later.
    """
    rebuildings.append(Rebuilding(of_kinds, rebuild, tuple(count), tuple(settle), opened))


def register_duty(name: str, every_seconds: float, work: Work, *, while_recovering: bool = False) -> None:
    """Have the worker call `work(now)` so often, one process at a time. It returns whether more waits to be done.

    while_recovering: whether it is done by a restored node that has not yet heard what it forgot.
    """
    duties[name] = Duty(name, every_seconds, work, while_recovering)
