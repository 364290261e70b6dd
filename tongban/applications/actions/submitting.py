"""Handing in: the person gets a receipt at once, the home gets an ask (or opens the case when it is this node)."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.template.loader import render_to_string

from tongban.applications import vault
from tongban.applications.actions.numbering import RECEIVED, RETURNED, next_number
from tongban.applications.actions.signing import parties_of
from tongban.applications.models import Application, Custody, Paper, Signature
from tongban.applications.queries import definition_of, locked_draft
from tongban.applications.queries.signing import matter_of_draft
from tongban.applications.rules import SERVED_AS, Channel, faults, modes_for
from tongban.base.actor import Actor, Role, system
from tongban.base.canonical import digest
from tongban.base.errors import Rejected
from tongban.base.times import legal_date, moment, parse_moment
from tongban.base.uuid7 import uuid7
from tongban.calendar.queries import now, today
from tongban.cases.actions import open_case
from tongban.cases.actions.asking import send_ask
from tongban.cases.actions.opening import name_parties
from tongban.cases.rules.opening import Opening, Receiving, as_content
from tongban.cases.rules.table import Act
from tongban.catalogue.queries import find_route, get_definition, is_valid_on
from tongban.catalogue.rules.answers import home_places, places_named
from tongban.catalogue.rules.definition import Definition
from tongban.catalogue.rules.taking_part import Standing, persons
from tongban.exchange.queries import directory
from tongban.files.actions import allow
from tongban.orgs.queries import find_division, find_organ, place_name
from tongban.people.models import Person
from tongban.people.queries import get_person, reveal
from tongban.people.rules import Kind


@transaction.atomic
def submit(actor: Actor, application_id: UUID, *, seen: int | None = None) -> list[Application]:
    """Hand the application in; one that asks several homes becomes as many applications, the first keeps its id.

    Raises Rejected("invalid", fields=…) naming everything that is missing at one time, ("draft_changed"),
    ("no_applicant"), ("no_agreement") when what was allowed at the start no longer is, ("signatures_missing"),
    ("not_together").
    """
    application = locked_draft(actor, application_id)
    if seen is not None and seen != application.revision:
        raise Rejected("draft_changed")
    if application.applicant is None:
        raise Rejected("no_applicant", fields={"applicant": "required"})
    definition = definition_of(application)
    content = vault.unlock_json(application.content)
    found = faults(definition, content, demo=settings.DEMO, on=today())
    for path, code in places_named(definition, content["answers"]).items():
        if f"answers.{path}" not in found and find_division(code) is None:
            found[f"answers.{path}"] = "answer_not_place"
    if found:
        raise Rejected("invalid", fields=found)
    _check_served(definition, actor, application, content)
    parties = parties_of(matter_of_draft(application, content))
    made = [application, *_fan_out(application, definition, content)]
    for entry in made:
        _check_way(entry)
        _hand_in(actor, entry, content, parties)
    return made


def _check_served(definition: Definition, actor: Actor, application: Application, content: Mapping[str, Any]) -> None:
    person = get_person(system(settings.NODE), application.applicant or application.id)
    if SERVED_AS[person.kind] not in definition.served:
        raise Rejected("not_served", fields={"applicant": "not_served"})
    if persons(definition, content["answers"]) and person.kind == Kind.NATURAL:
        raise Rejected("persons_by_organ", fields={"applicant": "persons_by_organ"})
    if actor.role is Role.CLERK and application.channel == Channel.COUNTER and application.clerk is None:
        raise Rejected("not_allowed")


def _check_way(application: Application) -> None:
    """What was allowed at the beginning may have ended since, or the answers have moved the matter elsewhere."""
    item, standard, version = application.item, application.standard, application.version
    if not is_valid_on(item, standard, version, today()):
        raise Rejected("version_not_valid", item=item, version=version, on=today().isoformat())
    way = find_route(item=item, place=application.receiving_place, authority_place=application.place)
    modes = modes_for(Channel(application.channel), way.modes)
    if not way.allowed or not modes:
        raise Rejected("no_agreement", why=way.why)
    if application.mode not in {str(mode) for mode in modes}:
        raise Rejected("mode_not_allowed")


def _fan_out(application: Application, definition: Definition, content: Mapping[str, Any]) -> list[Application]:
    """A query whose homes are not known in advance goes to every node that offers the item, or to those named."""
    if not definition.home.fan_out:
        return []
    places = home_places(definition, content["answers"]) or _everywhere(application)
    application.place, application.standard = places[0], places[0][:2]
    application.bundle = application.id if len(places) > 1 else None
    others = []
    for place in places[1:]:
        values = {field.attname: getattr(application, field.attname) for field in Application._meta.fields}
        others.append(Application(**{**values, "id": uuid7(), "place": place, "standard": place[:2]}))
    for entry in (application, *others):
        entry.version = get_definition(entry.item, entry.standard)[0]
    return others


def _everywhere(application: Application) -> list[str]:
    found = []
    for code in sorted(directory().nodes):
        place = f"{code}0000000000"
        way = find_route(item=application.item, place=application.receiving_place, authority_place=place)
        if way.allowed:
            found.append(place)
    return found or [application.place]


def _hand_in(
    actor: Actor, application: Application, content: dict[str, Any], parties: Sequence[Mapping[str, Any]]
) -> None:
    at = now()
    application.number = next_number(RECEIVED)
    application.state = Application.State.SUBMITTED
    application.submitted_at = application.changed_at = at
    application.content = vault.lock_json(content)
    application.revision += 1
    application.save()
    person = get_person(system(settings.NODE), application.applicant or application.id)
    opening = _opening(application, person, content, parties)
    if application.place[:2] == settings.NODE:
        open_case(actor, opening)
    else:
        for material in content["materials"]:
            allow(material["digest"], case=application.id, nodes=[application.place[:2]])
        _name_parties(application)
        send_ask(
            actor,
            application.id,
            Act.OPEN,
            home=application.place[:2],
            seen=None,
            content=as_content(opening),
            applicant=application.applicant,
            organ=application.organ,
        )
    write_receipt(application, content, person.name)


def _name_parties(application: Application) -> None:
    """Those who apply together find it among their own from now on, whether or not the home can be reached."""
    rows = Signature.objects.filter(matter=application.id, standing=Standing.CO_APPLICANT).order_by("no")
    people = [application.applicant or application.id, *rows.values_list("person", flat=True)]
    at = parse_moment(moment(application.submitted_at or application.made_at))
    name_parties(application.id, people, received_at=at)


def _opening(
    application: Application, person: Person, content: Mapping[str, Any], parties: Sequence[Mapping[str, Any]]
) -> Opening:
    opened = reveal(system(settings.NODE), person)
    return Opening(
        case_id=application.id,
        item=application.item,
        version=application.version,
        standard=application.standard,
        place=application.place,
        mode=application.mode,
        applicant={
            "kind": person.kind,
            "name": opened.name,
            "id_type": person.id_type,
            "id_number": opened.id_number,
            "phone": opened.phone or None,
        },
        answers=content["answers"],
        materials=content["materials"],
        custody=content["custody"],
        identity_check=content.get("identity_check"),
        parties=parties,
        receiving=Receiving(
            node=settings.NODE,
            place=application.receiving_place,
            organ=application.organ,
            number=application.number,
            at=application.submitted_at or application.made_at,
            channel=application.channel,
        ),
    )


def write_receipt(application: Application, content: Mapping[str, Any], name: str) -> None:
    """收件凭证: handed out here at once, whether or not the home can be reached."""
    definition = get_definition(application.item, application.standard, application.version)[1]
    given = {material["key"] for material in content["materials"]}
    html = render_to_string(
        "applications/receipt.html",
        {
            "application": application,
            "item": definition,
            "name": name,
            "organ": find_organ(application.organ) if application.organ else None,
            "home": place_name(application.place),
            "node": directory().nodes.get(application.place[:2]),
            "materials": [material.name for material in definition.materials if material.key in given],
            "custody": Custody.objects.filter(application=application).order_by("id"),
            "day": legal_date(application.submitted_at or application.made_at),
        },
    )
    keep_paper(application, "receipt", application.number, html)


def keep_paper(application: Application, kind: str, number: str, html: str) -> Paper:
    return Paper.objects.create(
        application=application,
        kind=kind,
        number=number,
        digest=digest(html.encode()),
        content=vault.lock_json({"html": html}),
        made_at=now(),
    )


@transaction.atomic
def return_at_once(actor: Actor, application_id: UUID, *, reason: str) -> Application:
    """Give the papers back on the spot, with a note of everything that is missing (一次性告知); nothing is sent.

    Raises Rejected("custody_open") while an original is still held, ("invalid") without a reason.
    """
    application = locked_draft(actor, application_id)
    if application.channel != Channel.COUNTER:
        raise Rejected("not_allowed")
    if not reason.strip():
        raise Rejected("invalid", fields={"reason": "required"})
    if application.custody_set.exclude(place=Custody.Place.RETURNED).exists():
        raise Rejected("custody_open")
    definition = definition_of(application)
    content = vault.unlock_json(application.content)
    application.number = next_number(RETURNED)
    application.state = Application.State.RETURNED
    application.changed_at = now()
    application.save()
    missing = faults(definition, content, demo=settings.DEMO, on=today())
    names = {f"materials.{material.key}": material.name for material in definition.materials}
    names |= {f"answers.{field.name}": field.label for field in definition.fields}
    html = render_to_string(
        "applications/returned.html",
        {
            "application": application,
            "item": definition,
            "organ": find_organ(application.organ),
            "reason": reason.strip()[:1000],
            "missing": [names[path] for path in missing if path in names],
            "day": legal_date(now()),
        },
    )
    keep_paper(application, "returned", application.number, html)
    return application
