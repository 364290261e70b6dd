"""What lies encrypted in this app's tables, under the node's field key."""

from typing import Any

from django.conf import settings

from tongban.base import keys
from tongban.base.canonical import canonical_json, parse_json

PLACE = "bundle"


def lock_json(value: Any) -> bytes:
    return keys.encrypt(_ring(), canonical_json(value), PLACE)


def unlock_json(stored: "bytes | memoryview[int]") -> Any:
    return parse_json(keys.decrypt(_ring(), bytes(stored), PLACE), most_bytes=4_000_000)


def renewed(stored: "bytes | memoryview[int]") -> bytes | None:
    """The same content under the key in use; None when it lies under it already."""
    return keys.encrypt_again(_ring(), bytes(stored), PLACE)


def _ring() -> keys.Ring:
    return keys.node_ring(settings.STATE / "keys", "field", node=settings.NODE, mode=settings.MODE)
