"""收件编号: on every paper that a counter or a portal hands out."""

from collections.abc import Iterable

from django.conf import settings
from django.db import connection

from tongban.base.times import legal_date
from tongban.calendar.queries import now
from tongban.cases.rules.memory import running_numbers
from tongban.exchange import actions as exchange

SERIES = "applications_number"
RECEIVED, RETURNED = "S", "T"


def next_number(letter: str) -> str:
    """A letter for the kind of paper, the node, the date, and a number that runs on.

    Raises NotYet("recovering") on a node just restored, which may have given the next numbers already.
    """
    exchange.check_may_write()
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval('applications_number')")
        running = cursor.fetchone()[0]
    return f"{letter}{settings.NODE}{legal_date(now()):%Y%m%d}{running:07d}"


def go_on_above(numbers: Iterable[str]) -> None:
    """After a restore: go on above these, which peers have shown; those between are named as lost."""
    exchange.go_on_above(SERIES, running_numbers(numbers, before=f"{RECEIVED}{settings.NODE}"))
