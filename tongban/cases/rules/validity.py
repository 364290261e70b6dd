"""Documents of stages that hold for a time only, such as a 准迁证: which are still needed, and which have ended."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from tongban.cases.rules.parts import Part, Parts, PartStatus
from tongban.catalogue.rules.definition import Definition
from tongban.catalogue.rules.flow import Stage

SOON_DAYS = 7


class Hold(StrEnum):
    """How a document stands: holds, ends soon, has ended."""

    HOLDS = "holds"
    SOON = "soon"
    ENDED = "ended"


@dataclass(frozen=True, slots=True)
class Needed:
    """A document with a last day on which a stage that is not decided rests. issuer: the stage that put it out."""

    part: Part
    issuer: Stage
    stage: Stage
    until: date

    @property
    def name(self) -> str:
        return self.issuer.document or self.issuer.name

    def hold(self, today: date) -> Hold:
        return hold_until(self.until, today)


def hold_until(until: date, today: date) -> Hold:
    """It holds through its last day; a week before, in natural days as its holder counts them, it is told of."""
    if today > until:
        return Hold.ENDED
    return Hold.SOON if (until - today).days <= SOON_DAYS else Hold.HOLDS


def needed(parts: Parts, definition: Definition) -> tuple[Needed, ...]:
    """For every stage that is not decided, the documents that it rests on; the one that ends first comes first."""
    waiting = {part.stage for part in parts if part.status is PartStatus.WAITING}
    found = [
        entry for stage in definition.stages if stage.key in waiting for entry in needed_for(stage, parts, definition)
    ]
    return tuple(sorted(found, key=lambda entry: entry.until))


def needed_for(stage: Stage, parts: Parts, definition: Definition) -> tuple[Needed, ...]:
    """Of one stage, in the same order."""
    issuers = {entry.key: entry for entry in definition.stages if entry.key in stage.relies_on}
    found = [
        Needed(part, issuers[part.stage], stage, part.valid_until)
        for part in parts
        if part.stage in issuers and part.valid_until
    ]
    return tuple(sorted(found, key=lambda entry: entry.until))
