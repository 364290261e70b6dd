from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from ninja import Schema
from pydantic import AfterValidator, Field

from tongban.api.public.shapes.values import (
    ASCII,
    Digest,
    ItemKey,
    Line,
    LongText,
    Number,
    Paragraph,
    Place,
    Province,
    Strict,
    ascii_keys,
)

Choices = Annotated[list[Line], Field(max_length=200)]
Person = Annotated[dict[Literal["name", "id_number", "relation", "place"], Line], Field(max_length=4)]
People = Annotated[list[Person], Field(max_length=500)]
AnswerText = LongText | Choices | People | None
Answers = Annotated[
    dict[str, AnswerText],
    AfterValidator(ascii_keys),
    Field(json_schema_extra={"propertyNames": {"pattern": ASCII}}),
]


class Identity(Strict):
    """The applicant as a clerk types him in. way: how the clerk made sure who stands before him."""

    kind: Line
    name: Line
    id_type: Line
    id_number: Line
    phone: Line = ""
    way: Literal["card_seen", "card_read", "face_compared", "company_papers", "other"] = "card_seen"
    note: Line = ""


class GivenMaterial(Strict):
    """original: at a counter, that the original was seen, and where the item demands it, is held from now on."""

    key: Line
    digest: Digest
    name: Line
    original: bool = False


class Draft(Strict):
    """place: where the matter lies, known at the latest from the answers; receiving_place: where the applicant is."""

    item: ItemKey
    province: Province
    version: Number | None = None
    place: Place | None = None
    receiving_place: Place | None = None
    mode: Literal["online", "counter", "joint"] | None = None
    channel: Literal["online", "counter"] | None = None
    answers: Answers = Field(default_factory=dict)
    materials: Annotated[list[GivenMaterial], Field(max_length=100)] = Field(default_factory=list)
    applicant: Identity | None = None
    seen: Number | None = None


class Submission(Strict):
    """seen: the revision that the person had before him."""

    seen: Number | None = None


class Return(Strict):
    reason: Paragraph


class CustodyMove(Strict):
    event: Literal["custody_taken", "custody_sent", "custody_arrived", "custody_returned"]
    material: Line
    count: Annotated[int, Field(ge=1, le=99)] = 1
    waybill: Line = ""


class Kept(Schema):
    """faults: what would stand in the way of handing it in now: "answers.x" or "materials.y" -> reason code."""

    case_id: UUID
    revision: int
    receipt_number: str | None
    faults: dict[str, str]


class Submitted(Schema):
    """The case opened here: number and digest of its first step. cases: all that were made of it, this one first."""

    case_id: UUID
    receipt_number: str
    no: int
    digest: str
    cases: list[UUID]


class Asked(Schema):
    """The home is another node: ask is the id of the letter that it answers with a step or a signed refusal."""

    case_id: UUID
    receipt_number: str
    ask: UUID
    cases: list[UUID]


class Check(Schema):
    key: str
    name: str
    required: bool
    original: bool
    compare: bool
    shared: bool
    standard: str
    given: bool


class Original(Schema):
    number: str
    material: str
    count: int
    place: str
    waybill: str
    taken_at: datetime
    changed_at: datetime


class ApplicationLine(Schema):
    """registered: whether the home has opened the case; until then it stands at 待对方登记."""

    case_id: UUID
    item: str
    place: str
    mode: str
    channel: str
    state: str
    receipt_number: str | None
    changed_at: datetime
    submitted_at: datetime | None
    registered: bool


class Applications(Schema):
    items: list[ApplicationLine]
    next: str | None


class Application(ApplicationLine):
    """What was filled in so far, and what the counter's checklist says of it. erased: by rule, since it was sent.

    moved: of a draft, whether its item has a newer version beside this one, only a newer one, or takes nothing now.
    """

    version: int
    moved: Literal["newer", "replaced", "closed"] | None
    province: str
    receiving_place: str
    revision: int
    answers: dict[str, Any]
    materials: list[dict[str, Any]]
    erased: bool
    checklist: list[Check]
    custody: list[Original]
    faults: dict[str, str]
