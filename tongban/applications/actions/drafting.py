"""Making an application: started, filled in over several sittings, dropped or handed in."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction

from tongban.applications import vault
from tongban.applications.actions.voiding import void_signatures
from tongban.applications.models import Application, Signature
from tongban.applications.queries import locked_draft
from tongban.applications.rules import Channel, empty_content, modes_for
from tongban.base.actor import Actor, Role, system
from tongban.base.canonical import canonical_json
from tongban.base.errors import Rejected
from tongban.base.times import moment
from tongban.base.uuid7 import uuid7
from tongban.calendar.queries import now
from tongban.catalogue.queries import find_route, get_definition
from tongban.catalogue.rules.answers import tidy_answers
from tongban.catalogue.rules.definition import APPLICANT_PLACE, Definition
from tongban.catalogue.rules.kinds import Mode
from tongban.files.actions import allow, let_go, let_go_all
from tongban.files.models import File
from tongban.files.queries import find_file
from tongban.files.rules import is_digest
from tongban.orgs.queries import find_division, get_counter
from tongban.people.queries import get_person
from tongban.people.rules import Kind

MOST_CONTENT = 400_000


@transaction.atomic
def start(
    actor: Actor,
    *,
    item: str,
    place: str,
    receiving_place: str = "",
    mode: str = "",
    applicant: UUID | None = None,
    answers: Mapping[str, Any] | None = None,
) -> Application:
    """Begin an application for the matter at `place`; nothing leaves the node before it is submitted.

    A clerk names the applicant (or does so later); his counter is the receiving place. mode: empty for the first that
    the route allows. Raises Rejected("no_agreement", "mode_not_allowed", "not_a_place", "item_not_defined"),
    ("no_agent") where the item lets nobody be represented.
    """
    channel = channel_of(actor)
    receiving_place = _received_at(actor, place=place, receiving_place=receiving_place)
    version, definition = get_definition(item, place[:2])
    _check_agent(actor, definition)
    chosen = _mode_for(channel, item=item, place=place, receiving_place=receiving_place, mode=mode)
    at = now()
    application = Application(
        id=uuid7(),
        item=item,
        standard=place[:2],
        version=version,
        place=place,
        receiving_place=receiving_place,
        mode=chosen,
        channel=channel,
        **_makers(actor, channel, applicant),
        state=Application.State.DRAFT,
        made_at=at,
        changed_at=at,
    )
    content = {**empty_content(at_counter=channel is Channel.COUNTER), "answers": settle(application, answers or {})}
    application.content = vault.lock_json(checked_size(content))
    application.save(force_insert=True)
    return application


def _received_at(actor: Actor, *, place: str, receiving_place: str) -> str:
    """Where it is received: at the clerk's counter, else where it was said. Raises Rejected("not_a_place")."""
    if channel_of(actor) is Channel.COUNTER and actor.organ:
        receiving_place = get_counter(actor.organ).division_id
    places = {"place": place, "receiving_place": receiving_place}
    if wrong := {name: "not_a_place" for name, code in places.items() if find_division(code) is None}:
        raise Rejected("invalid", fields=wrong)
    return receiving_place


def _makers(actor: Actor, channel: Channel, applicant: UUID | None) -> dict[str, Any]:
    """For whom it is made, who speaks for him, and which counter and clerk make it."""
    return {
        "applicant": actor.subject or applicant,
        "agent": actor.person if actor.role is Role.APPLICANT and actor.on_behalf_of else None,
        "organ": actor.organ or "" if channel is Channel.COUNTER else "",
        "clerk": actor.person if channel is not Channel.PORTAL else None,
    }


def _mode_for(channel: Channel, *, item: str, place: str, receiving_place: str, mode: str) -> Mode:
    """The mode that was asked for, or the first one. Raises Rejected("no_agreement", "mode_not_allowed")."""
    route = find_route(item=item, place=receiving_place, authority_place=place)
    modes = modes_for(channel, route.modes)
    if not route.allowed or not modes:
        raise Rejected("no_agreement", why=route.why)
    if mode and mode not in {str(entry) for entry in modes}:
        raise Rejected("mode_not_allowed")
    return Mode(mode) if mode else modes[0]


def _check_agent(actor: Actor, definition: Definition) -> None:
    """An organisation's handler is no agent: it acts by nobody else."""
    if definition.parties is None or definition.parties.agent or actor.on_behalf_of is None:
        return
    principal = get_person(system(settings.NODE), actor.on_behalf_of)
    if actor.role is Role.APPLICANT and principal.kind == Kind.NATURAL:
        raise Rejected("no_agent")


def settle(application: Application, answers: Mapping[str, Any]) -> dict[str, Any]:
    """The answers as they are kept; the matter moves to the home that they name, under the standard of its province.

    Where the matter lies at the applicant's own place, that is where he is received.
    """
    definition = get_definition(application.item, application.standard, application.version)[1]
    kept = dict(answers)
    if definition.home.field == APPLICANT_PLACE:
        kept[APPLICANT_PLACE] = application.receiving_place
    named = kept.get(definition.home.field)
    if isinstance(named, str) and named != application.place and find_division(named) is not None:
        application.place = named
        if named[:2] != application.standard:
            application.standard = named[:2]
            application.version, definition = get_definition(application.item, application.standard)
    return tidy_answers(definition, kept)


def channel_of(actor: Actor) -> Channel:
    """By which door the application is made. Raises Rejected("not_allowed") for those who make none."""
    if actor.role is Role.APPLICANT:
        return Channel.PORTAL
    if actor.role is Role.CLERK:
        return Channel.HELPED if actor.on_behalf_of else Channel.COUNTER
    raise Rejected("not_allowed")


@transaction.atomic
def fill(
    actor: Actor,
    application_id: UUID,
    *,
    answers: Mapping[str, Any],
    applicant: UUID | None = None,
    seen: int | None = None,
) -> Application:
    """Keep answers as far as they have come; faults are told when it is handed in.

    seen: the revision that was filled in; another one's changes are not overwritten: Rejected("draft_changed").
    """
    application = locked_draft(actor, application_id)
    if seen is not None and seen != application.revision:
        raise Rejected("draft_changed")
    content = vault.unlock_json(application.content)
    content["answers"] = settle(application, answers)
    if applicant is not None and application.channel == Channel.COUNTER:
        application.applicant = applicant
    return keep(application, content)


@transaction.atomic
def attach(
    actor: Actor, application_id: UUID, *, material: str, digest: str, name: str, compared: bool = False
) -> Application:
    """Put an uploaded file to a material; the same material again replaces it.

    compared: the clerk has seen the original; it stays on record who and when. Raises Rejected("file_unknown").
    """
    application = locked_draft(actor, application_id)
    compared = compared and application.channel == Channel.COUNTER
    file = _named_file(application, digest)
    content = vault.unlock_json(application.content)
    before = content["materials"]
    content["materials"] = [entry for entry in before if entry["key"] != material]
    content["materials"].append(
        {
            "key": material,
            "digest": digest,
            "name": name.replace("\x00", "")[-200:],
            "size": file.size,
            "media_type": file.media_type,
            "compared": compared,
            "compared_by": by_whom(actor) if compared else None,
        }
    )
    _let_go_of(application, before, content["materials"])
    return keep(application, content)


@transaction.atomic
def remove_material(actor: Actor, application_id: UUID, *, material: str) -> Application:
    application = locked_draft(actor, application_id)
    content = vault.unlock_json(application.content)
    before = content["materials"]
    content["materials"] = [entry for entry in before if entry["key"] != material]
    _let_go_of(application, before, content["materials"])
    return keep(application, content)


def _named_file(application: Application, digest: str) -> File:
    """Name the file first, so that it stays, then look whether it is there."""
    if not is_digest(digest):
        raise Rejected("file_unknown")
    allow(digest, case=application.id, nodes=[])
    file = find_file(digest)
    if file is None:
        raise Rejected("file_unknown")
    return file


def _let_go_of(
    application: Application, before: Sequence[Mapping[str, Any]], after: Sequence[Mapping[str, Any]]
) -> None:
    """Files that the draft named before and names no more may go."""
    old, new = ({str(entry["digest"]) for entry in entries} for entries in (before, after))
    let_go(old - new, case=application.id)


@transaction.atomic
def drop(actor: Actor, application_id: UUID) -> None:
    """Give a draft up. Originals that a counter still holds have to go back first: Rejected("custody_open")."""
    application = locked_draft(actor, application_id)
    if application.custody_set.exclude(place="returned").exists():
        raise Rejected("custody_open")
    application.state = Application.State.DROPPED
    let_go_all([application.id])
    Signature.objects.filter(matter=application.id).delete()
    keep(application, empty_content(at_counter=application.channel == Channel.COUNTER))


def by_whom(actor: Actor) -> dict[str, str]:
    """Who did something at the counter, where and when, as it stays with the application."""
    return {"officer": str(actor.person or ""), "organ": actor.organ or "", "at": moment(now())}


def keep(application: Application, content: dict[str, Any]) -> Application:
    """Keep the content of the locked draft; signatures to another one hold no more."""
    void_signatures(application, content)
    application.content = vault.lock_json(checked_size(content))
    application.revision += 1
    application.changed_at = now()
    application.save()
    return application


def checked_size(content: dict[str, Any]) -> dict[str, Any]:
    """Raises Rejected("malformed") for what has no canonical form or is too large for one application."""
    try:
        size = len(canonical_json(content))
    except (TypeError, ValueError) as error:
        raise Rejected("malformed", why=str(error)) from error
    if size > MOST_CONTENT:
        raise Rejected("malformed", why="too large")
    return content
