"""This node's signing key."""

import functools
from pathlib import Path

from django.conf import settings

from tongban.base import keys
from tongban.base.seal import Signer


def signer() -> Signer:
    """The signing key in use; read again when its file changes. Raises tongban.base.keys.NoKey."""
    path = Path(settings.STATE) / "keys" / "signing"
    if not path.exists() and settings.MODE == "test":
        return keys.signer(keys.ring_for_tests(settings.NODE, "signing"))
    return _signer(path, path.stat().st_mtime_ns if path.exists() else 0)


@functools.lru_cache(maxsize=4)
def _signer(path: Path, _changed: int) -> Signer:
    return keys.signer(keys.read_ring(path.parent, "signing"))
