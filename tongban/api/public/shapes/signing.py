from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from ninja import Schema
from pydantic import Field

from tongban.api.public.shapes.values import Digest, Line, Number, PlainObject, Strict


class AskIn(Strict):
    """seen: the revision that the person had before him."""

    seen: Number | None = None


class SignatureIn(Strict):
    """digest: of what was shown, by one's own log-in; party, way: who stands before the clerk, and how he is known.

    id_number: from his card, for what another has received.
    """

    digest: Digest | None = None
    party: Annotated[int, Field(ge=1, le=200)] | None = None
    way: Literal["card_seen", "card_read", "face_compared", "company_papers", "other"] = "card_seen"
    note: Line = ""
    id_number: Line = ""


class Signer(Schema):
    """state: waiting, signed, or void when the content has changed since."""

    no: int
    name: str
    standing: str
    state: str
    digest: str
    way: str
    signed_at: datetime | None


class Signers(Schema):
    matter: UUID
    signers: list[Signer]


class ToSignLine(Schema):
    matter: UUID
    state: str
    standing: str
    asked_at: datetime


class ToSign(Schema):
    items: list[ToSignLine]
    next: str | None


class Matter(Schema):
    """The whole of what is signed. changed: of a supplement, what is new in it."""

    matter: UUID
    case_id: UUID
    item: str
    name: str
    place: str
    mode: str
    number: str
    applicant: str
    answers: dict[str, Any]
    materials: list[dict[str, Any]]
    changed: dict[str, Any] | None
    digest: str
    state: str


class SupplementIn(Strict):
    seen: Number | None = None
    content: PlainObject = Field(default_factory=dict)


class Supplement(Schema):
    """It waits here for signatures; nothing has gone to the home."""

    case_id: UUID
    supplement: UUID
    signers: list[Signer]
