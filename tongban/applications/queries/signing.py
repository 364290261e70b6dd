"""What has to be signed, by whom, and what waits for somebody's signature."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db.models import QuerySet

from tongban.applications import vault
from tongban.applications.models import Application, Signature, Supplement
from tongban.base.actor import Actor, Role, system
from tongban.base.errors import Rejected
from tongban.base.identifiers import tidy
from tongban.calendar.queries import today
from tongban.cases.models import Case
from tongban.cases.queries.standing import content_of as content_of_case
from tongban.cases.rules.signatures import signed_digest
from tongban.catalogue.queries import get_definition
from tongban.catalogue.rules.definition import Definition
from tongban.catalogue.rules.taking_part import Signer, signers
from tongban.people.queries import find_people, find_person, get_person, masked, reveal


@dataclass(frozen=True, slots=True)
class Matter:
    """What is signed: everything that is applied for, or that will be after a supplement. changed: what is new in it.

    id: of the application or the supplement. number: by which the person knows the case, empty before there is one.
    person: the applicant as this node knows him.
    """

    id: UUID
    case: UUID
    item: str
    version: int
    standard: str
    place: str
    mode: str
    number: str
    organ: str
    person: UUID
    applicant: Mapping[str, Any]
    answers: Mapping[str, Any]
    materials: Sequence[Mapping[str, Any]]
    changed: Mapping[str, Any] | None = None

    @property
    def digest(self) -> str:
        return signed_digest(
            item=self.item,
            version=self.version,
            standard=self.standard,
            place=self.place,
            mode=self.mode,
            applicant=self.applicant,
            answers=self.answers,
            materials=self.materials,
        )

    @property
    def definition(self) -> Definition:
        return get_definition(self.item, self.standard, self.version)[1]

    @property
    def signers(self) -> tuple[Signer, ...]:
        """Beside the applicant."""
        return signers(self.definition, self.answers, on=today())


def matter_of_draft(application: Application, content: Mapping[str, Any]) -> Matter:
    """The application with this content. Raises Rejected("no_applicant")."""
    if application.applicant is None:
        raise Rejected("no_applicant", fields={"applicant": "required"})
    person = get_person(system(settings.NODE), application.applicant)
    opened = reveal(system(settings.NODE), person)
    return Matter(
        id=application.id,
        case=application.id,
        item=application.item,
        version=application.version,
        standard=application.standard,
        place=application.place,
        mode=application.mode,
        number="",
        organ=application.organ,
        person=application.applicant,
        applicant={"name": opened.name, "id_number": opened.id_number},
        answers=content["answers"],
        materials=content["materials"],
    )


def matter_of_supplement(supplement: Supplement, content: Mapping[str, Any]) -> Matter:
    """The case as it will stand after the supplement."""
    case = Case.objects.get(id=supplement.case)
    stands = content_of_case(system(settings.NODE), case).with_supplement(content)
    return Matter(
        id=supplement.id,
        case=case.id,
        item=case.item,
        version=case.version,
        standard=case.standard,
        place=case.place,
        mode=case.mode,
        number=case.number,
        organ=supplement.organ,
        person=case.applicant or case.id,
        applicant=stands.applicant,
        answers=stands.answers,
        materials=stands.materials,
        changed=content,
    )


def get_matter(matter: UUID, *, lock: bool = False) -> Matter:
    """What is signed under this id. Raises Rejected("not_found") for what was handed in or given up."""
    applications, supplements = Application.objects.all(), Supplement.objects.all()
    if lock:
        applications, supplements = applications.select_for_update(), supplements.select_for_update()
    application = applications.filter(id=matter, state=Application.State.DRAFT).first()
    if application is not None:
        return matter_of_draft(application, vault.unlock_json(application.content))
    supplement = supplements.filter(id=matter, state=Supplement.State.DRAFT).first()
    if supplement is None:
        raise Rejected("not_found")
    return matter_of_supplement(supplement, vault.unlock_json(supplement.content))


def matters_of(matters: Sequence[UUID]) -> dict[UUID, tuple[str, bool]]:
    """Key of the item of each, and whether it is a supplement; what was handed in or given up is left out."""
    drafts = Application.objects.filter(id__in=matters, state=Application.State.DRAFT).values_list("id", "item")
    waiting = Supplement.objects.filter(id__in=matters, state=Supplement.State.DRAFT).values_list("id", "case")
    supplements = dict(waiting)
    items = dict(Case.objects.filter(id__in=supplements.values()).values_list("id", "item"))
    found = {matter: (item, False) for matter, item in drafts}
    return found | {matter: (items[case], True) for matter, case in supplements.items() if case in items}


def signatures_of(matter: UUID) -> QuerySet[Signature]:
    """To be called for what a query gave out to the actor."""
    return Signature.objects.filter(matter=matter).order_by("no")


def states_of(matters: Sequence[UUID]) -> list[tuple[UUID, str]]:
    """Matter and state of every signature. To be called for what a query gave out to the actor."""
    return list(Signature.objects.filter(matter__in=matters).values_list("matter", "state")) if matters else []


@dataclass(frozen=True, slots=True)
class Signing:
    """One who must sign, by a name that only those recognise who know him."""

    row: Signature
    name: str


def signings_of(matter: UUID) -> list[Signing]:
    """To be called for what a query gave out to the actor."""
    rows = list(signatures_of(matter))
    people = find_people(system(settings.NODE), [row.person for row in rows])
    return [Signing(row, masked(people[row.person])["name"]) for row in rows]


def to_sign(actor: Actor) -> QuerySet[Signature]:
    """What waits for the person's signature, and what was changed after he was asked; the last asked for first."""
    if actor.subject is None:
        return Signature.objects.none()
    return _open(actor.subject)


def to_sign_at_counter(actor: Actor, *, id_type: str, id_number: str) -> QuerySet[Signature]:
    """What waits for the signature of him whose card the clerk holds. Raises Rejected("not_allowed"), ("invalid")."""
    if actor.stands_for is not Role.CLERK:
        raise Rejected("not_allowed")
    person = find_person(actor, id_type=id_type, id_number=id_number)
    return _open(person.id).filter(state=Signature.State.WAITING) if person else Signature.objects.none()


def _open(person: UUID) -> QuerySet[Signature]:
    found = Signature.objects.filter(person=person).exclude(state=Signature.State.SIGNED)
    return found.order_by("-asked_at", "-id")


def get_to_sign(actor: Actor, matter: UUID) -> tuple[Matter, Signature]:
    """The whole of what a person is asked to sign, or has signed, and his signature.

    Raises Rejected("not_found") for anything else, ("being_changed") while it is worked on again.
    """
    if actor.subject is None:
        raise Rejected("not_found")
    signature = Signature.objects.filter(matter=matter, person=actor.subject).first()
    if signature is None:
        raise Rejected("not_found")
    found = get_matter(matter)
    if signature.state == Signature.State.VOID:
        raise Rejected("being_changed")
    return found, signature


def get_at_counter(actor: Actor, matter: UUID, *, id_number: str = "") -> Matter:
    """What is signed at the clerk's own counter, or by him whose card lies before the clerk.

    Raises Rejected("not_found") for anything else, ("not_allowed").
    """
    if actor.stands_for is not Role.CLERK or not actor.organ:
        raise Rejected("not_allowed")
    found = get_matter(matter)
    named = {tidy(str(found.applicant["id_number"])), *(tidy(signer.person.number) for signer in found.signers)}
    if found.organ != actor.organ and tidy(id_number) not in named:
        raise Rejected("not_found")
    return found


def waiting_supplement(case: UUID) -> Supplement | None:
    """What waits for signatures at this node. To be called for a case that a query gave out to the actor."""
    return Supplement.objects.filter(case=case, state=Supplement.State.DRAFT).first()
