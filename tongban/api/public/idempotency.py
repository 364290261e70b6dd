"""The header Idempotency-Key: the same request under the same key is carried out once and answered alike."""

from collections.abc import Callable
from typing import Annotated

from django.db import transaction
from ninja import Header
from ninja.responses import Status

from tongban.api import actions
from tongban.api.public.door import Call
from tongban.base.canonical import digest
from tongban.base.words import say

Key = Annotated[
    str | None,
    Header(
        None,
        alias="Idempotency-Key",
        pattern=r"^[!-~]{1,100}$",
        description=say("parameter.idempotency_key"),
    ),
]


def once(
    request: Call, key: str | None, do: Callable[[], actions.Given], *, content: str | None = None
) -> Status[object]:
    """Do it, all or nothing, under the key if one was given. content: digest of a body that is not in memory."""
    if key is None:
        with transaction.atomic():
            status, answer = do()
    else:
        status, answer = actions.once(
            request.auth.account,
            route=f"{request.method} {request.path}",
            key=key,
            request=content or digest(request.body),
            do=do,
        )
    return Status(status, answer)
