"""Where the applications and cases of a bundle's parts stand; a fixed number of questions, however many parts."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from tongban.applications.models import Application
from tongban.bundles.models import Part
from tongban.bundles.rules.following import ENDED_STATUSES, PartState, Verdict, verdict
from tongban.cases.models import Ask, Case, Step
from tongban.cases.rules.state import State, from_json
from tongban.cases.rules.table import Act

GRANTING = (Act.GRANT, Act.ANSWER, Act.CLOSE)


@dataclass(frozen=True, slots=True)
class Standing:
    """A part as it is shown. application, case, state: as far as there are any. rejected: why the home took no ask."""

    part: Part
    application: Application | None = None
    case: Case | None = None
    state: State | None = None
    rejected: str = ""

    @property
    def verdict(self) -> Verdict:
        if self.rejected or (self.application and self.application.state in GONE):
            return Verdict.FAILED
        if self.case is None or self.state is None:
            return Verdict.OPEN
        return verdict(self.case.status, self.state.outcome)

    @property
    def is_unsent(self) -> bool:
        """Begun, and waiting for the person to complete it, to have it signed, or to hand it in."""
        return self.application is not None and self.application.state == Application.State.DRAFT


GONE = (Application.State.DROPPED, Application.State.RETURNED)


def standings(parts: Sequence[Part]) -> list[Standing]:
    """To be called for parts that a query gave out to the actor."""
    ids = [part.application for part in parts if part.application]
    applications = {row.id: row for row in Application.objects.filter(id__in=ids).defer("content")}
    cases = {row.id: row for row in Case.objects.filter(id__in=ids)}
    asks = Ask.objects.filter(case_id__in=ids, act=Act.OPEN, outcome="rejected")
    rejected = dict(asks.values_list("case_id", "reason"))
    found = []
    for part in parts:
        key = part.application or part.bundle_id
        case = cases.get(key)
        state = from_json(case.state) if case else None
        found.append(Standing(part, applications.get(key), case, state, rejected.get(key, "")))
    return found


def verdict_of(application: UUID) -> Verdict:
    """Whether what waits for this application can go on. One that was given up and erased has failed."""
    row = Application.objects.filter(id=application).defer("content").first()
    if row is None:
        return Verdict.FAILED
    return standings([Part(application=application, bundle_id=application)])[0].verdict


def day_granted(application: UUID) -> date | None:
    """The day in law on which the case brought its result."""
    step = Step.objects.filter(case=application, act__in=GRANTING).order_by("no").first()
    return date.fromisoformat(step.header["legal_date"]) if step else None


def to_follow() -> QuerySet[Part]:
    """Parts whose turn has come, or whose earlier part has failed; the longest waiting first."""
    ended = Case.objects.filter(id=OuterRef("awaits"), status__in=ENDED_STATUSES)
    rejected = Ask.objects.filter(case_id=OuterRef("awaits"), act=Act.OPEN, outcome="rejected")
    alive = Application.objects.filter(id=OuterRef("awaits")).exclude(state__in=GONE)
    waiting = Part.objects.filter(state=PartState.WAITING, awaits__isnull=False)
    return waiting.filter(Q(Exists(ended)) | Q(Exists(rejected)) | ~Exists(alive)).order_by("changed_at", "id")
