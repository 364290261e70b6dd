"""Log-ins of programs, and requests that are carried out once however often they come."""

import json
import secrets
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from tongban.api.models import Answer, Token
from tongban.base.actor import Actor
from tongban.base.canonical import digest
from tongban.base.errors import Rejected
from tongban.logins.actions import Origin, come_in

TOKEN_HOURS: Final = 12
KEY_DAYS: Final = 7
TOKEN_BYTES: Final = 32

Given = tuple[int, Mapping[str, Any]]
"""Status and JSON object of an answer."""


def open_token(actor: Actor, *, username: str, password: str, origin: Origin) -> tuple[str, Token]:
    """A bearer token for a log-in; it ends by itself after twelve hours.

    Raises Rejected("login_paused"), ("login_failed"), ("code_expired"), ("code_only_for_choosing").
    """
    account = come_in(actor, username=username, password=password, origin=origin)
    if account.code_until is not None:
        raise Rejected("code_only_for_choosing")
    text = secrets.token_urlsafe(TOKEN_BYTES)
    at = timezone.now()
    token = Token.objects.create(
        digest=digest(text.encode()), account=account, made_at=at, expires_at=at + timedelta(hours=TOKEN_HOURS)
    )
    return text, token


def close_token(text: str) -> None:
    """From now on the token opens nothing; closing it twice changes nothing."""
    Token.objects.filter(digest=digest(text.encode())).delete()


@transaction.atomic
def once(account: UUID, *, route: str, key: str, request: str, do: Callable[[], Given]) -> Given:
    """Do it, or answer as before when the same request came under the same key; what was refused is tried again.

    request: digest of the body. Raises Rejected("key_reused") for another body under the key, and what `do` raises.
    """
    row, is_new = Answer.objects.select_for_update().get_or_create(
        account_id=account, route=route, key=key, defaults={"request": request, "made_at": timezone.now()}
    )
    if not is_new:
        if row.request != request:
            raise Rejected("key_reused", fields={"Idempotency-Key": "key_reused"})
        return row.status, json.loads(row.body)
    row.status, content = do()
    row.body = json.dumps(content, ensure_ascii=False)
    row.save(update_fields=["status", "body"])
    return row.status, content


def forget_old(now: datetime) -> bool:
    """Remove log-ins that have ended and answers that nobody asks for again."""
    Token.objects.filter(expires_at__lt=now).delete()
    Answer.objects.filter(made_at__lt=now - timedelta(days=KEY_DAYS)).delete()
    return False
