"""Encrypting again what lies encrypted in this app's tables, after a new field key."""

from django.db.models import Model

from tongban.base.actor import Actor, Role
from tongban.base.errors import Rejected
from tongban.cases import vault
from tongban.cases.models import Body, Dossier

BATCH = 500
LOCKED: tuple[tuple[type[Model], str], ...] = ((Body, "body"), (Dossier, "dossier"))


def encrypt_again(actor: Actor) -> int:
    """Put bodies and dossiers under the key in use; returns how many changed. Stopped half-way, it can be run again.

    Each row changes only where it still holds what was read: what was written or erased meanwhile stays as it is.
    """
    if actor.role is not Role.SYSTEM:
        raise Rejected("not_allowed")
    changed = 0
    for model, place in LOCKED:
        rows = model._default_manager
        for key, stored in rows.values_list("pk", "content").iterator(BATCH):
            content = vault.renewed(stored, place=place)
            if content is not None:
                changed += rows.filter(pk=key, content=bytes(stored)).update(content=content)
    return changed
