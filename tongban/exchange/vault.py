"""What lies encrypted in this app's tables: parts on their way, under the node's field key."""

from django.conf import settings

from tongban.base import keys

PLACE = "part"


def lock(content: bytes) -> bytes:
    return keys.encrypt(_ring(), content, PLACE)


def unlock(stored: "bytes | memoryview[int]") -> bytes:
    return keys.decrypt(_ring(), bytes(stored), PLACE)


def renewed(stored: "bytes | memoryview[int]") -> bytes | None:
    """The same content under the key in use; None when it lies under it already."""
    return keys.encrypt_again(_ring(), bytes(stored), PLACE)


def _ring() -> keys.Ring:
    return keys.node_ring(settings.STATE / "keys", "field", node=settings.NODE, mode=settings.MODE)
