"""Standards that are being drafted: who may see and do what, and where each stands."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.conf import settings
from django.db.models import QuerySet

from tongban.base.actor import Actor, Role
from tongban.base.errors import Rejected
from tongban.base.times import legal_date
from tongban.calendar.queries import today
from tongban.catalogue.models import BaseItem, Draft, DraftStep
from tongban.catalogue.rules.drafting import (
    DRAFT,
    OPEN,
    OPINION,
    REVIEW,
    RIGHTS,
    Act,
    Part,
    Position,
    Status,
    Taken,
    Who,
    positions,
    possible,
    units_of,
)
from tongban.orgs.models import Organ
from tongban.orgs.queries import organs_of_units, permissions_of
from tongban.orgs.rules import EVERYTHING, Permission

LEAD_OF_OTHERS = "*"
"""Whose organ reviews what a unit leads that has none in this province."""
READERS = (Role.OPERATOR, Role.AUDITOR)


@dataclass(frozen=True, slots=True)
class Drafted:
    """A draft as somebody meets it. organs: of the units that have one here. acts: open to him now; waits: for him."""

    draft: Draft
    part: Part
    lead: Organ | None
    units: tuple[str, ...]
    organs: dict[str, Organ]
    positions: tuple[Position, ...]
    acts: tuple[Act, ...]

    @property
    def waits(self) -> bool:
        """Whether the others wait for him: what he may do but need not, such as withdrawing, does not count."""
        status = Status(self.draft.status)
        if status is Status.CONSULTING and Act.OPINE in self.acts:
            return any(place.is_silent for place in self.positions if place.unit in self.part.units)
        if status is Status.CONSULTING and Act.ANSWER in self.acts:
            settled = all(place.standing != "waiting" for place in self.positions)
            return settled or any(place.wants_answer for place in self.positions)
        return (status is Status.DRAFTING and Act.SEND in self.acts) or (
            status is Status.REVIEWING and Act.RETURN in self.acts
        )


def allowed(permissions: Iterable[Permission], item: str) -> frozenset[str]:
    """Which of the rights of drafting the grants name for an item in the whole province."""
    return frozenset(
        act
        for permission in permissions
        for act in permission.acts & set(RIGHTS)
        if permission.item in (EVERYTHING, item) and permission.region in ("", settings.NODE)
    )


def may_draft(actor: Actor, item: str) -> bool:
    """Whether an officer was granted to draft the province's standard of the item."""
    return DRAFT in allowed(_permissions(actor), item)


def _permissions(actor: Actor) -> list[Permission]:
    return permissions_of(actor.person) if actor.role is Role.OFFICER and actor.person else []


def items_to_draft(actor: Actor) -> list[BaseItem]:
    """The items whose standard he may draft, in the plan's order."""
    permissions = _permissions(actor)
    rows = BaseItem.objects.defer("search").order_by("batch", "number")
    return [row for row in rows if DRAFT in allowed(permissions, row.key)]


def drafts(actor: Actor, *, ended: bool = False, before: UUID | None = None, most: int | None = None) -> list[Drafted]:
    """What he may see: open drafts, the oldest first; ended ones, the newest first, from before the one named.

    For officers as far as their grants reach, for operators and auditors. Raises Rejected("not_allowed").
    """
    rows = Draft.objects.select_related("item").defer("text", "content", "item__search")
    if not ended:
        return _drafted(actor, rows.filter(status__in=OPEN).order_by("id"))
    rows = rows.exclude(status__in=OPEN).order_by("-id")
    if before is not None:
        rows = rows.filter(id__lt=before)
    return _drafted(actor, rows[:most])


def get_draft(actor: Actor, draft: UUID) -> Drafted:
    """Raises Rejected("not_found") where there is none that he may see, ("not_allowed") for who sees none at all."""
    found = _drafted(actor, Draft.objects.select_related("item").defer("content", "item__search").filter(id=draft))
    if not found:
        raise Rejected("not_found")
    return found[0]


def steps_of(draft: Draft) -> QuerySet[DraftStep]:
    return DraftStep.objects.filter(draft=draft).defer("content").order_by("no")


def drafts_to_publish(*, most: int) -> list[UUID]:
    """The drafts whose day has come, the earliest first."""
    rows = Draft.objects.filter(status=Status.SCHEDULED, publish_on__lte=today()).order_by("publish_on", "id")
    return list(rows.values_list("id", flat=True)[:most])


def taken_of(rows: Iterable[DraftStep]) -> list[Taken]:
    return [
        Taken(row.no, Act(row.act), row.round, row.unit, row.verdict, row.answers, row.said, legal_date(row.at))
        for row in rows
    ]


def drafted(actor: Actor, row: Draft) -> Drafted:
    """The draft as the actor meets it, whether or not he may see it; for actions, which hold its row."""
    return _met(actor, [row])[0]


def _drafted(actor: Actor, rows: Iterable[Draft]) -> list[Drafted]:
    if actor.role not in (Role.OFFICER, Role.SYSTEM, *READERS):
        raise Rejected("not_allowed")
    found = list(rows)
    if actor.role is not Role.OFFICER:
        return _met(actor, found)
    permissions = _permissions(actor)
    return _met(actor, [row for row in found if allowed(permissions, row.item_id)], permissions)


def _met(actor: Actor, rows: Sequence[Draft], permissions: Sequence[Permission] | None = None) -> list[Drafted]:
    if not rows:
        return []
    held = _permissions(actor) if permissions is None else permissions
    units = {row.id: units_of(row.item.cooperating_units) for row in rows}
    named = {row.item.lead_unit for row in rows} | {unit for names in units.values() for unit in names}
    organs = organs_of_units({*named, LEAD_OF_OTHERS}, node=settings.NODE)
    steps: dict[UUID, list[DraftStep]] = {}
    for step in DraftStep.objects.filter(draft__in=rows).defer("content").order_by("no"):
        steps.setdefault(step.draft_id, []).append(step)
    day, found = today(), []
    for row in rows:
        taken = taken_of(steps.get(row.id, []))
        places = positions(units[row.id], taken, round_no=row.round, day=day, due=row.due)
        found.append(_one(actor, row, units[row.id], organs, held, places))
    return found


def _one(
    actor: Actor,
    row: Draft,
    units: tuple[str, ...],
    organs: dict[str, Organ],
    permissions: Sequence[Permission],
    places: tuple[Position, ...],
) -> Drafted:
    lead = organs.get(row.item.lead_unit) or organs.get(LEAD_OF_OTHERS)
    part = _part(actor, row, lead, {unit: organs[unit] for unit in units if unit in organs}, permissions)
    return Drafted(
        draft=row,
        part=part,
        lead=lead,
        units=units,
        organs={unit: organs[unit] for unit in units if unit in organs},
        positions=places,
        acts=possible(Status(row.status), part),
    )


def _part(
    actor: Actor, row: Draft, lead: Organ | None, organs: dict[str, Organ], permissions: Sequence[Permission]
) -> Part:
    if actor.role is Role.SYSTEM:
        return Part(frozenset({Who.NODE}))
    rights = allowed(permissions, row.item_id)
    spoken_for = tuple(unit for unit, organ in organs.items() if organ.code == actor.organ)
    who = {
        Who.DRAFTER: DRAFT in rights and actor.organ == row.organ,
        Who.LEAD: REVIEW in rights and lead is not None and actor.organ == lead.code,
        Who.UNIT: OPINION in rights and bool(spoken_for),
    }
    return Part(frozenset(name for name, is_so in who.items() if is_so), spoken_for, actor.person in row.authors)
