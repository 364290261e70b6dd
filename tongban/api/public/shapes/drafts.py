from datetime import date, datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from ninja import Schema
from pydantic import Field, StringConstraints

from tongban.api.public.shapes.values import NO_NUL, ItemKey, Line, Number, Strict
from tongban.catalogue.rules.drafting import LONGEST_SAID, LONGEST_TEXT

Text = Annotated[str, StringConstraints(pattern=NO_NUL, max_length=LONGEST_TEXT)]
Said = Annotated[str, StringConstraints(pattern=NO_NUL, max_length=LONGEST_SAID)]
Status = Literal["drafting", "reviewing", "consulting", "scheduled", "published", "withdrawn"]


class BeginStandardIn(Strict):
    item: ItemKey


class StandardTextIn(Strict):
    """text: TOML. seen: the revision, base: the newest version of the province that the writer had before him."""

    text: Text
    seen: Number
    base: Annotated[int, Field(ge=0, le=2**31 - 1)]


class StandardStepIn(Strict):
    """days: working days that the units have. on: the day of publication. answers: number of the step answered."""

    act: Literal["send", "return", "consult", "opine", "record", "deem", "answer", "schedule", "withdraw"]
    seen: Number
    said: Said = ""
    unit: Line = ""
    verdict: Literal["", "agree", "remarks", "object", "adopted", "declined"] = ""
    answers: Number | None = None
    days: Annotated[int, Field(ge=1, le=365)] | None = None
    on: Annotated[str, StringConstraints(pattern=r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$")] | None = None


class UnitPosition(Schema):
    """standing: waiting, overdue, deemed, or the verdict. step: number of the step that spoke."""

    unit: str
    standing: str
    late: bool
    step: int | None
    answer: str | None


class StandardStep(Schema):
    no: int
    act: str
    by: UUID | None
    organ: str
    at: datetime
    said: str
    round: int
    unit: str
    verdict: str
    answers: int | None
    day: date | None


class StandardLine(Schema):
    """base: the version it is to replace, 0 for none. waits: whether the others wait for the caller."""

    id: UUID
    item: str
    name: str
    status: Status
    base: int
    organ: str
    revision: int
    due: date | None
    publish_on: date | None
    version: int | None
    changed_at: datetime
    waits: bool


class StandardDrafts(Schema):
    items: list[StandardLine]
    next: str | None


class TextFault(Schema):
    line: int
    detail: str


class TextChange(Schema):
    path: str
    before: str
    after: str


class StandardDraft(StandardLine):
    """changes: against the version in force, to the letter; null while the text cannot be read.

    content: what was last sent for review. acts: open to the caller now.
    """

    lead: str
    units: list[str]
    text: str
    content: dict[str, Any] | None
    faults: list[TextFault]
    changes: list[TextChange] | None
    positions: list[UnitPosition]
    steps: list[StandardStep]
    acts: list[str]


class StandardMade(Schema):
    id: UUID
    revision: int
    faults: list[TextFault]


class StandardStepMade(Schema):
    id: UUID
    revision: int
    status: Status
    step: int
