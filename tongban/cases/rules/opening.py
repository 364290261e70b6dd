"""What a case begins with, and how it travels in the body of an ask."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from tongban.base.errors import Rejected
from tongban.base.times import moment, parse_moment
from tongban.cases.rules.contents import read_material, read_party


@dataclass(frozen=True, slots=True)
class Receiving:
    """收件: which node and organ took the papers in, when, and under which 收件编号. organ is empty for a portal.

    place: 12-digit division of the counter, for a portal that of the applicant.
    """

    node: str
    place: str
    organ: str
    number: str
    at: datetime
    channel: str


@dataclass(frozen=True, slots=True)
class Lead:
    """The case that this one assists, and the part of it that is decided here."""

    case: UUID
    node: str
    part: str


@dataclass(frozen=True, slots=True)
class Opening:
    """Everything a case begins with. standard: the province whose version of the item it follows.

    applicant: kind, name, id_type, id_number, phone. materials: key, digest, name, size, media_type, original.
    identity_check: way, officer, organ, at, note of the counter that saw the person; None for a portal.
    parties: who signed, the applicant included, and what (`rules.signatures`); empty where he alone applies.
    """

    case_id: UUID
    item: str
    version: int
    standard: str
    place: str
    mode: str
    applicant: Mapping[str, Any]
    answers: Mapping[str, Any]
    materials: Sequence[Mapping[str, Any]]
    receiving: Receiving
    agent: Mapping[str, Any] | None = None
    lead: Lead | None = None
    predecessor: Mapping[str, Any] | None = None
    custody: Sequence[Mapping[str, Any]] = field(default_factory=tuple)
    identity_check: Mapping[str, Any] | None = None
    parties: Sequence[Mapping[str, Any]] = field(default_factory=tuple)


def as_content(opening: Opening) -> dict[str, Any]:
    """The form in which an opening travels; `read_opening` is its inverse."""
    lead = opening.lead
    return {
        "item": opening.item,
        "version": opening.version,
        "standard": opening.standard,
        "place": opening.place,
        "mode": opening.mode,
        "applicant": dict(opening.applicant),
        "agent": dict(opening.agent) if opening.agent else None,
        "answers": dict(opening.answers),
        "materials": [dict(material) for material in opening.materials],
        "custody": [dict(original) for original in opening.custody],
        "identity_check": dict(opening.identity_check) if opening.identity_check else None,
        "parties": [dict(party) for party in opening.parties],
        "received": received_as_json(opening.receiving),
        "lead": {"case": str(lead.case), "node": lead.node, "part": lead.part} if lead else None,
        "predecessor": dict(opening.predecessor) if opening.predecessor else None,
    }


def received_as_json(receiving: Receiving) -> dict[str, str]:
    return {
        "node": receiving.node,
        "place": receiving.place,
        "organ": receiving.organ,
        "number": receiving.number,
        "at": moment(receiving.at),
        "channel": receiving.channel,
    }


def read_opening(case_id: UUID, content: Mapping[str, Any]) -> Opening:
    """Raises Rejected("malformed") when another node's ask lacks something or has it in another form."""
    try:
        received, lead = content["received"], content["lead"]
        return Opening(
            case_id=case_id,
            item=_text(content["item"], 40),
            version=_number(content["version"]),
            standard=_text(content["standard"], 2),
            place=_text(content["place"], 12),
            mode=_text(content["mode"], 16),
            applicant=_applicant(content["applicant"]),
            agent=_object(content["agent"]) if content.get("agent") else None,
            answers=_object(content["answers"]),
            materials=[read_material(material) for material in content["materials"]],
            custody=[_original(original) for original in content.get("custody", [])],
            identity_check=_object(content["identity_check"]) if content.get("identity_check") else None,
            parties=[read_party(party) for party in content.get("parties") or []],
            receiving=Receiving(
                node=_text(received["node"], 2),
                place=_text(received["place"], 12),
                organ=_text(received["organ"], 18, empty=True),
                number=_text(received["number"], 50, empty=True),
                at=parse_moment(received["at"]),
                channel=_text(received["channel"], 16),
            ),
            lead=Lead(UUID(lead["case"]), _text(lead["node"], 2), _text(lead["part"], 80)) if lead else None,
            predecessor=_predecessor(content["predecessor"]) if content.get("predecessor") else None,
        )
    except (KeyError, TypeError, ValueError) as error:
        raise Rejected("malformed", why=f"opening: {error}"[:200]) from error


def _applicant(value: Any) -> dict[str, Any]:
    found = _object(value)
    return {
        "kind": _text(found["kind"], 20),
        "name": _text(found["name"], 200),
        "id_type": _text(found["id_type"], 20),
        "id_number": _text(found["id_number"], 40),
        "phone": _text(found["phone"], 20) if found.get("phone") else None,
    }


def _original(value: Any) -> dict[str, Any]:
    found = _object(value)
    texts = {name: _text(found.get(name) or "", 60, empty=True) for name in ("material", "number", "waybill")}
    return {**texts, "count": _number(found["count"])}


def _predecessor(value: Any) -> dict[str, Any]:
    found = _object(value)
    UUID(found["case"])
    return {name: _text(found[name], 64) for name in ("case", "home", "head", "received_on", "at")}


def _text(value: Any, most: int, *, empty: bool = False) -> str:
    if not isinstance(value, str) or len(value) > most or not (value or empty) or "\x00" in value:
        raise ValueError(f"a text of at most {most} characters is expected")
    return value


def _number(value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not 0 < value < 2**31:
        raise ValueError("a positive number is expected")
    return value


def _object(value: Any) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise ValueError("an object is expected")
    return value
