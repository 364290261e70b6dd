"""What an auditor may read of the cases of this node: the bytes that prove what happened."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import QuerySet

from tongban.base.actor import Actor, Role
from tongban.base.errors import Rejected
from tongban.base.seal import Sealed
from tongban.cases import vault
from tongban.cases.models import Body, Case, Step
from tongban.exchange.queries import lost_of, receipts_of, sealed_letters
from tongban.files.queries import named_by


@dataclass(frozen=True, slots=True)
class Evidence:
    """steps: each letter as it was signed, and the bodies held here by audience. receipts: flattened JWS as bytes.

    lost: number of the step and audience of each body that a restore has taken away.

    files: digests that the case names. Of a case whose contents are erased there are neither bodies nor files.
    """

    case: Case
    steps: Sequence[tuple[Sealed, Mapping[str, bytes]]]
    receipts: Sequence[bytes]
    files: Sequence[str]
    lost: Sequence[tuple[int, str]]


def audited_cases(actor: Actor, *, after: UUID | None = None) -> QuerySet[Case]:
    """Every case known here, by id. Raises Rejected("not_allowed") for anybody but an auditor."""
    _only_auditor(actor)
    found = Case.objects.all() if after is None else Case.objects.filter(id__gt=after)
    return found.only("id", "home", "head", "head_digest").order_by("id")


def audited_case(actor: Actor, case_id: UUID) -> Case:
    """Raises Rejected("not_allowed"), ("not_found")."""
    _only_auditor(actor)
    case = Case.objects.filter(id=case_id).first()
    if case is None:
        raise Rejected("not_found")
    return case


def evidence_of(actor: Actor, case_id: UUID) -> Evidence:
    """Raises Rejected("not_allowed"), ("not_found"). Who calls it has written the look into the journal before."""
    case = audited_case(actor, case_id)
    steps = list(Step.objects.filter(case=case).order_by("no"))
    letters = [step.letter for step in steps]
    sealed = sealed_letters(letters, sender=None if case.is_home else case.home)
    bodies: dict[int, dict[str, bytes]] = {}
    for body in Body.objects.filter(step__in=steps).order_by("id"):
        bodies.setdefault(body.step_id, {})[body.audience] = vault.unlock(body.content, place="body")
    return Evidence(
        case=case,
        steps=[(sealed[step.letter], bodies.get(step.pk, {})) for step in steps],
        receipts=receipts_of(letters, sender=None if case.is_home else case.home),
        files=sorted(named_by(case.id)),
        lost=lost_bodies(case),
    )


def lost_bodies(case: Case) -> list[tuple[int, str]]:
    """Number of the step and audience of each body that a restore has taken from this case."""
    found = (loss.detail.split(" ") for loss in lost_of(str(case.id), "body"))
    return [(int(number), audience) for number, audience in found]


def _only_auditor(actor: Actor) -> None:
    if actor.role is not Role.AUDITOR:
        raise Rejected("not_allowed")
