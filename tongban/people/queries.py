"""Read who somebody is: masked for lists, opened for him who may and has written down why."""

from collections.abc import Iterable
from uuid import UUID

from django.conf import settings
from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.db.models import Q, QuerySet

from tongban.base import keys
from tongban.base.actor import Actor, Role, Via
from tongban.base.errors import Rejected
from tongban.base.identifiers import mask_name, mask_number, mask_phone
from tongban.people.models import IS_STAFF, Account, Person
from tongban.people.rules import ID_NUMBER, PHONE, IdType, Kind, Revealed, check_identity, place_tag

HANDLERS = (Role.CLERK, Role.OFFICER, Role.SYSTEM)


def ring(purpose: str) -> keys.Ring:
    """This node's keys of one purpose: "lookup" or "field"."""
    return keys.node_ring(settings.STATE / "keys", purpose, node=settings.NODE, mode=settings.MODE)


def hashes_of(looked_up_by: str) -> list[str]:
    """The keyed hashes of a text under every look-up key that rows may still be written with."""
    return [keys.keyed_hash(key, "people", looked_up_by) for key in ring("lookup").keys]


def find_account(username: str) -> Account | None:
    return Account.objects.filter(username=username).first()


def has_demo() -> bool:
    """Whether there are persons or accounts of a demonstration."""
    return Account.objects.filter(is_demo=True).exists() or Person.objects.filter(is_demo=True).exists()


def waiting_for_code(actor: Actor, *, organ: str = "") -> QuerySet[Account]:
    """Those of the staff who have not chosen a password yet, of one organ when it is given."""
    unusable = Q(password__startswith=UNUSABLE_PASSWORD_PREFIX) | Q(code_until__isnull=False)
    return staff(actor, organ=organ).filter(unusable, is_active=True)


def staff(actor: Actor, *, organ: str = "", after: str = "") -> QuerySet[Account]:
    """Everybody who works here, those who have left too, by user name: of one organ, behind a user name.

    For operators and auditors. Raises Rejected("not_allowed").
    """
    if actor.role not in (Role.OPERATOR, Role.AUDITOR, Role.SYSTEM):
        raise Rejected("not_allowed")
    found = Account.objects.filter(IS_STAFF, username__gt=after).order_by("username")
    return found.filter(organ=organ) if organ else found


def staff_named(actor: Actor, text: str) -> QuerySet[Account]:
    """Whose name or user name begins so. Raises Rejected("not_allowed")."""
    return staff(actor).filter(Q(name__startswith=text) | Q(username__startswith=text))


def get_staff(actor: Actor, account: UUID) -> Account:
    """Raises Rejected("not_found"), ("not_allowed")."""
    found = staff(actor).filter(id=account).first()
    if found is None:
        raise Rejected("not_found")
    return found


def find_choosing(account: str) -> Account | None:
    """The open account of this id whose holder has come with a code and has no password yet."""
    found = Account.objects.filter(id=account, code_until__isnull=False).first()
    return found if found and is_open(found) else None


def demo_accounts() -> QuerySet[Account]:
    """For the log-in page of a demonstration; none elsewhere."""
    found = Account.objects.filter(is_demo=True, is_active=True).order_by("username")
    return found if settings.DEMO else found.none()


def is_open(account: Account) -> bool:
    """Whether it can be logged in with: not closed, and none of a demonstration where there is none."""
    return account.is_active and (settings.DEMO or not account.is_demo)


def actor_of(account: Account, *, via: Via = Via.WEB) -> Actor:
    """The actor who comes in with this account."""
    role = Role(account.role)
    return Actor(
        role=role,
        node=settings.NODE,
        person=account.person_id if role is Role.APPLICANT else account.officer_id or account.id,
        on_behalf_of=account.principal_id,
        organ=account.organ or None,
        via=via,
    )


def find_person(actor: Actor, *, id_type: str, id_number: str) -> Person | None:
    """The person with this number, for those who handle applications. Raises Rejected("not_allowed"), ("invalid")."""
    if actor.role not in HANDLERS:
        raise Rejected("not_allowed")
    kind = Kind.ENTERPRISE if id_type == IdType.CREDIT_CODE else Kind.NATURAL
    identity = check_identity(kind=kind, name="-", id_type=id_type, id_number=id_number, phone=None, demo=settings.DEMO)
    return Person.objects.filter(id_hash__in=hashes_of(identity.looked_up_by)).first()


def get_person(actor: Actor, person: UUID) -> Person:
    """The row, columns still encrypted: of oneself, of one's principal, or for those who handle applications.

    Raises Rejected("not_found") for anybody else, as if there were none.
    """
    if actor.role not in HANDLERS and person not in (actor.person, actor.on_behalf_of):
        raise Rejected("not_found")
    found = Person.objects.filter(id=person).first()
    if found is None:
        raise Rejected("not_found")
    return found


def find_people(actor: Actor, people: Iterable[UUID]) -> dict[UUID, Person]:
    """The rows of many, for the lists of those who handle applications. Raises Rejected("not_allowed")."""
    if actor.role not in HANDLERS:
        raise Rejected("not_allowed")
    return Person.objects.in_bulk(set(people))


def masked(person: Person) -> dict[str, str]:
    """name, id_number and phone as lists show them. A company's name and credit code are public."""
    opened = _open(person)
    if person.kind != Kind.NATURAL:
        return {"name": opened.name, "id_number": opened.id_number, "phone": mask_phone(opened.phone)}
    return {
        "name": mask_name(opened.name),
        "id_number": mask_number(opened.id_number),
        "phone": mask_phone(opened.phone),
    }


def reveal(actor: Actor, person: Person, *, entry: int | None = None) -> Revealed:
    """The opened values.

    entry: number of the journal entry in which the caller has written down this look; only a person's look at himself,
    and the node's own work, need none. Raises Rejected("not_allowed").
    """
    oneself = person.id in (actor.person, actor.on_behalf_of) and actor.role is Role.APPLICANT
    if not oneself and actor.role is not Role.SYSTEM and (actor.role not in HANDLERS or entry is None):
        raise Rejected("not_allowed")
    return _open(person)


def _open(person: Person) -> Revealed:
    field = ring("field")
    number = keys.decrypt(field, bytes(person.id_number), place_tag(person.id, ID_NUMBER)).decode()
    phone = ""
    if person.phone is not None:
        phone = keys.decrypt(field, bytes(person.phone), place_tag(person.id, PHONE)).decode()
    return Revealed(person.name, number, phone)
