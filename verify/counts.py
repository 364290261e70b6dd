"""The nodes' cases against the ledger: what the clients wrote down while they sent it. Nothing lost, nothing doubled.

Ledger: {"cases": [{"case", "item", "node", "home", "status", "materials": [digest]}],
         "acts":  [{"case", "node", "role", "act", "answer": "step" | "ask" | "refused", "id"}]}
status is the one that the client saw last; id is the step's digest or the ask's letter id, empty when it was not told.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from verify.evidence import Copy, Holdings
from verify.faults import Fault
from verify.seals import Unreadable

BY_ITSELF = frozenset({"system", "organ"})


@dataclass(frozen=True, slots=True)
class ClaimedCase:
    case: str
    node: str
    home: str
    status: str
    materials: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ClaimedAct:
    case: str
    node: str
    act: str
    answer: str
    id: str


@dataclass(frozen=True, slots=True)
class Ledger:
    cases: tuple[ClaimedCase, ...]
    acts: tuple[ClaimedAct, ...]


def read_ledger(value: Mapping[str, Any]) -> Ledger:
    """Raises Unreadable."""
    try:
        cases = tuple(
            ClaimedCase(
                case=str(entry["case"]),
                node=str(entry["node"]),
                home=str(entry["home"]),
                status=str(entry["status"]),
                materials=tuple(str(digest) for digest in entry["materials"]),
            )
            for entry in value["cases"]
        )
        acts = tuple(
            ClaimedAct(
                case=str(entry["case"]),
                node=str(entry["node"]),
                act=str(entry["act"]),
                answer=str(entry["answer"]),
                id=str(entry["id"]),
            )
            for entry in value["acts"]
        )
    except (KeyError, TypeError) as error:
        raise Unreadable(f"the ledger lacks {error}") from error
    return Ledger(cases=cases, acts=acts)


def check_counts(ledger: Ledger, originals: Mapping[str, Copy], holdings: Mapping[str, Holdings]) -> Iterator[Fault]:
    yield from _lost_cases(ledger, originals, holdings)
    yield from _unasked_cases(ledger, originals)
    yield from _acts(ledger, originals)
    yield from _answers(ledger, originals, holdings)


def _lost_cases(ledger: Ledger, originals: Mapping[str, Copy], holdings: Mapping[str, Holdings]) -> Iterator[Fault]:
    for claim in ledger.cases:
        original = originals.get(claim.case)
        if original is None:
            yield Fault("case_lost", claim.home, claim.case)
            continue
        head = original.steps[-1].header
        if head.get("home") != claim.home:
            yield Fault("other_home", str(head.get("home")), claim.case, 0, f"{claim.home} expected")
        if head.get("status") != claim.status:
            found = f"{head.get('status')}, not {claim.status}"
            yield Fault("status", claim.home, claim.case, len(original.steps), found)
        holder = holdings.get(claim.home)
        for digest in claim.materials:
            if holder is None or holder.contents.get(digest) != digest:
                yield Fault("material_lost", claim.home, claim.case, 0, digest)


def _unasked_cases(ledger: Ledger, originals: Mapping[str, Copy]) -> Iterator[Fault]:
    """A case is either a client's, or it was opened for another one: an assist case or a successor after a transfer."""
    claimed = {claim.case for claim in ledger.cases}
    for case, original in originals.items():
        first = original.steps[0].header
        if case not in claimed and not _origin_of(first) & set(originals):
            yield Fault("case_unasked", str(first.get("home")), case)


def _origin_of(first: Mapping[str, Any]) -> set[str]:
    return {_case_in(first.get("lead")), _case_in(first.get("predecessor"))}


def _case_in(link: object) -> str:
    if isinstance(link, Mapping):
        return str(link.get("case", ""))
    return str(link or "")


def _acts(ledger: Ledger, originals: Mapping[str, Copy]) -> Iterator[Fault]:
    """For every act of a person, as many steps as the clients were told of."""
    told = Counter((claim.case, claim.act) for claim in ledger.acts if claim.answer in ("step", "ask"))
    taken = Counter(
        (case, str(step.header.get("act")))
        for case, original in originals.items()
        for step in original.steps
        if (step.header.get("by") or {}).get("role") not in BY_ITSELF
    )
    for case, act in sorted(set(told) | set(taken)):
        difference = taken[case, act] - told[case, act]
        if difference and case in originals:
            code = "act_doubled" if difference > 0 else "act_lost"
            detail = f"{act}: {told[case, act]} sent, {taken[case, act]} taken"
            yield Fault(code, str(originals[case].steps[0].header.get("home")), case, 0, detail)


def _answers(ledger: Ledger, originals: Mapping[str, Copy], holdings: Mapping[str, Holdings]) -> Iterator[Fault]:
    """The very step or ask that a client was told of is there."""
    steps = {(case, step.letter.seal.digest) for case, original in originals.items() for step in original.steps}
    asks = {(entry.letter.subject, entry.letter.id) for holder in holdings.values() for entry in holder.sent}
    for claim in ledger.acts:
        known = {"step": steps, "ask": asks, "refused": asks}.get(claim.answer)
        if known is not None and claim.id and (claim.case, claim.id) not in known:
            yield Fault("answer_lost", claim.node, claim.case, 0, f"{claim.act}: {claim.answer} {claim.id}")
