"""Make the key files that this node lacks; existing ones are never touched."""

import os
import secrets
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from tongban.base.keys import PURPOSES, new_key, read_ring, write_public, write_ring


class Command(BaseCommand):
    help = "Make the missing keys of this node in STATE/keys: signing, lookup, field, session."
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:  # noqa: ARG002
        folder = settings.STATE / "keys"
        for purpose in PURPOSES:
            if not (folder / purpose).exists():
                write_ring(folder, purpose, [new_key(settings.NODE, None)])
                self.stdout.write(f"made {folder / purpose}")
        write_public(folder, read_ring(folder, "signing").keys)
        _make_session_key(folder / "session")


def _make_session_key(path: Path) -> None:
    if not path.exists():
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w") as file:
            file.write(secrets.token_urlsafe(48) + "\n")
