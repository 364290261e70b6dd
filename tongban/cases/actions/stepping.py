"""The one place that writes a step: header, bodies, letter and the row of the case, all or nothing."""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.conf import settings

from tongban.base.actor import Actor
from tongban.base.canonical import canonical_json, digest
from tongban.base.times import legal_date, moment
from tongban.calendar.queries import now
from tongban.cases import documents, vault
from tongban.cases.actions.following import let_go, receivers_of
from tongban.cases.actions.projecting import project, project_assists
from tongban.cases.models import Body, Case, Dossier, Follower, Step
from tongban.cases.rules.bodies import AUDIENCES_OF, Audience, Follows, split
from tongban.cases.rules.following import removed
from tongban.cases.rules.parts import stage_of
from tongban.cases.rules.signatures import applicants
from tongban.cases.rules.state import apply, from_json
from tongban.cases.rules.table import Act, Move
from tongban.catalogue.rules.definition import Definition
from tongban.catalogue.rules.flow import Stage
from tongban.catalogue.rules.kinds import Pattern
from tongban.catalogue.rules.taking_part import persons, subject
from tongban.exchange.actions import send
from tongban.exchange.rules import Part
from tongban.orgs.queries import get_organ, place_name

EX_OFFICIO = {
    "acceptance_notice": "initiation_notice",
    "grant_decision": "measure_decision",
    "denial_decision": "end_without_measure",
}
"""What a paper is where nobody applied."""


@dataclass(frozen=True, slots=True)
class Doing:
    """An act about to be recorded. facts go into the header, content into the bodies.

    answers: id of the ask that it answers. day: the legal date where it is not today. first: members of step 1 alone.
    """

    actor: Actor
    move: Move
    definition: Definition
    facts: Mapping[str, Any] = field(default_factory=dict)
    content: Mapping[str, Any] = field(default_factory=dict)
    answers: UUID | None = None
    day: date | None = None
    first: Mapping[str, Any] = field(default_factory=dict)


def append(case: Case, doing: Doing) -> Step:
    """Add the step to the locked case, send it to all followers, and bring the row up to date."""
    at = now()
    day = doing.day or legal_date(at)
    paper = _paper(case, doing, day)
    followers = receivers_of(case, doing.move.act)
    bodies = _bodies(case, doing.content, paper, followers)
    header = {
        **_header(case, doing),
        "legal_date": day.isoformat(),
        "recorded_at": moment(at),
        "bodies": {str(audience): digest(body) for audience, body in bodies.items()},
        "documents": [{"kind": paper.kind, "number": paper.number, "digest": paper.digest}] if paper else [],
        "followers": sorted({follower.node for follower in followers}),
    }
    state = apply(from_json(case.state), header)
    header["removed"] = sorted(removed([(entry.node, Follows(entry.role)) for entry in followers], state))
    step = _sent(case, header, _parts(followers, bodies), at)
    keep_bodies(step, bodies)
    let_go(case, followers, state)
    case.state = state.as_json()
    case.head, case.head_digest = step.no, step.digest
    case.status, case.changed_at, case.erased_at = header["status"], at, None
    project(case, doing.definition)
    case.save()
    project_assists(case)
    return step


def _bodies(
    case: Case, said: Mapping[str, Any], paper: documents.Paper | None, followers: Sequence[Follower]
) -> dict[Audience, bytes]:
    """What the step says to each audience, its document included, as the bytes that are kept and sent."""
    content = dict(said)
    if paper:
        content["document"] = {"kind": paper.kind, "title": paper.title, "number": paper.number, "html": paper.html}
    by_audience = split(
        content,
        pattern=Pattern(case.pattern),
        at_counter=bool(case.receiving_organ),
        informs=any(follower.role == Follows.INFORMED for follower in followers),
    )
    return {audience: canonical_json({"salt": secrets.token_hex(16), **body}) for audience, body in by_audience.items()}


def _sent(case: Case, header: dict[str, Any], parts: Mapping[str, Sequence[Part]], at: datetime) -> Step:
    letter = send(kind="step", subject=str(case.id), data=header, receivers=header["followers"], parts=parts)
    return Step.objects.create(
        case=case,
        no=header["no"],
        act=header["act"],
        letter=letter.id,
        digest=letter.digest,
        header=header,
        recorded_at=at,
    )


def _header(case: Case, doing: Doing) -> dict[str, Any]:
    return {
        "case": str(case.id),
        "no": case.head + 1,
        "prev": case.head_digest or None,
        "act": str(doing.move.act),
        "status": str(doing.move.after or case.status),
        "home": settings.NODE,
        "by": {"role": str(doing.actor.stands_for), "organ": doing.actor.organ, "node": doing.actor.node},
        "facts": dict(doing.facts),
        "answers": str(doing.answers) if doing.answers else None,
        **doing.first,
    }


def keep_bodies(step: Step, bodies: Mapping[Audience, bytes]) -> None:
    Body.objects.bulk_create(
        Body(step=step, audience=audience, content=vault.lock(body, place="body")) for audience, body in bodies.items()
    )


def _parts(followers: list[Follower], bodies: Mapping[Audience, bytes]) -> dict[str, list[Part]]:
    audiences: dict[str, set[Audience]] = {}
    for follower in followers:
        audiences.setdefault(follower.node, set()).update(AUDIENCES_OF[Follows(follower.role)])
    return {
        node: [Part(str(audience), bodies[audience]) for audience in sorted(wanted) if audience in bodies]
        for node, wanted in audiences.items()
    }


def _paper(case: Case, doing: Doing, day: date) -> documents.Paper | None:
    """The document of the turn, of the stage that it ends, or of the question that a refused stage puts to the person;
    between organs (协办) no other paper is written."""
    stage = _stage_with_document(case, doing)
    kind = "stage_document" if stage else "choice_notice" if doing.facts.get("answer_by") else doing.move.document
    if kind is None or (case.pattern == Pattern.ASSIST and doing.move.act is not Act.GRANT):
        return None
    if from_json(case.state).ex_officio:
        kind = EX_OFFICIO.get(kind, kind)
    organ = get_organ(case.organ)
    dossier = vault.unlock_json(Dossier.objects.get(case=case).content, place="dossier")
    return documents.write_paper(
        kind,
        documents.Occasion(
            number=f"{case.number}-{case.head + 1:02d}",
            day=day,
            item=doing.definition,
            organ={"name": organ.name, "address": organ.address, "phone": organ.phone},
            to=_addressed(doing, dossier),
            content=doing.content,
            facts=doing.facts,
            case_number=case.number,
            received_on=legal_date(case.received_at),
            deemed=doing.move.act is Act.DEEM_ACCEPTED,
            stage=stage,
            refused=_refused(case, doing),
        ),
    )


def _refused(case: Case, doing: Doing) -> tuple[documents.Refused, ...]:
    """The stages about which the person is asked, without which the case goes on, or that a grant leaves out."""
    parts = from_json(case.state).parts
    named = doing.facts.get("parts", ()) if doing.move.act is Act.GO_ON else [doing.facts.get("part")]
    if doing.move.act is Act.GRANT:
        named = [part.id for part in parts if part.answered_on]
    return tuple(
        documents.Refused(stage_of(doing.definition, part).name, place_name(part.place) if part.place else "")
        for part in parts
        if part.id in named
    )


def _addressed(doing: Doing, dossier: Mapping[str, Any]) -> documents.Addressed:
    concerned = subject(doing.definition, dossier["answers"])
    return documents.Addressed(
        applicants=tuple(str(who["name"]) for who in applicants(dossier)),
        subject=concerned.name if concerned else "",
        persons=tuple(_persons_decided(doing, dossier["answers"])),
    )


def _persons_decided(doing: Doing, answers: Mapping[str, Any]) -> list[documents.PersonLine]:
    """What a decision says of each person for whom it was filed."""
    if doing.move.act not in (Act.GRANT, Act.DENY):
        return []
    denied = {entry["person"]: str(entry["reason"]) for entry in doing.content.get("denied") or []}
    for_all = str(doing.content.get("reason", "")) if doing.move.act is Act.DENY else None
    found = persons(doing.definition, answers)
    return [documents.PersonLine(person.name, denied.get(person.path, for_all)) for person in found]


def _stage_with_document(case: Case, doing: Doing) -> Stage | None:
    """The stage that this act brings to a good end and that puts out a document of its own, such as a 准迁证."""
    if doing.move.act is Act.PART_DECIDED and "co_case" not in doing.facts and doing.facts["outcome"] != "refused":
        name = str(doing.facts["part"])
    elif doing.move.act is Act.GRANT and case.pattern == Pattern.ASSIST:
        name = case.lead_part
    else:
        return None
    stages = {stage.key: stage for stage in doing.definition.stages if stage.document}
    return stages.get(name.partition("@")[0])
