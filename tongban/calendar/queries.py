"""What day it is, and which days are worked. No actor: a calendar is public."""

import threading
from datetime import UTC, date, datetime, timedelta

from django.conf import settings
from django.db.models import QuerySet

from tongban.base.times import legal_date
from tongban.calendar.models import Day, TestClock, Version
from tongban.calendar.rules import Days

_cache: dict[str, tuple[int, Days]] = {}
_lock = threading.Lock()


def now() -> datetime:
    """The moment at this node, in UTC; ahead of the real one by the test clock's offset in demo and test mode only."""
    return datetime.now(UTC) + (_offset() if settings.DEMO else timedelta(0))


def today() -> date:
    """The calendar date in China on which the node stands now."""
    return legal_date(now())


def days() -> Days:
    """The calendar, read again only when it has changed (one row tells)."""
    number = version()
    with _lock:
        found = _cache.get("days")
        if found is None or found[0] != number:
            found = _cache["days"] = (number, _read())
    return found[1]


def version() -> int:
    """Rises whenever the calendar changes: who keeps due dates computes them again when it differs."""
    return Version.objects.filter(id=1).values_list("number", flat=True).first() or 0


def special_days(*, year: int) -> QuerySet[Day]:
    """The days of a year that differ from the ordinary week, in order."""
    return Day.objects.filter(date__year=year).order_by("date")


def _offset() -> timedelta:
    return TestClock.objects.filter(id=1).values_list("offset", flat=True).first() or timedelta(0)


def _read() -> Days:
    rows = list(Day.objects.values_list("date", "year", "is_workday", "provisional"))
    return Days(
        holidays=frozenset(day for day, _, worked, _ in rows if not worked),
        workdays=frozenset(day for day, _, worked, _ in rows if worked),
        noticed_years=frozenset(year for _, year, _, provisional in rows if not provisional),
    )
