"""What follows from an act in the same transaction: rows beside the chain, and what is asked of other cases."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any
from uuid import UUID

from django.conf import settings

from tongban.base.errors import Rejected
from tongban.base.identifiers import tidy
from tongban.base.times import legal_date, moment
from tongban.calendar.queries import now
from tongban.cases import vault
from tongban.cases.actions.opening import claim_files
from tongban.cases.models import Case, Dossier, Link, Money, Step
from tongban.cases.queries.situations import definition_of
from tongban.cases.rules.opening import Lead, Opening, Receiving, as_content
from tongban.cases.rules.parts import PartStatus
from tongban.cases.rules.signatures import co_applicants, signed_digest, unsigned
from tongban.cases.rules.state import from_json
from tongban.cases.rules.table import Act, Status
from tongban.catalogue.rules.taking_part import Standing, answers_at, signers
from tongban.exchange.queries import is_connected
from tongban.files.actions import allow
from tongban.orgs.queries import find_division


@dataclass(frozen=True, slots=True)
class Request:
    """What this case now wants of another one, at this node or elsewhere."""

    case_id: UUID
    home: str
    act: Act
    content: Mapping[str, Any]


Consequence = Callable[[Case, Mapping[str, Any], Mapping[str, Any]], list[Request]]


def follow_up(case: Case, act: Act, content: Mapping[str, Any], facts: Mapping[str, Any]) -> list[Request]:
    """Carry out what the act brings with it here; what it wants elsewhere is returned."""
    consequence = _CONSEQUENCES.get(act)
    return consequence(case, content, facts) if consequence else []


def _assists(case: Case, content: Mapping[str, Any], facts: Mapping[str, Any]) -> list[Request]:
    """Open the assist case of each part whose turn has come, organ to organ."""
    links = facts.get("links", [])
    if not links:
        return []
    dossier = read_dossier(case)
    digests = [material["digest"] for material in dossier["materials"] if material.get("digest")]
    requests = []
    definition = definition_of(case)
    for link in links:
        part = link["part"]
        place = part.partition("@")[2]
        for digest in digests:
            allow(digest, case=UUID(link["co_case"]), nodes=[link["node"]])
        opening = Opening(
            case_id=UUID(link["co_case"]),
            item=case.item,
            version=case.version,
            standard=case.standard,
            place=place,
            mode=case.mode,
            applicant=dossier["applicant"],
            answers=answers_at(definition, dossier["answers"], stage=part.partition("@")[0], place=place),
            materials=dossier["materials"],
            receiving=Receiving(
                node=settings.NODE, place=case.place, organ="", number=case.number, at=now(), channel="organ"
            ),
            lead=Lead(case.id, settings.NODE, part),
        )
        requests.append(Request(opening.case_id, link["node"], Act.OPEN, as_content(opening)))
    return requests


def _supplied(case: Case, content: Mapping[str, Any], facts: Mapping[str, Any]) -> list[Request]:
    if case.status == Status.GRANTED:
        last = Money.objects.filter(case=case).latest("id")
        Money.objects.create(case=case, drawn=last.drawn, ordered_at=now())
    else:
        supplement(case, content)
    return []


def supplement(case: Case, content: Mapping[str, Any]) -> None:
    """Put answers and papers in the place of those before; what was replaced stays on record."""
    dossier = read_dossier(case)
    dossier["answers"] |= content.get("answers") or {}
    new = {material["key"]: material for material in content.get("materials") or []}
    replaced = [material for material in dossier["materials"] if material["key"] in new]
    kept = [material for material in dossier["materials"] if material["key"] not in new]
    dossier["materials"] = kept + list(new.values())
    dossier["replaced"] = dossier.get("replaced", []) + replaced
    _sign_again(case, dossier, content)
    Dossier.objects.filter(case=case).update(content=vault.lock_json(dossier, place="dossier"))
    claim_files(case, list(new.values()), origin=case.receiving_node)


def _sign_again(case: Case, dossier: dict[str, Any], content: Mapping[str, Any]) -> None:
    """Where the item has a supplement signed again, nothing of it counts before all have.

    Who applies stays who applied: with others it is another application. Raises Rejected("signatures_missing"),
    ("parties_changed").
    """
    definition = definition_of(case)
    wanted = signers(definition, dossier["answers"], on=legal_date(case.received_at))
    applying = {tidy(str(party["id_number"])) for party in co_applicants(dossier.get("parties") or [])}
    if applying != {tidy(entry.person.number) for entry in wanted if entry.standing is Standing.CO_APPLICANT}:
        raise Rejected("parties_changed")
    if not wanted or not definition.parties or not definition.parties.signs_supplements:
        return
    named = {name: getattr(case, name) for name in ("item", "version", "standard", "place", "mode")}
    whole = {name: dossier[name] for name in ("applicant", "answers", "materials")}
    parties, expected = content.get("parties") or [], signed_digest(**named, **whole)
    if missing := unsigned(wanted, dossier["applicant"], parties, expected):
        raise Rejected("signatures_missing", count=len(missing))
    dossier["parties"], dossier["signed"] = list(parties), expected


def _granted(case: Case, content: Mapping[str, Any], facts: Mapping[str, Any]) -> list[Request]:
    if facts.get("money"):
        try:
            drawn = Decimal(content["amount"]).quantize(Decimal("0.01"))
        except InvalidOperation as error:
            raise Rejected("invalid", fields={"amount": "not_money"}) from error
        if not drawn.is_finite() or not 0 < drawn < Decimal("1e12") or str(drawn) != content["amount"]:
            raise Rejected("invalid", fields={"amount": "not_money"})
        Money.objects.create(case=case, drawn=drawn, ordered_at=now())
    return []


def _delivered(case: Case, content: Mapping[str, Any], facts: Mapping[str, Any]) -> list[Request]:
    if facts["event"] == "delivery":
        return []
    order = Money.objects.filter(case=case).latest("id")
    order.settled_at = now()
    order.outcome = "arrived" if facts["event"] == "money_arrived" else "bounced"
    order.paid = order.drawn if order.outcome == "arrived" else None
    order.save()
    return []


def _withdrawn(case: Case, content: Mapping[str, Any], facts: Mapping[str, Any]) -> list[Request]:
    """The co-cases have lost their purpose; their homes are asked to end them, where they are not decided already."""
    parts = from_json(case.state).parts
    waiting = [part.co_case for part in parts if part.co_case and part.status is PartStatus.WAITING]
    links = Link.objects.filter(case=case, co_case__in=waiting).order_by("id")
    return [Request(link.co_case, link.node, Act.WITHDRAW, {"reason": "lead_ended"}) for link in links]


def _transferred(case: Case, content: Mapping[str, Any], facts: Mapping[str, Any]) -> list[Request]:
    """The successor opens with the predecessor's head and the original day of receipt."""
    _check_connected(content["place"])
    opening = _successor(case, UUID(facts["successor"]), str(content["place"]))
    home = opening.place[:2]
    for material in opening.materials:
        if material.get("digest"):
            allow(material["digest"], case=opening.case_id, nodes=[home])
    return [*_withdrawn(case, content, facts), Request(opening.case_id, home, Act.OPEN, as_content(opening))]


def _successor(case: Case, case_id: UUID, place: str) -> Opening:
    dossier = read_dossier(case)
    received = Step.objects.get(case=case, no=1).header["received"]
    return Opening(
        case_id=case_id,
        item=case.item,
        version=case.version,
        standard=case.standard,
        place=place,
        mode=case.mode,
        applicant=dossier["applicant"],
        agent=dossier["agent"],
        answers=dossier["answers"],
        materials=dossier["materials"],
        custody=dossier["custody"],
        parties=dossier.get("parties", ()),
        identity_check=dossier.get("identity_check"),
        receiving=Receiving(
            node=received["node"],
            place=received["place"],
            organ=received["organ"],
            number=received["number"],
            at=case.received_at,
            channel=received["channel"],
        ),
        predecessor={
            "case": str(case.id),
            "home": settings.NODE,
            "head": case.head_digest,
            "received_on": legal_date(case.received_at).isoformat(),
            "at": moment(now()),
        },
    )


def _check_connected(place: str) -> None:
    """A case is handed on only to where somebody takes it."""
    if find_division(place) is None:
        raise Rejected("invalid", fields={"place": "not_a_place"})
    if not is_connected(place[:2]):
        raise Rejected("invalid", fields={"place": "place_not_connected"})


def read_dossier(case: Case) -> dict[str, Any]:
    content: dict[str, Any] = vault.unlock_json(Dossier.objects.get(case=case).content, place="dossier")
    return content


_CONSEQUENCES: dict[Act, Consequence] = {
    Act.ACCEPT: _assists,
    Act.DEEM_ACCEPTED: _assists,
    Act.PART_DECIDED: _assists,
    Act.GO_ON: _assists,
    Act.RENEW: _assists,
    Act.REOPEN: _assists,
    Act.SUPPLY: _supplied,
    Act.GRANT: _granted,
    Act.DELIVER: _delivered,
    Act.WITHDRAW: _withdrawn,
    Act.RECALL: _withdrawn,
    Act.DENY: _withdrawn,
    Act.TRANSFER: _transferred,
}
