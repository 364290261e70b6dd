"""How moments and legal dates are written."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

CHINA = ZoneInfo("Asia/Shanghai")


def moment(at: datetime) -> str:
    """RFC 3339 in UTC with milliseconds: 2026-11-23T10:00:00.000Z."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.") + f"{at.microsecond // 1000:03d}Z"


def parse_moment(text: str) -> datetime:
    """The inverse of `moment`; raises ValueError on any other form."""
    return datetime.strptime(text, "%Y-%m-%dT%H:%M:%S.%fZ").replace(tzinfo=UTC)


def legal_date(at: datetime) -> date:
    """The calendar date in China on which a moment lies."""
    return at.astimezone(CHINA).date()
