"""Encrypting again what lies encrypted in this app's tables, after a new field key."""

from django.db.models import Model

from tongban.base.actor import Actor, Role
from tongban.base.errors import Rejected
from tongban.cases import vault
from tongban.cases.models import Body, Dossier

BATCH = 500
LOCKED: tuple[tuple[type[Model], str], ...] = ((Body, "body"), (Dossier, "dossier"))


def encrypt_again(actor: Actor) -> int:
    """Put bodies and dossiers under the key in use; returns how many changed. Stopped half-way, it can be run again."""
    if actor.role is not Role.SYSTEM:
        raise Rejected("not_allowed")
    return sum(renew(model, place=place) for model, place in LOCKED)


def renew(model: type[Model], *, place: str) -> int:
    """Put the column `content` of a table under the key in use; returns how many rows changed.

    Each row changes only where it still holds what was read: what was written or erased meanwhile stays as it is.
    """
    rows, changed = model._default_manager, 0
    for key, stored in rows.exclude(content=b"").values_list("pk", "content").iterator(BATCH):
        content = vault.renewed(stored, place=place)
        if content is not None:
            changed += rows.filter(pk=key, content=bytes(stored)).update(content=content)
    return changed
