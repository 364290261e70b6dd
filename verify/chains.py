"""One case at its home: every header signed by the home, numbered without gaps, each naming the one before it."""

from collections.abc import Iterator

from verify.directory import Directory
from verify.evidence import LETTER, Copy, Holdings, Step
from verify.faults import Fault
from verify.seals import sha256

ENDS = frozenset({"declined", "sent_back", "transferred", "withdrawn", "answered", "closed"})


def home_of(copy: Copy) -> str:
    """The home that the first step names; empty when there is none."""
    return str(copy.steps[0].header.get("home", "")) if copy.steps else ""


def check_chain(directory: Directory, holder: Holdings, copy: Copy) -> Iterator[Fault]:
    """The chain itself, wherever it is held: signatures, numbers, and each header naming the one before it."""
    home = home_of(copy)
    previous: Step | None = None
    if not copy.steps:
        yield Fault("empty_chain", holder.node, copy.case)
    for expected, step in enumerate(copy.steps, start=1):
        for code, detail in _faults_of_step(directory, copy, step, home=home):
            yield Fault(code, holder.node, copy.case, step.no, detail)
        if step.no != expected:
            yield Fault("number", holder.node, copy.case, step.no, f"{expected} expected")
        before = previous.letter.seal.digest if previous else None
        if step.header.get("prev") != before:
            yield Fault("prev", holder.node, copy.case, step.no, "names another step before it")
        for follower in sorted(_lost_followers(previous, step)):
            yield Fault("follower_lost", holder.node, copy.case, step.no, follower)
        previous = step
    if copy.steps and copy.steps[0].header.get("act") != "open":
        yield Fault("first_act", holder.node, copy.case, 1, str(copy.steps[0].header.get("act")))


def check_bodies(holder: Holdings, copy: Copy) -> Iterator[Fault]:
    """Bodies fit their digests; others have only what step 1 lets them have.

    The home has all until they are erased, but for what it says a restore has taken (`copies.check_losses`).
    """
    at_home = holder.node == home_of(copy)
    readable = _readable(copy, holder.node)
    if copy.erased and not has_ended(copy) and not has_left(copy, holder.node):
        yield Fault("erased_early", holder.node, copy.case)
    for step in copy.steps:
        named = step.header.get("bodies") or {}
        for audience, content in step.bodies.items():
            if named.get(audience) != sha256(content):
                yield Fault("body_digest", holder.node, copy.case, step.no, audience)
        if at_home and not copy.erased:
            for audience in sorted(set(named) - set(step.bodies) - lost_at(copy, step)):
                yield Fault("body_missing", holder.node, copy.case, step.no, audience)
        elif not at_home:
            for audience in sorted(set(step.bodies) - readable):
                yield Fault("body_leaked", holder.node, copy.case, step.no, audience)


def lost_at(copy: Copy, step: Step) -> set[str]:
    """Audiences whose bodies of the step the node says it has lost."""
    return {audience for number, audience in copy.lost if number == step.no}


def has_ended(copy: Copy) -> bool:
    """Whether nothing more is to come: only then may a node erase what the case said."""
    return bool(copy.steps) and copy.steps[-1].header.get("status") in ENDS


def has_left(copy: Copy, node: str) -> bool:
    """Whether the last step of this copy says that the node gets no more."""
    return bool(copy.steps) and node in copy.steps[-1].removed


def check_contents(holder: Holdings, copy: Copy) -> Iterator[Fault]:
    """Documents and files that this node holds hash to their names; the home holds all that it wrote or carries."""
    for step in copy.steps:
        carried = step.document_carried
        named = step.documents_made | ({carried[1]} if carried else set())
        held = set(step.documents())
        for stray in sorted(held - named):
            yield Fault("document_digest", holder.node, copy.case, step.no, stray)
        if holder.node == home_of(copy) and not copy.erased and not lost_at(copy, step) - {"home"}:
            for lost in sorted(named - held):
                yield Fault("document_missing", holder.node, copy.case, step.no, lost)
    for digest in sorted(copy.files):
        found = holder.contents.get(digest)
        if found is None:
            yield Fault("file_missing", holder.node, copy.case, 0, digest)
        elif found != digest:
            yield Fault("file_digest", holder.node, copy.case, 0, digest)


def _readable(copy: Copy, node: str) -> set[str]:
    """Audiences to which a follower belongs; what only the home may read is never among them."""
    first = copy.steps[0].header if copy.steps else {}
    found: set[str] = set()
    if _node_in(first.get("received")) == node:
        found |= {"applicant", "receiving"}
    if _node_in(first.get("lead")) == node or node in (first.get("informed") or ()):
        found.add("deciding")
    return found


def _lost_followers(previous: Step | None, step: Step) -> frozenset[str]:
    """A follower ceases by a step that names it as removed, and that step goes to it: anything else is a loss."""
    silently = frozenset(previous.followers) - previous.removed - frozenset(step.followers) if previous else frozenset()
    return silently | (step.removed - frozenset(step.followers))


def _node_in(link: object) -> str:
    return str(link.get("node", "")) if isinstance(link, dict) else ""


def _faults_of_step(directory: Directory, copy: Copy, step: Step, *, home: str) -> Iterator[tuple[str, str]]:
    letter = step.letter
    if reason := directory.fault_of(letter.seal, node=home, at=letter.time, typ=LETTER):
        yield "signature", reason
    if letter.kind != "step" or letter.sender != home or step.header.get("home") != home:
        yield "wrong_home", f"{letter.kind} from {letter.sender}, home {step.header.get('home')}"
    if letter.subject != copy.case or step.header.get("case") != copy.case:
        yield "wrong_case", letter.subject
