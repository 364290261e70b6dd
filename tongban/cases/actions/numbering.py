"""办件编号: the number that the home gives in step 1, and how it goes on after a restore."""

from collections.abc import Iterable
from datetime import date

from django.conf import settings
from django.db import connection

from tongban.cases.rules.memory import running_numbers
from tongban.exchange import actions as exchange

SERIES = "cases_number"


def running_number(organ: str, item: str, day: date) -> str:
    """The 办件编号 by default: node, date and a number that runs on. At most 50 characters, unique at the home.

    Raises NotYet("recovering") on a node just restored, which may have given the next numbers already.
    """
    del organ, item
    exchange.check_may_write()
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval('cases_number')")
        number = cursor.fetchone()[0]
    return f"{settings.NODE}{day:%Y%m%d}{number:07d}"


def go_on_above(numbers: Iterable[str]) -> None:
    """After a restore: go on above these, which peers have shown; those between are named as lost."""
    exchange.go_on_above(SERIES, running_numbers(numbers, before=settings.NODE))
