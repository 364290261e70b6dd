"""What a case was opened with, given back by whoever still knows it: its first step, the ask for it, an assist case."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.conf import settings

from tongban.base.actor import Actor, Role, Via
from tongban.cases import vault
from tongban.cases.actions.consequences import supplement
from tongban.cases.actions.opening import dossier_of, keep_opening, name_applicants
from tongban.cases.models import Ask, Body, Case, Dossier, Step
from tongban.cases.rules.bodies import Audience
from tongban.cases.rules.memory import content_of, opening_in, opening_of
from tongban.cases.rules.opening import Opening
from tongban.cases.rules.table import Act, Status
from tongban.exchange.actions import found_again, note_loss
from tongban.files.actions import allow, want
from tongban.files.queries import missing
from tongban.people.actions import find_or_create_person


def complete(case: Case, opening: Opening) -> None:
    """Give a case of this home its applicants, its dossier after all supplements so far, and its files."""
    if Dossier.objects.filter(case=case).exists():
        return
    _name_applicant(case, opening.applicant)
    keep_opening(_told(), case, opening)
    for step in Step.objects.filter(case=case, act=Act.SUPPLY, header__status=Status.SUBMITTED).order_by("no"):
        supplement(case, content_of(bodies_of(step)))
    found_again("dossier", subject=str(case.id), detail=case.number)


def give_back(case_id: UUID, opening: Opening) -> None:
    """Complete a case of this home that has lost what it was opened with; any other stays as it is."""
    case = Case.objects.select_for_update().filter(id=case_id, is_home=True, erased_at=None).first()
    if case is not None and not Dossier.objects.filter(case=case).exists():
        complete(case, opening)


def _name_applicant(case: Case, applicant: Mapping[str, Any]) -> None:
    case.applicant = find_or_create_person(_told(), **applicant).id
    Case.objects.filter(id=case.id).update(applicant=case.applicant)


def _told() -> Actor:
    """What a letter says of a person was compared where he stood."""
    return Actor(role=Role.SYSTEM, node=settings.NODE, via=Via.LETTER)


def bodies_of(step: Step) -> dict[Audience, bytes]:
    """The bodies of a step that are here."""
    rows = Body.objects.filter(step=step)
    return {Audience(row.audience): vault.unlock(row.content, place="body") for row in rows}


def materials_told(case: Case) -> list[dict[str, Any]]:
    """The papers that the steps of a copy name, as far as their bodies are here."""
    steps = Step.objects.filter(case=case, act__in=(Act.OPEN, Act.SUPPLY)).order_by("no")
    return [material for step in steps for material in content_of(bodies_of(step)).get("materials") or []]


def complete_copy(case: Case) -> None:
    """Say of a copy whose person asked here who that is; and have the files that came in here fetched back."""
    first = Step.objects.get(case=case, no=1)
    received, lead = first.header.get("received") or {}, first.header.get("lead") or {}
    opening = opening_in(case.id, first.header, bodies_of(first))
    if opening is None:
        _give_up(case)
    elif lead.get("node") == settings.NODE:
        _complete_lead(case, opening)
        _fetch_back(case)
    elif not lead and received.get("node") == settings.NODE:
        if case.applicant is None:
            _name_applicant(case, opening.applicant)
            name_applicants(_told(), case, opening)
        Ask.objects.filter(case_id=case.id, is_forgotten=True).update(applicant=case.applicant, is_forgotten=False)
        _fetch_back(case)


def _give_up(case: Case) -> None:
    """Its home tells this node nothing of who applied, or no more."""
    if Ask.objects.filter(case_id=case.id, is_forgotten=True).update(is_forgotten=False):
        note_loss("application", subject=str(case.id), detail="body")


def _complete_lead(assist: Case, opening: Opening) -> None:
    """The home of the lead has lost what it was opened with, and told it to the assist case as far as that needs it."""
    lead = Case.objects.select_for_update().filter(id=assist.lead or assist.id, is_home=True).first()
    if lead is None or Dossier.objects.filter(case=lead).exists():
        return
    first: Mapping[str, Any] = Step.objects.get(case=lead, no=1).header
    complete(lead, opening_of(lead.id, first, {**dossier_of(opening), "custody": [], "identity_check": None}))
    note_loss("dossier_part", subject=str(lead.id), detail=lead.number)


def _fetch_back(case: Case) -> None:
    """Files that this node had, and that its restore took away, lie at the home of the case now."""
    digests = {str(material["digest"]) for material in materials_told(case) if material.get("digest")}
    for digest in sorted(digests):
        allow(digest, case=case.id, nodes=[])
    for digest in sorted(missing(digests)):
        want(digest, case=case.id, source_node=case.home)
