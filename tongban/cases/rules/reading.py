"""Reading what an act says: a text that must be there, one of a few choices, a number of days."""

from collections.abc import Mapping
from typing import Any

from tongban.base.errors import Rejected


def text(content: Mapping[str, Any], field: str, *, most: int = 2000) -> str:
    """Raises Rejected("invalid")."""
    value = content.get(field)
    if not isinstance(value, str) or not value.strip():
        raise Rejected("invalid", fields={field: "required"})
    if len(value) > most:
        raise Rejected("invalid", fields={field: "too_long"})
    return value.strip()


def choice(content: Mapping[str, Any], field: str, allowed: tuple[str, ...]) -> str:
    """Raises Rejected("invalid")."""
    value = content.get(field)
    if value not in allowed:
        raise Rejected("invalid", fields={field: "not_a_choice"})
    return str(value)


def count_of_days(content: Mapping[str, Any], field: str, *, most: int) -> int:
    """Raises Rejected("invalid")."""
    value = content.get(field)
    if isinstance(value, bool) or not isinstance(value, int) or not 1 <= value <= most:
        raise Rejected("invalid", fields={field: "days_out_of_range"})
    return value
