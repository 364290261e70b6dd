"""Write down who asks, and open accounts."""

from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from tongban.base import keys
from tongban.base.actor import Actor, Role, Via
from tongban.base.errors import Rejected
from tongban.base.times import legal_date
from tongban.base.uuid7 import uuid7
from tongban.people.models import Person
from tongban.people.queries import hashes_of, ring
from tongban.people.rules import ID_NUMBER, PHONE, Identity, check_identity, place_tag, same_name

BATCH = 500
AT_THE_KEYBOARD = (Via.WEB, Via.API, Via.COUNTER)


@transaction.atomic
def find_or_create_person(
    actor: Actor,
    *,
    kind: str,
    name: str,
    id_type: str,
    id_number: str,
    phone: str | None = None,
    division: str = "",
) -> Person:
    """The person with this number, written down when nobody has it yet.

    Who types the number of somebody known must give the known name: Rejected("person_name_differs") otherwise. What
    another node states in a letter is not compared, its own desk has checked it.
    Raises Rejected("invalid", fields=…) listing every fault.
    """
    identity = check_identity(
        kind=kind,
        name=name,
        id_type=id_type,
        id_number=id_number,
        phone=phone,
        demo=settings.DEMO,
        on=legal_date(timezone.now()),
    )
    found = Person.objects.filter(id_hash__in=hashes_of(identity.looked_up_by)).first()
    if found is None:
        found = _write_down(identity, division=division, person_id=uuid7())
    if actor.via in AT_THE_KEYBOARD and not same_name(found.name, identity.name):
        raise Rejected("person_name_differs", fields={"name": "person_name_differs"})
    return found


@transaction.atomic
def change_phone(actor: Actor, *, person: UUID, phone: str) -> None:
    """Put a new telephone number in the place of the old one; by the person himself or a clerk acting for him."""
    if actor.subject != person and actor.person != person:
        raise Rejected("not_allowed")
    row = Person.objects.select_for_update().filter(id=person).first()
    if row is None:
        raise Rejected("not_found")
    identity = keys.decrypt(ring("field"), bytes(row.id_number), place_tag(row.id, ID_NUMBER)).decode()
    checked = check_identity(
        kind=row.kind, name=row.name, id_type=row.id_type, id_number=identity, phone=phone, demo=settings.DEMO
    )
    row.phone, row.phone_hash = _phone_columns(row.id, checked.phone)
    row.save(update_fields=["phone", "phone_hash"])


@transaction.atomic
def make_demo_person(
    actor: Actor, *, person_id: UUID, kind: str, name: str, id_type: str, id_number: str, phone: str, division: str
) -> Person:
    """Write down an invented person under a fixed id; a second time changes nothing. In demo and test mode only."""
    if actor.role is not Role.SYSTEM or not settings.DEMO:
        raise Rejected("not_allowed")
    identity = check_identity(kind=kind, name=name, id_type=id_type, id_number=id_number, phone=phone, demo=True)
    found = Person.objects.filter(id_hash__in=hashes_of(identity.looked_up_by)).first()
    return found or _write_down(identity, division=division, person_id=person_id)


@transaction.atomic
def hash_again(actor: Actor) -> int:
    """Compute every look-up hash under the key in use; returns how many rows changed. After a new look-up key."""
    _only_system(actor)
    changed = 0
    for row in Person.objects.select_for_update().iterator(BATCH):
        opened = _open(row)
        looked_up = check_identity(
            kind=row.kind, name=row.name, id_type=row.id_type, id_number=opened, phone=None, demo=True
        ).looked_up_by
        id_hash = _hash(looked_up)
        phone_hash = _phone_hash(row)
        if (id_hash, phone_hash) != (row.id_hash, row.phone_hash):
            Person.objects.filter(id=row.id).update(id_hash=id_hash, phone_hash=phone_hash)
            changed += 1
    return changed


@transaction.atomic
def encrypt_again(actor: Actor) -> int:
    """Encrypt every column under the key in use; returns how many rows changed. After a new field key."""
    _only_system(actor)
    field = ring("field")
    changed = 0
    for row in Person.objects.select_for_update().iterator(BATCH):
        if all(keys.is_current(field, bytes(column)) for column in (row.id_number, row.phone) if column is not None):
            continue
        row.id_number = keys.encrypt(field, _open(row).encode(), place_tag(row.id, ID_NUMBER))
        if row.phone is not None:
            tag = place_tag(row.id, PHONE)
            row.phone = keys.encrypt(field, keys.decrypt(field, bytes(row.phone), tag), tag)
        row.save(update_fields=["id_number", "phone"])
        changed += 1
    return changed


def _write_down(identity: Identity, *, division: str, person_id: UUID) -> Person:
    phone, phone_hash = _phone_columns(person_id, identity.phone)
    facts = {
        "id": person_id,
        "kind": identity.kind.value,
        "name": identity.name,
        "id_number": keys.encrypt(ring("field"), identity.id_number.encode(), place_tag(person_id, ID_NUMBER)),
        "phone": phone,
        "phone_hash": phone_hash,
        "birth_date": identity.birth_date,
        "division": division,
        "is_demo": identity.is_demo,
        "id_type": identity.id_type.value,
    }
    row, _ = Person.objects.get_or_create(id_hash=_hash(identity.looked_up_by), defaults=facts)
    return row


def _phone_columns(person: UUID, phone: str) -> tuple[bytes | None, str]:
    if not phone:
        return None, ""
    return keys.encrypt(ring("field"), phone.encode(), place_tag(person, PHONE)), _hash(f"phone:{phone}")


def _phone_hash(row: Person) -> str:
    if row.phone is None:
        return ""
    return _hash(f"phone:{keys.decrypt(ring('field'), bytes(row.phone), place_tag(row.id, PHONE)).decode()}")


def _open(row: Person) -> str:
    return keys.decrypt(ring("field"), bytes(row.id_number), place_tag(row.id, ID_NUMBER)).decode()


def _hash(text: str) -> str:
    return keys.keyed_hash(ring("lookup").current, "people", text)


def _only_system(actor: Actor) -> None:
    if actor.role is not Role.SYSTEM:
        raise Rejected("not_allowed")
