from datetime import datetime

from ninja import Schema

from tongban.api.public.shapes.values import Line, Strict


class LogIn(Strict):
    username: Line
    password: Line


class Session(Schema):
    """token: to be sent as `Authorization: Bearer <token>` until expires_at."""

    token: str
    expires_at: datetime


class Myself(Schema):
    name: str
    role: str
    organ: str | None
    node: str


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
