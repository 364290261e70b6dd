from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

from ninja import Schema
from pydantic import Field, StringConstraints

from tongban.api.public.shapes.applications import Answers, GivenMaterial
from tongban.api.public.shapes.values import ItemKey, Line, Number, Paragraph, Place, PlainObject, Strict
from tongban.cases.rules.table import Act

ActName = Annotated[str, StringConstraints(pattern=f"^({'|'.join(Act)})$")]


class ActIn(Strict):
    """act: a verb of the table of acts. seen: number of the last step that the actor had before him."""

    act: ActName
    seen: Number | None = None
    content: PlainObject = Field(default_factory=dict)


class Concerned(Strict):
    """The person whom a case is about that the authority opens by itself."""

    kind: Line
    name: Line
    id_type: Line
    id_number: Line
    phone: Line = ""


class InitiateIn(Strict):
    """place: of the authority. reason: why it acts, with the provision; the person concerned is told."""

    item: ItemKey
    place: Place
    concerned: Concerned
    answers: Answers = Field(default_factory=dict)
    materials: Annotated[list[GivenMaterial], Field(max_length=100)] = Field(default_factory=list)
    reason: Paragraph


class StepMade(Schema):
    case_id: UUID
    no: int
    act: str
    status: str
    digest: str


class AskMade(Schema):
    case_id: UUID
    act: str
    ask: UUID
    home: str


class Due(Schema):
    """The home's due dates; provisional while the holiday notice of a year is missing."""

    notice: date | None
    decision: date | None
    statutory: date | None
    provisional: bool


class CaseLine(Schema):
    """left_at: since when this node, not being the home, gets no steps of the case any more; null while it does."""

    case_id: UUID
    item: str
    name: str
    pattern: str
    mode: str
    home: str
    place: str
    number: str
    status: str
    status_name: str
    head: int
    received_at: datetime
    changed_at: datetime
    left_at: datetime | None
    due: Due


class Cases(Schema):
    items: list[CaseLine]
    next: str | None


class Document(Schema):
    kind: str
    number: str
    digest: str


class StepShown(Schema):
    """said: what the reader may read of the step's bodies; erased: it has been erased by rule since.

    received: of the first step alone.
    """

    no: int
    act: str
    act_name: str
    status: str
    legal_date: date
    recorded_at: datetime
    by: dict[str, Any]
    facts: dict[str, Any]
    said: dict[str, Any]
    erased: bool
    received: dict[str, Any] | None
    documents: list[Document]
    digest: str


class AskShown(Schema):
    """An ask that waits for the home, or that it rejected."""

    ask: UUID
    act: str
    outcome: str
    reason: str
    detail: str
    made_at: datetime


class Payment(Schema):
    drawn: str
    paid: str | None
    outcome: str
    ordered_at: datetime
    settled_at: datetime | None


class LinkShown(Schema):
    co_case: UUID
    node: str
    needs: str
    on_refusal: str


class Case(CaseLine):
    """state: the fold of the headers. dossier: applicant, answers and materials, for officers of the home.
    supplement: one that waits here for signatures."""

    version: int
    standard: str
    organ: str
    allowed_acts: list[str]
    timeline: list[StepShown]
    state: dict[str, Any]
    asks: list[AskShown]
    dossier: dict[str, Any] | None
    payments: list[Payment]
    links: list[LinkShown]
    supplement: UUID | None
    lead: UUID | None
    predecessor: UUID | None
