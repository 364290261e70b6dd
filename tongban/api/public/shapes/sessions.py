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
