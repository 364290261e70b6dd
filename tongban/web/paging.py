"""Pages of a list: by keyset for what grows, by number for the catalogue, which does not."""

import base64
import binascii
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlencode
from uuid import UUID

from tongban.base.errors import Rejected

PAGE = 20


@dataclass(frozen=True, slots=True)
class Pager:
    """Addresses of the neighbouring pages, empty where there is none."""

    previous: str = ""
    next: str = ""


def cursor_of(at: datetime, row: UUID) -> str:
    return base64.urlsafe_b64encode(f"{at.isoformat()} {row}".encode()).decode().rstrip("=")


def read_cursor(text: str) -> tuple[datetime, UUID] | None:
    """Raises Rejected("not_found") for a cursor that no page of ours gave out."""
    if not text:
        return None
    try:
        at, row = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)).decode().split(" ")
        return datetime.fromisoformat(at), UUID(row)
    except (ValueError, binascii.Error) as error:
        raise Rejected("not_found") from error


def numbered(path: str, facts: dict[str, str], page: int, *, more: bool) -> Pager:
    def address(number: int) -> str:
        return f"{path}?{urlencode({**facts, 'page': number} if number > 1 else facts)}"

    return Pager(address(page - 1) if page > 1 else "", address(page + 1) if more else "")
