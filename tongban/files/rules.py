"""What may be kept as a file."""

from typing import Final

from tongban.base.errors import Rejected

MOST_BYTES: Final = 20_000_000
DIGEST_CHARACTERS: Final = 64

BEGINNINGS: Final[dict[str, tuple[bytes, ...]]] = {
    "application/pdf": (b"%PDF-",),
    "image/jpeg": (b"\xff\xd8\xff",),
    "image/png": (b"\x89PNG\r\n\x1a\n",),
    "application/zip": (b"PK\x03\x04",),
    "application/json": (),
    "text/plain": (),
    "text/html": (),
}


def check_content(beginning: bytes, size: int, media_type: str) -> None:
    """Known type, not empty, not larger than 20 MB, beginning as its type begins.

    Raises Rejected("file_type", "file_empty", "file_too_large" or "file_differs").
    """
    if media_type not in BEGINNINGS:
        raise Rejected("file_type", media_type=media_type[:60])
    if size == 0:
        raise Rejected("file_empty")
    if size > MOST_BYTES:
        raise Rejected("file_too_large", most=MOST_BYTES // 1_000_000)
    signs = BEGINNINGS[media_type]
    if signs and not beginning.startswith(signs):
        raise Rejected("file_differs", media_type=media_type)


def is_digest(text: str) -> bool:
    return len(text) == DIGEST_CHARACTERS and set(text) <= set("0123456789abcdef")
