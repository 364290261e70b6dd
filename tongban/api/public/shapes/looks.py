from datetime import datetime

from ninja import Schema


class Look(Schema):
    """One look at one's own data: when, in what role and at which organ, at what and for what purpose."""

    at: datetime
    role: str
    organ: str
    case_id: str | None
    what: str
    purpose: str


class Looks(Schema):
    items: list[Look]
    next: str | None


class CaseLook(Schema):
    """One look at a case, at this node or another. organ: its name; officer: a mark by which the node finds him."""

    at: datetime
    node: str
    role: str
    organ: str
    officer: str
    what: str
    purpose: str


class NodeAsked(Schema):
    """Another node that holds something of the case.

    answered: to the last question; answered_at: when it answered last; more: it has more to tell, ask again.
    """

    node: str
    answered: bool
    answered_at: datetime | None
    more: bool


class CaseLooks(Schema):
    items: list[CaseLook]
    nodes: list[NodeAsked]
    next: str | None
