"""The parts of a case: each stage of the flow at one place, whose turn it is, and what a step makes of them."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from typing import Any

from tongban.catalogue.rules.definition import Definition
from tongban.catalogue.rules.flow import Stage
from tongban.catalogue.rules.kinds import StageKind

WAITING_STAGES = frozenset({StageKind.PUBLICITY, StageKind.COOLING})


class PartStatus(StrEnum):
    WAITING = "waiting"
    DONE = "done"
    PARTIAL = "partial"
    REFUSED = "refused"


DECIDED_WELL = frozenset({PartStatus.DONE, PartStatus.PARTIAL})


@dataclass(frozen=True, slots=True)
class Part:
    """A stage of the flow at one place; a stage over several places has several parts.

    id: "<stage>" at the home, "<stage>@<division>" elsewhere. opened_on: when its turn came. node: where it lies.
    valid_until: last day of the document that it put out. answer_by: where its refusal was put to the person, the last
    day that he was told; answered_on: when that question was settled.
    """

    id: str
    stage: str
    status: PartStatus = PartStatus.WAITING
    opened_on: date | None = None
    decided_on: date | None = None
    co_case: str | None = None
    node: str | None = None
    valid_until: date | None = None
    answer_by: date | None = None
    answered_on: date | None = None

    @property
    def place(self) -> str:
        """Division code of the other place; empty at the home."""
        return self.id.partition("@")[2]


Parts = tuple[Part, ...]
Facts = Mapping[str, Any]
DAYS = ("opened_on", "decided_on", "valid_until", "answer_by", "answered_on")


def stored_part(stored: Mapping[str, Any]) -> Part:
    days = {name: read_date(stored.get(name)) for name in DAYS}
    return Part(**{**stored, **days, "status": PartStatus(stored["status"])})


def stage_of(definition: Definition, part: Part) -> Stage:
    return next(stage for stage in definition.stages if stage.key == part.stage)


def asked(parts: Parts) -> Parts:
    """Those whose refusal the person has been asked about and has not answered."""
    return tuple(part for part in parts if part.answer_by and part.answered_on is None)


def current(parts: Parts) -> Parts:
    """Those whose turn it is: of the first stage that is not decided; of none after a stage about which he is asked."""
    waiting = [part for part in parts if part.status is PartStatus.WAITING]
    questions = {part.stage for part in asked(parts)}
    if not waiting or (questions and waiting[0].stage not in questions):
        return ()
    return tuple(part for part in waiting if part.stage == waiting[0].stage)


def decided(parts: Parts, facts: Facts, day: date) -> Parts:
    def change(part: Part) -> Part:
        return replace(
            part,
            status=PartStatus(facts["outcome"]),
            decided_on=day,
            valid_until=read_date(facts.get("valid_until")),
            answer_by=read_date(facts.get("answer_by")),
        )

    return tuple(change(part) if part.id == facts["part"] else part for part in parts)


def answered(parts: Parts, facts: Facts, day: date) -> Parts:
    return tuple(replace(part, answered_on=day) if part.id in facts["parts"] else part for part in parts)


def renewed(parts: Parts, facts: Facts) -> Parts:
    """The part is to be done again; the stages after it wait, and their time begins anew when their turn comes."""
    found: list[Part] = []
    stage = next((part.stage for part in parts if part.id == facts["part"]), None)
    after = False
    for part in parts:
        after = after or part.id == facts["part"]
        if part.id == facts["part"]:
            found.append(Part(part.id, part.stage, node=part.node))
        elif after and part.status is PartStatus.WAITING and part.stage != stage:
            found.append(replace(part, opened_on=None))
        else:
            found.append(part)
    return tuple(found)


def undone(parts: Parts) -> Parts:
    """The parts after a reopening: what was done stays done, what was refused or left open is to be done again."""
    return tuple(part if part.status in DECIDED_WELL else Part(part.id, part.stage, node=part.node) for part in parts)


def turned(parts: Parts, facts: Facts, day: date) -> Parts:
    """Note the opening of the parts whose turn it now is, and the co-cases opened for them."""
    links = {link["part"]: link["co_case"] for link in facts.get("links", ())}
    day = read_date(facts.get("opened_on")) or day
    open_now = {part.id for part in current(parts)}
    return tuple(
        replace(part, opened_on=part.opened_on or day, co_case=links.get(part.id, part.co_case))
        if part.id in open_now
        else part
        for part in parts
    )


def read_date(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
