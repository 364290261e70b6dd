"""What lies encrypted in this app's tables: bodies and dossiers, under the node's field key."""

from typing import Any

from django.conf import settings

from tongban.base import keys
from tongban.base.canonical import canonical_json, parse_json


def lock(content: bytes, *, place: str) -> bytes:
    """Encrypt for one place ("body", "dossier"); bytes of one place do not open in another."""
    return keys.encrypt(_ring(), content, place)


def unlock(stored: "bytes | memoryview[int]", *, place: str) -> bytes:
    return keys.decrypt(_ring(), bytes(stored), place)


def renewed(stored: "bytes | memoryview[int]", *, place: str) -> bytes | None:
    """The same content under the key in use; None when it lies under it already."""
    return keys.encrypt_again(_ring(), bytes(stored), place)


def lock_json(value: Any, *, place: str) -> bytes:
    return lock(canonical_json(value), place=place)


def unlock_json(stored: "bytes | memoryview[int]", *, place: str) -> Any:
    return parse_json(unlock(stored, place=place), most_bytes=4_000_000)


def _ring() -> keys.Ring:
    return keys.node_ring(settings.STATE / "keys", "field", node=settings.NODE, mode=settings.MODE)
