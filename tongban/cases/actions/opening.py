"""立案: a case comes into being at its home, from an application made anywhere, or from the lead of a joint case."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils.module_loading import import_string

from tongban.base.actor import Actor
from tongban.base.errors import NotYet, Rejected
from tongban.base.times import legal_date, moment, parse_moment
from tongban.calendar.queries import now
from tongban.cases import vault
from tongban.cases.actions.stepping import Doing, append
from tongban.cases.models import Case, Dossier, Follower, Party, Step
from tongban.cases.rules.bodies import Follows
from tongban.cases.rules.opening import Opening, received_as_json
from tongban.cases.rules.signatures import co_applicants, signed_digest
from tongban.cases.rules.state import State
from tongban.cases.rules.table import Act, find_move
from tongban.catalogue.queries import definition_in, find_version
from tongban.catalogue.rules.answers import places_in
from tongban.catalogue.rules.definition import Definition
from tongban.catalogue.rules.kinds import Pattern
from tongban.exchange.queries import is_connected
from tongban.files.actions import allow, want
from tongban.files.queries import missing
from tongban.orgs.queries import responsible_organ
from tongban.people.actions import find_or_create_person

IDENTITY = ("kind", "name", "id_type", "id_number")


@transaction.atomic
def open_case(
    actor: Actor,
    opening: Opening,
    *,
    answers: UUID | None = None,
    clock_from: date | None = None,
    ex_officio: bool = False,
) -> Step:
    """Open the case at this node, its home for ever. answers: id of the ask, None for an application made here.

    clock_from: from when the notice clock runs, where that is not the day on which the papers were received.
    ex_officio: nobody applied, the authority opens it by itself (依职权).

    Raises NotYet when the version of the item has not arrived here, Rejected("opened_already", "no_organ").
    """
    if Case.objects.filter(id=opening.case_id).exists():
        raise Rejected("opened_already")
    version = find_version(opening.item, opening.standard, opening.version)
    if version is None:
        raise NotYet("version_unknown", item=opening.item, version=opening.version)
    definition = definition_in(version)
    case = _case(actor, opening, definition)
    case.save(force_insert=True)
    applicants = keep_opening(actor, case, opening)
    _follow(case, opening, definition)
    move = find_move(Act.OPEN, None, Pattern(case.pattern))
    if move is None:
        raise Rejected("not_now", status="", act=Act.OPEN)
    return append(
        case,
        Doing(
            actor=actor,
            move=move,
            definition=definition,
            facts={
                "received_on": (clock_from or legal_date(opening.receiving.at)).isoformat(),
                **({"applicants": applicants} if applicants > 1 else {}),
                **({"ex_officio": True} if ex_officio else {}),
            },
            content={**dossier_of(opening), "number": case.number},
            answers=answers,
            first=_first(case, opening, definition),
        ),
    )


def _organ_for(opening: Opening, definition: Definition) -> str:
    """Whose the case is: the item's authority, or of an assist case (协办) the organ of its stage."""
    if opening.lead is None:
        organ = responsible_organ(definition.authority.organ, opening.place, level=definition.authority.level)
    else:
        key = opening.lead.part.partition("@")[0]
        stage = next((stage for stage in definition.stages if stage.key == key), None)
        if stage is None:
            raise Rejected("malformed", why="the part names a stage of the item")
        organ = responsible_organ(stage.organ, opening.place)
    if organ is None:
        raise Rejected("no_organ", place=opening.place)
    return organ.code


def _case(actor: Actor, opening: Opening, definition: Definition) -> Case:
    organ = _organ_for(opening, definition)
    person = find_or_create_person(actor, **opening.applicant)
    at = now()
    return Case(
        id=opening.case_id,
        home=settings.NODE,
        is_home=True,
        item=opening.item,
        version=opening.version,
        standard=opening.standard,
        pattern=Pattern.ASSIST if opening.lead else definition.pattern,
        mode=opening.mode,
        place=opening.place,
        organ=organ,
        status="",
        state=State().as_json(),
        head=0,
        head_digest="",
        number=import_string(settings.CASE_NUMBERS)(organ, opening.item, legal_date(at)),
        applicant=person.id,
        receiving_node=opening.receiving.node,
        receiving_organ=opening.receiving.organ,
        lead=opening.lead.case if opening.lead else None,
        lead_node=opening.lead.node if opening.lead else "",
        lead_part=opening.lead.part if opening.lead else "",
        predecessor=UUID(opening.predecessor["case"]) if opening.predecessor else None,
        received_at=parse_moment(moment(opening.receiving.at)),
        changed_at=at,
    )


def keep_opening(actor: Actor, case: Case, opening: Opening) -> int:
    """Write down beside the chain what the case is opened with; how many apply. Raises Rejected("malformed")."""
    dossier = {**dossier_of(opening), "signed": _check_signatures(opening)}
    Dossier.objects.create(case=case, content=vault.lock_json(dossier, place="dossier"))
    claim_files(case, opening.materials, origin=keeper_of(opening))
    return name_applicants(actor, case, opening)


def _check_signatures(opening: Opening) -> str:
    """The digest under which all signatures are; empty where nobody signed.

    What was handed on by another home it has checked itself, and the place has changed since. Raises
    Rejected("malformed") when somebody signed something else than what is applied for.
    """
    digests = {str(party["signed"]["digest"]) for party in opening.parties}
    if not digests:
        return ""
    expected = digests.pop() if opening.predecessor else opening_digest(opening)
    if digests - {expected}:
        raise Rejected("malformed", why="a signature is under another content")
    return expected


def opening_digest(opening: Opening) -> str:
    """What signatures to this opening are under."""
    return signed_digest(
        item=opening.item,
        version=opening.version,
        standard=opening.standard,
        place=opening.place,
        mode=opening.mode,
        applicant=opening.applicant,
        answers=opening.answers,
        materials=opening.materials,
    )


def name_applicants(actor: Actor, case: Case, opening: Opening) -> int:
    """Let all who apply find the case among their own; how many they are. Between organs (协办) there is nobody."""
    if opening.lead or case.applicant is None:
        return 1
    others = co_applicants(opening.parties)
    people = [find_or_create_person(actor, **{name: party[name] for name in IDENTITY}).id for party in others]
    name_parties(case.id, [case.applicant, *people], received_at=case.received_at)
    return 1 + len(others)


def name_parties(case_id: UUID, people: Sequence[UUID], *, received_at: datetime) -> None:
    """The applicant first. A second time changes nothing."""
    Party.objects.bulk_create(
        (Party(case_id=case_id, person=person, no=no, received_at=received_at) for no, person in enumerate(people, 1)),
        ignore_conflicts=True,
    )


def dossier_of(opening: Opening) -> dict[str, Any]:
    return {
        "applicant": dict(opening.applicant),
        "agent": dict(opening.agent) if opening.agent else None,
        "answers": dict(opening.answers),
        "materials": [dict(material) for material in opening.materials],
        "custody": [dict(original) for original in opening.custody],
        "parties": [dict(party) for party in opening.parties],
        "identity_check": dict(opening.identity_check) if opening.identity_check else None,
    }


def _follow(case: Case, opening: Opening, definition: Definition) -> None:
    """The receiving node follows the citizen's case, the lead's node the assist case, the old home the successor.

    Places that the item informs (抄告) follow without having to act.
    """
    wanted = set()
    if opening.lead:
        wanted.add((opening.lead.node, Follows.LEAD))
    else:
        wanted.add((opening.receiving.node, Follows.RECEIVING))
        wanted |= {(node, Follows.INFORMED) for node in informed_nodes(opening, definition)}
    if opening.predecessor:
        wanted.add((opening.predecessor["home"], Follows.PREDECESSOR))
    Follower.objects.bulk_create(
        Follower(case=case, node=node, role=role, since=1) for node, role in wanted if node != settings.NODE
    )


def informed_nodes(opening: Opening, definition: Definition) -> list[str]:
    """Nodes of the places that the item informs, as the answers name them; a place without a node hears nothing."""
    places = [place for field in definition.informs for place in places_in(opening.answers.get(field) or [])]
    nodes = {str(place)[:2] for place in places} - {settings.NODE}
    return sorted(node for node in nodes if is_connected(node))


def keeper_of(opening: Opening) -> str:
    """The node that has the files and lets this one fetch them: the lead, the old home, or where they were received."""
    if opening.lead:
        return opening.lead.node
    return str(opening.predecessor["home"]) if opening.predecessor else opening.receiving.node


def claim_files(case: Case, materials: Sequence[Mapping[str, Any]], *, origin: str) -> None:
    """Name the files of the case, and have those that lie elsewhere fetched from their origin.

    Where they came in they are fetched back after a restore.
    """
    digests = {str(material["digest"]) for material in materials if material.get("digest")}
    for digest in sorted(digests):
        allow(digest, case=case.id, nodes=[origin] if origin != settings.NODE else [])
    if origin != settings.NODE:
        for digest in sorted(missing(digests)):
            want(digest, case=case.id, source_node=origin)


def _first(case: Case, opening: Opening, definition: Definition) -> dict[str, Any]:
    """Members that only the header of step 1 has."""
    return {
        "item": opening.item,
        "version": opening.version,
        "standard": opening.standard,
        "pattern": str(case.pattern),
        "mode": opening.mode,
        "place": opening.place,
        "organ": case.organ,
        "number": case.number,
        "received": received_as_json(opening.receiving),
        "informed": [] if opening.lead else informed_nodes(opening, definition),
        "lead": {"case": str(opening.lead.case), "node": opening.lead.node, "part": opening.lead.part}
        if opening.lead
        else None,
        "predecessor": dict(opening.predecessor) if opening.predecessor else None,
    }
