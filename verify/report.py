"""All checks together, and the figures of the last line."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from verify.chains import check_bodies, check_chain, check_contents, home_of
from verify.copies import check_carried, check_copies, check_losses, check_reach, check_receipts, count_removed
from verify.counts import Ledger, check_counts
from verify.directory import Directory
from verify.evidence import Copy, Holdings
from verify.faults import Fault
from verify.letters import check_asks, check_letters, count_letters


@dataclass(frozen=True, slots=True)
class Report:
    """cases: how many there are; letters: how many were sent; equal: cases whose followers hold the home's chain.

    removed: how often a node ceased to follow a case. lost: bodies that homes say a restore has taken from them.
    """

    cases: int
    letters: int
    equal: int
    removed: int
    lost: int
    faults: tuple[Fault, ...]

    @property
    def passed(self) -> bool:
        return not self.faults and self.cases > 0 and self.equal == self.cases

    @property
    def last_line(self) -> str:
        return f"cases {self.cases}, letters {self.letters}, digests equal {self.equal}/{self.cases}"

    def as_json(self) -> dict[str, Any]:
        return {
            "cases": self.cases,
            "letters": self.letters,
            "equal": self.equal,
            "removed": self.removed,
            "lost": self.lost,
            "passed": self.passed,
            "faults": [fault.as_json() for fault in self.faults],
        }


def verify(
    directory: Directory,
    holdings: Mapping[str, Holdings],
    ledger: Ledger | None = None,
    *,
    unread: tuple[Fault, ...] = (),
) -> Report:
    """Recompute everything. unread: what could not be parsed when it was fetched; it counts as a fault."""
    faults = list(unread)
    originals: dict[str, Copy] = {}
    strangers: set[str] = set()
    for node, holder in holdings.items():
        for case, copy in holder.cases.items():
            faults += check_chain(directory, holder, copy)
            faults += check_bodies(holder, copy)
            faults += check_contents(holder, copy)
            if home_of(copy) == node:
                originals[case] = copy
            else:
                strangers.add(case)
    faults += [Fault("home_lost_case", _home_seen(holdings, case), case) for case in sorted(strangers - set(originals))]
    equal = 0
    for original in originals.values():
        different = list(check_copies(original, holdings))
        equal += not different
        faults += different
        faults += check_reach(original, holdings)
        faults += check_losses(original, holdings)
        faults += check_receipts(directory, home_of(original), original)
    faults += check_letters(directory, holdings)
    faults += check_asks(originals, holdings)
    faults += check_carried(originals)
    if ledger is not None:
        faults += check_counts(ledger, originals, holdings)
    return Report(
        cases=len(originals) + len(strangers - set(originals)),
        letters=count_letters(holdings),
        equal=equal,
        removed=sum(count_removed(original) for original in originals.values()),
        lost=sum(len(original.lost) for original in originals.values()),
        faults=tuple(faults),
    )


def _home_seen(holdings: Mapping[str, Holdings], case: str) -> str:
    return next(home_of(holder.cases[case]) for holder in holdings.values() if case in holder.cases)
