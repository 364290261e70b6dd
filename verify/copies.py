"""Copies at followers: the home's bytes, complete, and counter-signed."""

from collections.abc import Iterator, Mapping

from verify.directory import Directory, read_moment
from verify.evidence import RECEIPT, Copy, Holdings, Receipt, Step
from verify.faults import Fault


def due_steps(copy: Copy) -> dict[str, int]:
    """Follower -> number of the last step that names it: it must hold everything up to there."""
    home = str(copy.steps[0].header.get("home", "")) if copy.steps else ""
    return {follower: step.no for step in copy.steps for follower in step.followers if follower != home}


def most_steps(copy: Copy, follower: str) -> int:
    """How many steps the follower may hold: up to the last that names it, unless it was called to assist since.

    Who was called and has opened the assist case gets all steps so far, even before the next one names it.
    """
    named = due_steps(copy).get(follower, 0)
    left = max((step.no for step in copy.steps if follower in step.removed), default=0)
    called = any(follower in step.called for step in copy.steps if step.no > left)
    return len(copy.steps) if called else named


def count_removed(copy: Copy) -> int:
    """How often a node ceased to follow the case."""
    return sum(len(step.removed) for step in copy.steps)


def check_reach(original: Copy, holdings: Mapping[str, Holdings]) -> Iterator[Fault]:
    """Nobody holds a step that was not for him: a removed follower has nothing beyond the step that removed it."""
    home = str(original.steps[0].header.get("home", "")) if original.steps else ""
    for node, holder in holdings.items():
        copy = holder.cases.get(original.case)
        if copy is None or node == home:
            continue
        most = most_steps(original, node)
        if len(original.steps) >= len(copy.steps) > most:
            yield Fault("copy_beyond", node, original.case, len(copy.steps), f"{most} steps were for it")


def check_losses(original: Copy, holdings: Mapping[str, Holdings]) -> Iterator[Fault]:
    """What a home says that a restore has taken from it is nowhere else: else it could have had it back."""
    home = str(original.steps[0].header.get("home", "")) if original.steps else ""
    for node, holder in holdings.items():
        copy = holder.cases.get(original.case)
        for step in copy.steps if copy and node != home else ():
            for audience in sorted(set(step.bodies)):
                if (step.no, audience) in original.lost:
                    yield Fault("lost_though_held", home, original.case, step.no, f"{audience} at {node}")


def check_copies(original: Copy, holdings: Mapping[str, Holdings]) -> Iterator[Fault]:
    """Each follower's steps are byte for byte the home's, up to the last step that names it as a follower."""
    case = original.case
    for follower, last in due_steps(original).items():
        holder = holdings.get(follower)
        copy = holder.cases.get(case) if holder else None
        if copy is None:
            yield Fault("copy_missing", follower, case)
            continue
        if len(copy.steps) < last:
            yield Fault("copy_short", follower, case, len(copy.steps), f"{last} steps are due")
        for step, at_home in zip(copy.steps, original.steps, strict=False):
            if not _same_bytes(step, at_home):
                yield Fault("copy_differs", follower, case, at_home.no)
        if len(copy.steps) > len(original.steps):
            yield Fault("copy_longer", follower, case, len(copy.steps), f"the home has {len(original.steps)}")


def check_carried(originals: Mapping[str, Copy]) -> Iterator[Fault]:
    """A document that a lead carries is one that the assist case's own home has signed for."""
    for case, original in originals.items():
        for step in original.steps:
            carried = step.document_carried
            source = originals.get(carried[0]) if carried else None
            if carried is None or source is None:
                continue
            if not any(carried[1] in other.documents_made for other in source.steps):
                yield Fault("carried", str(step.header.get("home")), case, step.no, carried[1])


def check_receipts(directory: Directory, home: str, original: Copy) -> Iterator[Fault]:
    """Every step that a follower was due has that follower's receipt, taken in the order of the steps."""
    for follower, last in due_steps(original).items():
        earlier: str | None = None
        for step in original.steps[:last]:
            receipt = _receipt_for(original, step, follower)
            if receipt is None:
                yield Fault("receipt_missing", home, original.case, step.no, f"from {follower}")
                continue
            if reason := fault_of_receipt(directory, receipt, sender=home, receiver=follower):
                yield Fault("receipt", home, original.case, step.no, reason)
            if receipt.says("outcome") != "taken":
                yield Fault("step_refused", home, original.case, step.no, f"by {follower}")
            if earlier is not None and _is_before(receipt.says("at"), earlier):
                yield Fault("order", home, original.case, step.no, f"{follower} took it before the step before it")
            earlier = receipt.says("at")


def fault_of_receipt(directory: Directory, receipt: Receipt, *, sender: str, receiver: str) -> str | None:
    """Why the receipt does not prove that the receiver answered the sender; None when it does."""
    if receipt.says("from") != sender or receipt.says("to") != receiver:
        return f"a receipt from {receipt.says('to')} to {receipt.says('from')}"
    if receipt.says("outcome") not in ("taken", "rejected"):
        return f"outcome {receipt.says('outcome')!r}"
    return directory.fault_of(receipt.seal, node=receiver, at=receipt.says("at"), typ=RECEIPT)


def is_equal_everywhere(original: Copy, holdings: Mapping[str, Holdings]) -> bool:
    """Whether home and followers hold the same chain: the figure of the report's last line."""
    return not any(check_copies(original, holdings))


def _receipt_for(original: Copy, step: Step, follower: str) -> Receipt | None:
    digest = step.letter.seal.digest
    return next(
        (
            receipt
            for receipt in original.receipts
            if receipt.says("letter") == digest and receipt.says("to") == follower
        ),
        None,
    )


def _same_bytes(one: Step, other: Step) -> bool:
    left, right = one.letter.seal, other.letter.seal
    return (left.protected, left.payload, left.signature) == (right.protected, right.payload, right.signature)


def _is_before(at: str, earlier: str) -> bool:
    left, right = read_moment(at), read_moment(earlier)
    return left is not None and right is not None and left < right
