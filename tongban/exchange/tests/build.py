"""Builders for tests of letters."""

from typing import Any

from django.db import transaction

from tongban.exchange import actions
from tongban.exchange.models import Letter


def a_letter(
    *, kind: str = "greeting", subject: str = "s-1", data: dict[str, Any] | None = None, **more: Any
) -> Letter:
    with transaction.atomic():
        return actions.send(kind=kind, subject=subject, data=data or {"text": "您好"}, **{"receivers": ["31"], **more})
