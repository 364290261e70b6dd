"""In what relation to a case somebody stands, and which acts that opens to him now."""

from uuid import UUID

from tongban.base.actor import Actor, Role, Via
from tongban.cases.models import Case, Party
from tongban.cases.rules.state import from_json, has_object
from tongban.cases.rules.table import FROM_AFAR, TABLE, Act, Status, Who, moves_for
from tongban.catalogue.rules.kinds import Pattern
from tongban.orgs.queries import permissions_of
from tongban.orgs.rules import EVERYTHING, covers

OFFICERS_ACTS = frozenset(move.act for move in TABLE if Who.OFFICER in move.who)


def relations(actor: Actor, case: Case, act: Act | None = None) -> frozenset[Who]:
    """For one act; without one, for any act at all.

    A person or clerk of another node is believed through the node that received the case; who it was is on record as
    that node claimed it.
    """
    found = set()
    from_afar = actor.via is Via.LETTER
    if actor.role is Role.SYSTEM:
        found.add(Who.SYSTEM)
    if actor.role is Role.ORGAN and from_afar and actor.node == case.lead_node:
        found.add(Who.LEAD)
    if actor.role is Role.APPLICANT and _is_applicant(actor, case):
        found.add(Who.APPLICANT)
    if actor.role is Role.CLERK:
        found |= _as_clerk(actor, case)
    if actor.role is Role.OFFICER and not from_afar and case.is_informed and _works_on(actor, case):
        found.add(Who.INFORMED)
    at_home = actor.role is Role.OFFICER and not from_afar and case.is_home
    if at_home and granted_acts(actor, case) & ({act} if act else OFFICERS_ACTS):
        found.add(Who.OFFICER)
    # Between organs (协办) there is no applicant: the person, and who helps him, act on the lead.
    return frozenset(found - {Who.APPLICANT} if case.pattern == Pattern.ASSIST else found)


def _works_on(actor: Actor, case: Case) -> bool:
    """Whether the officer handles the item at all: what another place reports (抄告) lies in no region of his."""
    permissions = permissions_of(actor.person) if actor.person else []
    return any(permission.item in (EVERYTHING, case.item) for permission in permissions)


def granted_acts(actor: Actor, case: Case) -> frozenset[Act]:
    """The officer's acts that a grant covers for the item at the place."""
    permissions = permissions_of(actor.person) if actor.person else []
    return frozenset(
        act for act in OFFICERS_ACTS if covers(permissions, act=str(act), item=case.item, place=case.place)
    )


def _is_applicant(actor: Actor, case: Case) -> bool:
    if actor.via is Via.LETTER:
        return actor.node == case.receiving_node
    return actor.subject is not None and is_party(actor.subject, case)


def is_party(person: UUID, case: Case) -> bool:
    """Whether he is the applicant, or one who applies together with him."""
    return person == case.applicant or Party.objects.filter(case=case, person=person).exists()


def parties_of(case: Case) -> list[Party]:
    """Who applies, the first of them first; of a case that a query gave out to the actor."""
    return list(Party.objects.filter(case=case).order_by("no"))


def party_number(actor: Actor, case_id: UUID) -> int:
    """Which of those who apply together the actor is, or acts for; 1 for the first, and where there is only one."""
    found = Party.objects.filter(case=case_id, person=actor.subject).first() if actor.subject else None
    return found.no if found else 1


def _as_clerk(actor: Actor, case: Case) -> set[Who]:
    """The counter that received; while it helps a person (帮办) its clerk acts for that person alone."""
    if actor.on_behalf_of is not None:
        return {Who.APPLICANT} if is_party(actor.on_behalf_of, case) else set()
    if not case.receiving_organ or actor.organ != case.receiving_organ or actor.node != case.receiving_node:
        return set()
    return {Who.RECEIVER}


def allowed_acts(actor: Actor, case: Case) -> tuple[Act, ...]:
    """The acts open to the actor now, in the table's order: the buttons of his page; none once the case is erased."""
    if case.erased_at is not None:
        return ()
    pattern, status = Pattern(case.pattern), Status(case.status)
    everyone = frozenset(Who) - {Who.SYSTEM}
    possible = moves_for(everyone, status, pattern)
    if not case.is_home:
        possible = tuple(move for move in possible if move.act in FROM_AFAR)
    who = relations(actor, case)
    state = from_json(case.state)
    possible = tuple(move for move in possible if has_object(move.act, state, by_counter=Who.RECEIVER in who))
    others = who - {Who.OFFICER}
    granted = granted_acts(actor, case) if Who.OFFICER in who else frozenset[Act]()
    if case.state.get("ex_officio"):
        # Nobody applied: there is no application to take back.
        possible = tuple(move for move in possible if move.act is not Act.WITHDRAW)
    allowed = [move.act for move in possible if others & move.who or (Who.OFFICER in move.who and move.act in granted)]
    return tuple(dict.fromkeys(allowed))
