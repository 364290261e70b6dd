from datetime import date, datetime
from typing import Any

from ninja import Schema


class Item(Schema):
    """defined: whether the asked province has published a standard; provinces: all that have, as far as known here."""

    key: str
    name: str
    batch: int
    number: int
    scenario: str
    lead_unit: str
    cooperating_units: str
    deadline: date | None
    state: str
    defined: bool
    provinces: list[str]


class Items(Schema):
    items: list[Item]
    next: str | None


class Standard(Schema):
    """A version of a province's standard.

    definition: the content whose canonical JSON has the digest; its facts name their sources. In demo and test mode it
    has examples of complete answers. heard_at: when this node learned of another province's version.
    """

    key: str
    province: str
    version: int
    status: str
    digest: str
    effective_from: date | None
    withdrawn_on: date | None
    published_at: datetime | None
    heard_at: datetime | None
    definition: dict[str, Any]


class Agreement(Schema):
    """A version of an agreement. signed: the nodes that have signed it; content: as it was signed."""

    key: str
    version: int
    name: str
    digest: str
    starts: date
    until: date | None
    signed: list[str]
    content: dict[str, Any]


class Agreements(Schema):
    items: list[Agreement]


class Way(Schema):
    """Whether a person at a place may be served for an authority elsewhere; why: code, reason: sentence.

    opens: the day on which applications are taken again, where they are taken in windows only.
    """

    allowed: bool
    modes: list[str]
    rights: list[str]
    agreement: str | None
    why: str
    reason: str
    opens: str | None
