"""Pages by keyset: `next` names the last entry of a page, and the page after it is found by index, not by counting."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Annotated, Any, Final, TypeVar
from uuid import UUID

from django.db.models import Model, QuerySet
from ninja import Query

from tongban.base.errors import Rejected
from tongban.base.words import say

PAGE: Final = 50
LARGEST: Final = 2**63 - 1

Row = TypeVar("Row", bound=Model)
Cursor = Annotated[str | None, Query(None, pattern=r"^[A-Za-z0-9_-]{1,200}$", description=say("parameter.cursor"))]


def page_of(
    rows: QuerySet[Row] | Sequence[Row], *, show: Callable[[Row], Any], key: Callable[[Row], str], size: int = PAGE
) -> dict[str, Any]:
    """Up to `size` rows as they are shown, and the cursor of the next page or None."""
    found = list(rows[: size + 1])
    following = pack(key(found[size - 1])) if len(found) > size else None
    return {"items": [show(row) for row in found[:size]], "next": following}


def when_and_which(cursor: str | None) -> tuple[datetime, UUID] | None:
    """The key of lists in the order of time. Raises Rejected("no_such_page")."""
    if cursor is None:
        return None
    moment, _, identifier = unpack(cursor).partition("|")
    try:
        at = datetime.fromisoformat(moment)
        if at.tzinfo is None:
            raise ValueError("without a time zone")
        return at, UUID(identifier)
    except ValueError as error:
        raise Rejected("no_such_page") from error


def which(cursor: str | None) -> UUID | None:
    """The key of lists in the order of their ids. Raises Rejected("no_such_page")."""
    try:
        return None if cursor is None else UUID(unpack(cursor))
    except ValueError as error:
        raise Rejected("no_such_page") from error


def number(cursor: str | None, *, most: int = LARGEST) -> int | None:
    """The key of lists in the order of a running number. Raises Rejected("no_such_page")."""
    if cursor is None:
        return None
    text = unpack(cursor)
    if not is_number(text, most=most):
        raise Rejected("no_such_page")
    return int(text)


def is_number(text: str, *, most: int = LARGEST) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 20 and int(text) <= most


def moment_and_id(at: datetime, identifier: UUID) -> str:
    return f"{at.isoformat()}|{identifier}"


def pack(text: str) -> str:
    """An opaque cursor."""
    return urlsafe_b64encode(text.encode()).rstrip(b"=").decode()


def unpack(cursor: str) -> str:
    """What `pack` packed. Raises Rejected("no_such_page")."""
    try:
        return urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode("ascii")
    except ValueError as error:
        raise Rejected("no_such_page") from error
