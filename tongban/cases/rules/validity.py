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
        if today > self.until:
            return Hold.ENDED
        return Hold.SOON if (self.until - today).days <= SOON_DAYS else Hold.HOLDS

    def days_left(self, today: date) -> int:
        """Natural days, as its holder counts them; 0 on the last day, negative after it."""
        return (self.until - today).days


def needed(parts: Parts, definition: Definition) -> tuple[Needed, ...]:
    """For every stage that is not decided, the documents that it rests on; the one that ends first comes first."""
    waiting = {part.stage for part in parts if part.status is PartStatus.WAITING}
    found = [
        entry for stage in definition.stages if stage.key in waiting for entry in needed_for(stage, parts, definition)
    ]
    return tuple(sorted(found, key=lambda entry: entry.until))


def needed_for(stage: Stage, parts: Parts, definition: Definition) -> tuple[Needed, ...]:
    issuers = {entry.key: entry for entry in definition.stages if entry.key in stage.relies_on}
    return tuple(
        Needed(part, issuers[part.stage], stage, part.valid_until)
        for part in parts
        if part.stage in issuers and part.valid_until
    )


def first_end(parts: Parts, definition: Definition) -> date | None:
    """The first last day among the documents that are still needed."""
    return next((entry.until for entry in needed(parts, definition)), None)
