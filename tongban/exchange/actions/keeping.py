"""Parts after they have arrived: encrypted again under a new field key, erased when their time is over."""

from datetime import datetime

from django.db import transaction
from django.db.models import Model

from tongban.base.actor import Actor, Role
from tongban.base.errors import Rejected
from tongban.exchange import queries, vault
from tongban.exchange.models import Memory, Part

BATCH = 500
LOCKED: tuple[tuple[type[Model], str], ...] = ((Part, "content"), (Memory, "parts"))


@transaction.atomic
def erase_parts(*, before: datetime, most: int) -> list[str]:
    """Erase bodies that travelled beside letters, once their receiver's receipt is older than a moment.

    before: of the receipt. Letters and receipts stay. Returns what was erased, one text each, with the digest of the
    letter that names it.
    """
    found = queries.delivered_parts(before=before)
    rows = list(found.select_for_update(of=("self",), skip_locked=True)[:most])
    named = [f"part {row.letter_id}/{row.receiver}/{row.audience} {row.letter.digest}" for row in rows]
    Part.objects.filter(id__in=[row.id for row in rows]).delete()
    return named


def encrypt_again(actor: Actor) -> int:
    """Put every part under the key in use; returns how many changed. Stopped half-way, it can be run again."""
    if actor.role is not Role.SYSTEM:
        raise Rejected("not_allowed")
    changed = 0
    for model, column in LOCKED:
        rows = model._default_manager
        for key, stored in rows.values_list("pk", column).iterator(BATCH):
            content = vault.renewed(stored)
            if content is not None:
                changed += rows.filter(pk=key, **{column: bytes(stored)}).update(**{column: content})
    return changed
