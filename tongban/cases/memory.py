"""What cases give back to a peer that was restored from a backup, and what they take back after a restore of this node.

See docs/protocol.md, section 16. `rebuild` puts cases back to where anybody has seen them; `settle` does what the old
life had not come to.
"""

from collections.abc import Iterable, Iterator, Sequence
from uuid import UUID

from django.conf import settings
from django.db import transaction

from tongban.base.canonical import parse_json
from tongban.base.errors import Rejected
from tongban.base.times import legal_date, parse_moment
from tongban.cases import vault
from tongban.cases.actions import numbering
from tongban.cases.actions.completing import bodies_of, complete_copy
from tongban.cases.actions.copying import take_over
from tongban.cases.actions.rebuilding import rebuild_home
from tongban.cases.actions.resuming import resume_copy, resume_home
from tongban.cases.letters import answered_ask, check_header, hear_ask, hear_due, hear_held, is_answered
from tongban.cases.models import Ask, Body, Case, Reckoning, Step
from tongban.cases.rules.bodies import Audience
from tongban.cases.rules.memory import ToldStep, opening_in
from tongban.cases.rules.opening import Opening, read_opening
from tongban.cases.rules.table import Act
from tongban.exchange.actions import note_loss, raise_alarm
from tongban.exchange.rules import LetterRef, Outcome, Part, Recalled

KINDS = ("ask", "step", "due", "held")
PERSONS = frozenset({"applicant", "clerk"})


def kept_bodies(letters: Sequence[UUID]) -> dict[UUID, list[Part]]:
    """The bodies that this copy still holds of heard steps; their home may have lost them."""
    found: dict[UUID, list[Part]] = {}
    rows = Body.objects.filter(step__letter__in=list(letters)).order_by("audience")
    for letter, audience, content in rows.values_list("step__letter", "audience", "content"):
        found.setdefault(letter, []).append(Part(audience, vault.unlock(content, place="body")))
    return found


def rebuild(subject: str, recalled: Sequence[Recalled]) -> None:
    """Asks, the case of this home or the copy of another's, and its due dates."""
    case_id = UUID(subject)
    for entry in _of(recalled, "ask", ours=True):
        _remember_ask(case_id, entry)
    own = _own_steps(recalled)
    if own:
        rebuild_home(case_id, own, asked=_asked(case_id, recalled))
    heard = [(entry, check_header(entry.letter)) for entry in _of(recalled, "step", ours=False)]
    for entry, header in sorted(heard, key=lambda told: int(told[1]["no"])):
        take_over(entry.letter, header, taken_before=True)
    for entry in list(_of(recalled, "due", ours=False))[-1:]:
        hear_due(entry.letter)


def _of(recalled: Iterable[Recalled], kind: str, *, ours: bool) -> Iterator[Recalled]:
    return (entry for entry in recalled if entry.letter.kind == kind and entry.ours is ours)


def _own_steps(recalled: Sequence[Recalled]) -> list[ToldStep]:
    """Each once, with the bodies that any peer has told, in the order of the chain."""
    known = {audience.value: audience for audience in Audience}
    found: dict[UUID, ToldStep] = {}
    for entry in _of(recalled, "step", ours=True):
        letter = entry.letter
        bodies = {known[part.audience]: part.content for part in letter.parts if part.audience in known}
        before = found[letter.id].bodies if letter.id in found else {}
        found[letter.id] = ToldStep(letter.id, letter.digest, check_header(letter), {**before, **bodies})
    return sorted(found.values(), key=lambda step: step.no)


def _asked(case_id: UUID, recalled: Sequence[Recalled]) -> Opening | None:
    """What another node asked this case for with, if its letter with the body came back."""
    for entry in _of(recalled, "ask", ours=False):
        body = next((part.content for part in entry.letter.parts if part.audience == "home"), None)
        if entry.letter.data.get("act") == Act.OPEN and entry.receipt.outcome is Outcome.TAKEN and body is not None:
            return read_opening(case_id, parse_json(body, most_bytes=1_500_000)["content"])
    return None


def _remember_ask(case_id: UUID, entry: Recalled) -> None:
    """Who asked is told by the body alone, which only the home has: it comes back with the first step of the case."""
    data, by = entry.letter.data, entry.letter.data["by"]
    Ask.objects.get_or_create(
        letter=entry.letter.id,
        defaults={
            "case_id": case_id,
            "home": data["home"],
            "act": data["act"],
            "organ": by["organ"] or "" if by["role"] == "clerk" else "",
            "made_at": parse_moment(data["made_at"]),
            "is_forgotten": by["role"] in PERSONS,
        },
    )


def count(recalled: Iterable[Recalled]) -> None:
    """办件编号 go on above the highest that anybody has seen."""
    firsts = (entry.letter.data for entry in recalled if entry.ours and entry.letter.data.get("no") == 1)
    numbering.go_on_above([str(first["number"]) for first in firsts if "number" in first])


def settle(subject: str, recalled: Sequence[Recalled]) -> None:
    """Answer what the old life took and nobody saw answered; tell the asks their answers; go on where it stopped."""
    case_id = UUID(subject)
    for entry in sorted(_of(recalled, "ask", ours=False), key=lambda entry: entry.receipt.at):
        _answer_at_last(case_id, entry)
    for entry in _of(recalled, "ask", ours=True):
        _tell_answer(entry)
    case = Case.objects.filter(id=case_id).first()
    if case is not None and case.is_home:
        resume_home(case_id)
    elif case is not None:
        complete_copy(case)
        resume_copy(case)


def _answer_at_last(case_id: UUID, entry: Recalled) -> None:
    if entry.receipt.outcome is not Outcome.TAKEN or is_answered(case_id, entry.letter.id):
        return
    try:
        with transaction.atomic():
            hear_ask(entry.letter, received_on=legal_date(entry.receipt.at))
    except Rejected as refusal:
        act = str(entry.letter.data.get("act"))
        facts = {"letter": str(entry.letter.id), "reason": refusal.reason, "act": act}
        raise_alarm("unanswered", peer=entry.peer, subject=str(case_id), facts=facts)
        note_loss("ask", subject=str(case_id), detail=f"{entry.peer} {act}")


def _tell_answer(entry: Recalled) -> None:
    letter, receipt = entry.letter, entry.receipt
    reference = LetterRef(letter.id, letter.kind, letter.subject, letter.digest)
    answered_ask(reference, entry.peer, receipt.outcome, receipt.reason, receipt.facts)
    Ask.objects.filter(letter=letter.id).update(answered_at=receipt.at)
    if receipt.outcome is Outcome.REJECTED and letter.data.get("act") == Act.OPEN:
        Ask.objects.filter(letter=letter.id).update(is_forgotten=False)
        note_loss("application", subject=letter.subject, detail=receipt.reason or "")


def settle_files(subject: str, recalled: Sequence[Recalled]) -> None:
    """Files that their home had fetched already need not be fetched once more."""
    del subject
    for entry in _of(recalled, "held", ours=False):
        hear_held(entry.letter)


def opened() -> None:
    """Due dates are no part of the chain: they are worked out anew, and told where they are new."""
    Reckoning.objects.update_or_create(id=1, defaults={"counted": -1, "counting": 0, "after": None})


def forgotten_here() -> list[UUID]:
    """Cases that this node asked for, of which a restore took away who asked, and whose first step has come."""
    asked = Ask.objects.filter(is_forgotten=True).order_by("made_at").values_list("case_id", flat=True)
    arrived = Case.objects.filter(id__in=list(asked[:500]), is_home=False, receiving_node=settings.NODE)
    return list(arrived.values_list("id", flat=True))


def opening_received_here(case_id: UUID) -> tuple[Case, Opening] | None:
    """The case with what it was opened with, where this node took that in and its first body is here."""
    case = Case.objects.filter(id=case_id, receiving_node=settings.NODE, lead=None, predecessor=None).first()
    first = Step.objects.filter(case=case_id, no=1).first()
    opening = opening_in(case_id, first.header, bodies_of(first)) if case and first else None
    return (case, opening) if case and opening else None
