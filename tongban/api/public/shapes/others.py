from typing import Annotated, Any

from ninja import Schema
from pydantic import Field

from tongban.api.public.shapes.values import Strict

MOST_DAYS = 3660


class FileKept(Schema):
    digest: str
    size: int


class Clock(Strict):
    """How far the demo clock is moved on."""

    days: Annotated[int, Field(ge=0, le=MOST_DAYS)] = 0
    hours: Annotated[int, Field(ge=0, le=24 * MOST_DAYS)] = 0


class ClockShown(Schema):
    today: str


class AuditedLine(Schema):
    case_id: str
    home: str
    head: int
    head_digest: str


class AuditedCases(Schema):
    items: list[AuditedLine]
    next: str | None


class AuditedCase(Schema):
    """steps: signed letters with the bodies held here, base64url; receipts: counter-signatures; files: digests.

    erased_at: when bodies and files were erased by rule, null while they are kept. lost: number and audience of what a
    restore has taken from this node.
    """

    steps: list[dict[str, Any]]
    receipts: list[dict[str, Any]]
    files: list[str]
    erased_at: str | None
    lost: list[dict[str, Any]]


class AuditedLetters(Schema):
    """Letters sent (with receiver and, once it has come, receipt) and heard (with our receipt)."""

    items: list[dict[str, Any]]
    next: str | None
