"""Letters between nodes: what one sent the other heard once, with the same receipt; each ask has one answer."""

from collections import Counter
from collections.abc import Iterator, Mapping

from verify.copies import fault_of_receipt
from verify.directory import Directory
from verify.evidence import LETTER, Copy, Heard, Holdings, Letter, Sent
from verify.faults import Fault


def check_letters(directory: Directory, holdings: Mapping[str, Holdings]) -> Iterator[Fault]:
    """Every delivery is signed, receipted and found at the other end; nothing was heard that nobody sent."""
    heard = {(node, entry.letter.id): entry for node, holder in holdings.items() for entry in holder.heard}
    sent = {(entry.receiver, entry.letter.id) for holder in holdings.values() for entry in holder.sent}
    for node, holder in holdings.items():
        for entry in holder.sent:
            other = heard.get((entry.receiver, entry.letter.id))
            for code, detail in _faults_of_delivery(directory, node, entry, other):
                yield Fault(code, node, entry.letter.subject, 0, f"{entry.letter.kind} {entry.letter.id} {detail}")
        for identifier, times in Counter(entry.letter.id for entry in holder.heard).items():
            if times > 1:
                yield Fault("heard_twice", node, "", 0, identifier)
        for stray in holder.heard:
            if (node, stray.letter.id) not in sent:
                yield Fault("never_sent", node, stray.letter.subject, 0, f"{stray.letter.kind} {stray.letter.id}")


def check_asks(originals: Mapping[str, Copy], holdings: Mapping[str, Holdings]) -> Iterator[Fault]:
    """Each ask has one step of its case or one signed rejection as its answer; no step answers anything else."""
    answers = Counter(
        (case, str(step.header["answers"]))
        for case, original in originals.items()
        for step in original.steps
        if step.header.get("answers")
    )
    asked: set[tuple[str, str]] = set()
    for node, holder in holdings.items():
        for entry in holder.sent:
            if entry.letter.kind != "ask":
                continue
            key = (entry.letter.subject, entry.letter.id)
            asked.add(key)
            outcome = entry.receipt.says("outcome") if entry.receipt else "unanswered"
            expected = 1 if outcome == "taken" else 0
            if outcome == "unanswered" or answers[key] != expected:
                detail = f"{entry.letter.id} {outcome}, {answers[key]} steps"
                yield Fault("ask_answer", node, entry.letter.subject, 0, detail)
    for case, ask in sorted(set(answers) - asked):
        yield Fault("answer_without_ask", str(originals[case].steps[0].header.get("home")), case, 0, ask)


def count_letters(holdings: Mapping[str, Holdings]) -> int:
    """Different letters that any node sent."""
    return len({entry.letter.id for holder in holdings.values() for entry in holder.sent})


def _faults_of_delivery(directory: Directory, node: str, entry: Sent, other: Heard | None) -> Iterator[tuple[str, str]]:
    letter = entry.letter
    if letter.sender != node:
        yield "wrong_sender", f"says {letter.sender}"
    if reason := directory.fault_of(letter.seal, node=node, at=letter.time, typ=LETTER):
        yield "letter_signature", reason
    if entry.receipt is None:
        yield "unreceipted", f"by {entry.receiver}"
        return
    if reason := fault_of_receipt(directory, entry.receipt, sender=node, receiver=entry.receiver):
        yield "letter_receipt", reason
    if entry.receipt.says("letter") != letter.seal.digest or entry.receipt.says("id") != letter.id:
        yield "letter_receipt", "it names another letter"
    if other is None:
        yield "never_heard", f"by {entry.receiver}"
    elif not _same(letter, other.letter) or entry.receipt.seal != other.receipt.seal:
        yield "heard_differently", f"by {entry.receiver}"


def _same(one: Letter, other: Letter) -> bool:
    return one.seal == other.seal
