"""Several who sign one application: asked once it is complete, each for himself, and again after any change."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction

from tongban.applications import vault
from tongban.applications.models import Signature
from tongban.applications.queries import locked_draft
from tongban.applications.queries.signing import Matter, get_matter, matter_of_draft, signatures_of
from tongban.applications.rules import IDENTITY_WAYS, check_complete, identity_of
from tongban.base.actor import Actor, Role, system
from tongban.base.errors import Rejected
from tongban.base.identifiers import tidy
from tongban.base.times import legal_date, moment
from tongban.calendar.queries import now, today
from tongban.catalogue.rules.taking_part import Signer, Standing
from tongban.journal.actions import record
from tongban.people.actions import find_or_create_person
from tongban.people.models import Person
from tongban.people.queries import find_people, get_person, reveal
from tongban.people.rules import Kind

LOG_IN = "log_in"
State = Signature.State


@transaction.atomic
def ask_signatures(actor: Actor, application_id: UUID, *, seen: int | None = None) -> list[Signature]:
    """Ask everybody who must sign what is filled in now. By asking under his own log-in the applicant has signed.

    Raises Rejected("draft_changed"), ("invalid", fields=…) for what is missing or whom it names wrongly,
    ("nobody_signs") where the applicant alone applies.
    """
    application = locked_draft(actor, application_id)
    if seen is not None and seen != application.revision:
        raise Rejected("draft_changed")
    content = vault.unlock_json(application.content)
    matter = matter_of_draft(application, content)
    check_complete(matter.definition, content, demo=settings.DEMO, on=today())
    return ask(actor, matter, application.applicant or matter.id)


def ask(actor: Actor, matter: Matter, applicant: UUID) -> list[Signature]:
    """One row for each who must sign the locked matter; those of before are gone."""
    needed = matter.signers
    if not needed:
        raise Rejected("nobody_signs")
    people = [_person_of(actor, signer) for signer in needed]
    _check_distinct(matter, needed)
    Signature.objects.filter(matter=matter.id).delete()
    at, digest = now(), matter.digest
    standings = [Standing.APPLICANT, *(signer.standing for signer in needed)]
    Signature.objects.bulk_create(
        Signature(
            matter=matter.id,
            person=person,
            no=no,
            standing=standing,
            state=State.WAITING,
            digest=digest,
            asked_at=at,
        )
        for no, (person, standing) in enumerate(zip([applicant, *people], standings, strict=True), 1)
    )
    if actor.subject in (applicant, *people) and _signs_by_log_in(actor, matter):
        sign(actor, matter.id, digest=digest)
    return list(signatures_of(matter.id))


def _person_of(actor: Actor, signer: Signer) -> UUID:
    identity = identity_of(signer)
    try:
        return find_or_create_person(actor, **identity).id
    except Rejected as refusal:
        path = f"answers.{signer.person.path}"
        raise Rejected(
            refusal.reason, fields={f"{path}.{name}": why for name, why in refusal.fields.items()}
        ) from refusal


def _check_distinct(matter: Matter, needed: Sequence[Signer]) -> None:
    seen = {tidy(str(matter.applicant["id_number"]))}
    for signer in needed:
        number = tidy(signer.person.number)
        if number in seen:
            raise Rejected("invalid", fields={f"answers.{signer.person.path}.id_number": "signs_already"})
        seen.add(number)


def _signs_by_log_in(actor: Actor, matter: Matter) -> bool:
    together = matter.definition.parties is not None and matter.definition.parties.together
    return actor.role is Role.APPLICANT and not together


@transaction.atomic
def sign(actor: Actor, matter_id: UUID, *, digest: str) -> Signature:
    """Sign under one's own log-in what was shown, of which this is the digest. A second time changes nothing.

    Raises Rejected("not_found"), ("content_changed") when it is no more what was shown, ("sign_yourself") for a clerk
    or an agent at the keyboard, ("sign_at_counter") where all have to come.
    """
    matter = get_matter(matter_id, lock=True)
    if actor.subject is None:
        raise Rejected("not_found")
    row = Signature.objects.select_for_update().filter(matter=matter_id, person=actor.subject).first()
    if row is None:
        raise Rejected("not_found")
    if actor.role is not Role.APPLICANT or (actor.on_behalf_of and _is_natural(actor.on_behalf_of)):
        raise Rejected("sign_yourself")
    if matter.definition.parties and matter.definition.parties.together:
        raise Rejected("sign_at_counter")
    if row.state == State.VOID or digest != matter.digest or row.digest != digest:
        raise Rejected("content_changed")
    return _signed(actor, matter, row, way=LOG_IN)


@transaction.atomic
def sign_at_counter(
    actor: Actor, matter_id: UUID, *, no: int, way: str, note: str = "", id_number: str = ""
) -> Signature:
    """Note that one stands before the clerk, how that was made sure of, and that he has signed what was shown to him.

    id_number: from his card, for what this counter has not received itself.
    Raises Rejected("not_allowed"), ("not_found"), ("content_changed"), ("invalid").
    """
    if actor.stands_for is not Role.CLERK or not actor.organ:
        raise Rejected("not_allowed")
    matter = get_matter(matter_id, lock=True)
    row = Signature.objects.select_for_update().filter(matter=matter_id, no=no).first()
    if row is None or (matter.organ != actor.organ and not _is_his(row, id_number)):
        raise Rejected("not_found")
    if matter.organ != actor.organ and matter.definition.parties and matter.definition.parties.together:
        raise Rejected("sign_at_counter")
    if way not in IDENTITY_WAYS:
        raise Rejected("invalid", fields={"way": "not_a_choice"})
    if row.state == State.VOID or row.digest != matter.digest:
        raise Rejected("content_changed")
    return _signed(actor, matter, row, way=way, note=note)


def _signed(actor: Actor, matter: Matter, row: Signature, *, way: str, note: str = "") -> Signature:
    if row.state == State.SIGNED:
        return row
    row.state, row.way, row.note, row.organ = State.SIGNED, way, note.strip()[:200], actor.organ or ""
    row.signed_by, row.signed_at = actor.person, now()
    row.save()
    record(actor, event="signed", case=matter.case, facts={"party": row.no, "digest": row.digest, "way": way})
    return row


def parties_of(matter: Matter) -> list[dict[str, Any]]:
    """Who takes part and what each has signed, as it travels; empty where the applicant alone applies.

    Raises Rejected("signatures_missing") until all have signed this very content, ("not_together") where all had to
    come to the counter on one day and did not.
    """
    if not matter.signers:
        return []
    rows = list(signatures_of(matter.id))
    digest = matter.digest
    missing = [row for row in rows if row.state != State.SIGNED or row.digest != digest]
    if missing or not rows:
        raise Rejected("signatures_missing", count=len(missing) or 1 + len(matter.signers))
    parties = matter.definition.parties
    if parties and parties.together and {legal_date(row.signed_at) for row in rows if row.signed_at} != {today()}:
        raise Rejected("not_together")
    people = find_people(system(settings.NODE), [row.person for row in rows])
    return [_party(row, people[row.person]) for row in rows]


def _party(row: Signature, person: Person) -> dict[str, Any]:
    opened = reveal(system(settings.NODE), person)
    return {
        "no": row.no,
        "standing": row.standing,
        "kind": person.kind,
        "name": opened.name,
        "id_type": person.id_type,
        "id_number": opened.id_number,
        "signed": {
            "at": moment(row.signed_at or row.asked_at),
            "digest": row.digest,
            "way": row.way,
            "organ": row.organ,
            "officer": str(row.signed_by) if row.way != LOG_IN and row.signed_by else "",
        },
    }


def _is_his(row: Signature, id_number: str) -> bool:
    opened = reveal(system(settings.NODE), get_person(system(settings.NODE), row.person))
    return bool(id_number) and tidy(id_number) == tidy(opened.id_number)


def _is_natural(person: UUID) -> bool:
    found = find_people(system(settings.NODE), [person]).get(person)
    return found is None or found.kind == Kind.NATURAL
