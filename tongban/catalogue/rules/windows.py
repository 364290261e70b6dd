"""When applications of an item are taken: all year, or in windows that may differ by place."""

from datetime import date, timedelta

from tongban.catalogue.rules.definition import Definition, Window

LEAP_YEAR = 2024
LONGEST_WAIT = 366


def read_day(text: str) -> date | None:
    """A day written "YYYY-MM-DD", or "MM-DD" of any year; None when it is neither."""
    try:
        return date.fromisoformat(text if len(text) == len("2024-02-29") else f"{LEAP_YEAR}-{text}")
    except ValueError:
        return None


def windows_at(definition: Definition, place: str) -> tuple[Window, ...]:
    """The windows that hold at the place: those that name it, or else those that name no place."""
    named = tuple(window for window in definition.windows if window.places and place.startswith(window.places))
    return named or tuple(window for window in definition.windows if not window.places)


def is_open(definition: Definition, place: str, on: date) -> bool:
    """Whether an application at the place is taken on the day. A place that no window names is closed all year."""
    if not definition.windows:
        return True
    return any(_lies_in(window, on) for window in windows_at(definition, place))


def next_opening(definition: Definition, place: str, on: date) -> date | None:
    """The first day from `on` on which applications are taken again; None when there is none within a year."""
    days = (on + timedelta(days=n) for n in range(LONGEST_WAIT + 1))
    return next((day for day in days if is_open(definition, place, day)), None)


def _lies_in(window: Window, on: date) -> bool:
    if len(window.opens) == len("2024-02-29"):
        return window.opens <= on.isoformat() <= window.closes
    day = f"{on:%m-%d}"
    if window.opens <= window.closes:
        return window.opens <= day <= window.closes
    return day >= window.opens or day <= window.closes
