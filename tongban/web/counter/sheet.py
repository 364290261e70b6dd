"""The page of an intake: the person, the questions, and a checklist that follows from the answers."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus
from typing import Any

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import render

from tongban.applications.models import Application, Custody
from tongban.applications.queries import custody_of, moved
from tongban.applications.rules import Check, checklist
from tongban.base.words import say
from tongban.calendar.queries import now, today
from tongban.catalogue.models import ItemVersion
from tongban.catalogue.queries import find_version
from tongban.catalogue.rules import Definition, visible_fields, visible_situations
from tongban.catalogue.rules.taking_part import signers
from tongban.orgs.queries import place_name
from tongban.people.queries import find_people, masked
from tongban.web.boxes import Box, Fault, box_of, faults_of, situation_box
from tongban.web.counter.person import person_boxes
from tongban.web.door import Visit
from tongban.web.lines import node_name
from tongban.web.looks import is_open, look
from tongban.web.paperwork import PaperLine, identity_words, material_lines
from tongban.web.signing import signer_lines, stage_of
from tongban.web.uploads import ACCEPT


@dataclass(frozen=True, slots=True)
class Intake:
    """A draft of this counter, with what its item asks for."""

    application: Application
    definition: Definition
    content: dict[str, Any]


@dataclass(frozen=True, slots=True)
class CheckLine:
    """A line of the checklist with what is there of it. held: the original that the counter keeps."""

    check: Check
    paper: PaperLine | None
    held: Custody | None
    wrong: str

    @property
    def mark(self) -> str:
        if self.wrong:
            return "is-wrong"
        return "is-there" if self.check.given else "is-missing" if self.check.required else ""


@dataclass(frozen=True, slots=True)
class Standard:
    """Whose standard the checklist follows, which version, since when it lies here, and whether there is a newer."""

    province: str
    version: int
    since: datetime | None
    days: int
    own: bool
    newer: int | None


def render_intake(
    request: Visit,
    intake: Intake,
    *,
    wrong: Mapping[str, str] | None = None,
    papers: Mapping[str, str] | None = None,
    more_errors: Sequence[Fault] = (),
    notice: str = "",
    status: int = 200,
) -> HttpResponse:
    """wrong: path of an answer, or "person.<name>", -> sentence. papers: key of a material -> sentence."""
    faults = dict(wrong or {})
    write_down_look(request, intake.application, purpose=say("purpose.intake"))
    retype = status == HTTPStatus.CONFLICT or any(name.startswith("person.") for name in faults)
    persons = person_boxes(intake.definition, request.POST if retype else None, faults)
    situations, fields = question_boxes(request, intake, faults)
    content = {
        "application": intake.application,
        "item": intake.definition,
        "place": place_name(intake.application.place),
        "mode": say(f"mode.{intake.application.mode}"),
        "standard": standard_of(intake.application),
        "moved": moved([intake.application]).get(intake.application.id),
        "persons": persons,
        "person_wrong": any(box.wrong for box in persons),
        "known": _known(request, intake.application),
        "checked": identity_words(intake.content.get("identity_check")),
        "situations": situations,
        "fields": fields,
        "shown": [box.name for box in (*situations, *fields)],
        **_signing(intake),
        "checks": check_lines(request, intake, papers or {}),
        "accept": ACCEPT,
        "errors": [*faults_of(persons), *faults_of(situations), *faults_of(fields), *more_errors],
        "notice": notice,
        "crumbs": [(say("counter.desk"), "/counter/"), (intake.definition.name, "")],
    }
    return render(request, "web/counter/intake.html", content, status=status)


def _signing(intake: Intake) -> dict[str, Any]:
    """How many must sign, the applicant included, and how far that has come."""
    wanted = signers(intake.definition, intake.content["answers"], on=today())
    lines = signer_lines(intake.application.id) if wanted else []
    parties = intake.definition.parties
    return {
        "signs": len(wanted) + 1 if wanted else 0,
        "signers": lines,
        "stage": stage_of(line.state for line in lines),
        "together": bool(parties and parties.together),
    }


def question_boxes(request: Visit, intake: Intake, faults: Mapping[str, str]) -> tuple[list[Box], list[Box]]:
    answers, grow = intake.content["answers"], request.GET.get("more", "")
    situations = [
        situation_box(entry, answers.get(entry.key), faults) for entry in visible_situations(intake.definition, answers)
    ]
    fields = [
        box_of(entry, answers.get(entry.name), faults, grow=entry.name == grow)
        for entry in visible_fields(intake.definition, answers)
    ]
    return situations, fields


def check_lines(request: Visit, intake: Intake, wrong: Mapping[str, str]) -> list[CheckLine]:
    given = {line.key: line for line in material_lines(intake.definition, intake.content["materials"])}
    held = {
        row.material: row
        for row in custody_of(request.actor, intake.application.id)
        if row.place != Custody.Place.RETURNED
    }
    return [
        CheckLine(check, given.get(check.key), held.get(check.key), wrong.get(check.key, ""))
        for check in checklist(intake.definition, intake.content)
    ]


def standard_of(application: Application) -> Standard:
    """The version that the application follows, and the newest that has arrived here."""
    row = find_version(application.item, application.standard, application.version)
    newest = find_version(application.item, application.standard)
    since = _since(row)
    return Standard(
        province=node_name(application.standard),
        version=application.version,
        since=since,
        days=max((now() - since).days, 0) if since else 0,
        own=application.standard == settings.NODE,
        newer=newest.version if newest and newest.version > application.version else None,
    )


def _since(row: ItemVersion | None) -> datetime | None:
    return (row.heard_at or row.published_at) if row else None


def _known(request: Visit, application: Application) -> Mapping[str, str]:
    if application.applicant is None:
        return {}
    people = find_people(request.actor, [application.applicant])
    return masked(people[application.applicant]) if application.applicant in people else {}


def write_down_look(request: Visit, application: Application, *, purpose: str) -> None:
    """What is shown again of a person at the counter is a look, written down once in half an hour."""
    if application.applicant and not is_open(request, application.id):
        look(request, subject=application.applicant, case=application.id, what="application", purpose=purpose)
