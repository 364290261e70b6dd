"""This node's signing key."""

import functools
from pathlib import Path

from django.conf import settings

from tongban.base import keys
from tongban.base.seal import Signer


def signer() -> Signer:
    """The signing key in use; read again when its file changes. Raises RuntimeError where there is none."""
    folder = Path(settings.STATE) / "keys"
    return _signer(keys.node_ring(folder, "signing", node=settings.NODE, mode=settings.MODE))


@functools.lru_cache(maxsize=4)
def _signer(ring: keys.Ring) -> Signer:
    return keys.signer(ring)
