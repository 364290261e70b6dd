from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from ninja import Schema
from pydantic import Field

from tongban.api.public.shapes.applications import Answers
from tongban.api.public.shapes.values import Digest, ItemKey, Line, Number, Place, Strict

EVENT = r"^[a-z0-9_]{1,40}$"
EventKey = Annotated[str, Field(pattern=EVENT)]


class Event(Schema):
    """Something in life for which several items are done at once. items: of its parts, in their order."""

    key: str
    version: int
    name: str
    summary: str
    items: list[str]


class Events(Schema):
    items: list[Event]


class EventDefinition(Schema):
    """The bundle as its file says it: questions, parts, what is done elsewhere; in demo and test mode with examples."""

    key: str
    version: int
    definition: dict[str, Any]


class GivenPaper(Strict):
    """key: of a paper of the bundle, or "part.material" for one that a single part wants."""

    key: Line
    digest: Digest
    name: Line


class BundleContent(Strict):
    """Answers by the questions of the bundle; "part.question" for what is asked under a part. seen: as elsewhere."""

    answers: Answers = Field(default_factory=dict)
    papers: Annotated[list[GivenPaper], Field(max_length=100)] = Field(default_factory=list)
    seen: Number | None = None


class BundleDraft(BundleContent):
    """place: where the person is."""

    event: EventKey
    place: Place


class Decision(Strict):
    """go_on: hand it in although the part before it failed, or try again. let_go: give it up."""

    do: Literal["go_on", "let_go"]


class Wanted(Schema):
    """A paper that these answers call for. parts: for which it is."""

    key: str
    name: str
    parts: list[str]
    required: bool
    shared: bool
    given: bool


class Prospect(Schema):
    """What becomes of a part: open, apart (why: reason code), skipped, or unknown before its place is said."""

    part: str
    item: ItemKey
    place: str
    fate: str
    why: str


class BundleKept(Schema):
    """faults: what would stand in the way of handing it in: "answers.x", "materials.y" or "parts" -> reason code."""

    bundle_id: UUID
    revision: int
    prospects: list[Prospect]
    papers: list[Wanted]
    faults: dict[str, str]


class PartShown(Schema):
    """state: skipped, apart, waiting, asked, made, refused or let_go. case_id: of its application and case.

    application: state of its application; status: of its case; both null as long as there is none.
    """

    part: str
    item: str
    place: str
    state: str
    after: str
    why: str
    case_id: UUID | None
    application: str | None
    status: str | None


class BundleLine(Schema):
    bundle_id: UUID
    event: str
    version: int
    name: str
    state: str
    to_decide: bool
    changed_at: datetime
    submitted_at: datetime | None


class Bundles(Schema):
    items: list[BundleLine]
    next: str | None


class BundleShown(BundleLine):
    """A draft with what was filled in and what of it is missing; one handed in with its parts."""

    place: str
    revision: int
    answers: dict[str, Any]
    prospects: list[Prospect]
    papers: list[Wanted]
    faults: dict[str, str]
    parts: list[PartShown]
