"""A browser remembers, signed, which accounts were logged in with it: their tries are counted apart."""

import secrets
from typing import Any

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse

from tongban.logins.actions import Origin
from tongban.logins.queries import name_of

COOKIE = f"tongban_device_{settings.NODE}"
SALT = "tongban.web.device"
DAYS = 180
MOST = 12
"""Accounts of one browser: a hall's is used by many."""


def origin_of(request: HttpRequest, username: str) -> Origin:
    """Where a try to log in as this account comes from."""
    device, known = _read(request)
    return Origin(address=address_of(request), device=device if _short(username) in known else "")


def address_of(request: HttpRequest) -> str:
    return str(request.META.get("REMOTE_ADDR", ""))


def remember(request: HttpRequest, response: HttpResponse, username: str) -> None:
    """From now on this browser is known to the account."""
    device, known = _read(request)
    name = _short(username)
    names = [name, *(other for other in known if other != name)][:MOST]
    response.set_cookie(
        COOKIE,
        signing.dumps([device or secrets.token_urlsafe(12), names], salt=SALT),
        max_age=DAYS * 86_400,
        httponly=True,
        secure=settings.SESSION_COOKIE_SECURE,
        samesite="Lax",
    )


def _read(request: HttpRequest) -> tuple[str, list[str]]:
    try:
        found: Any = signing.loads(request.COOKIES.get(COOKIE, ""), salt=SALT, max_age=DAYS * 86_400)
    except signing.BadSignature:
        return "", []
    return str(found[0]), [str(name) for name in found[1]]


def _short(username: str) -> str:
    return name_of("device", username.strip())[:22]
