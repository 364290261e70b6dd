"""What the worker does besides sending: its own duties and those the apps have registered."""

import hashlib
import logging
from collections.abc import Callable
from concurrent.futures import Executor, Future

from django.db import DatabaseError, InterfaceError, connection
from django.utils import timezone

from tongban.exchange import actions, queries
from tongban.exchange.registry import Duty

logger = logging.getLogger(__name__)


class DutyRoster:
    """Each duty at its pace and beside the others; one process at a time, by a lock that dies with its process."""

    def __init__(self, pool: Executor, clock: Callable[[], float]) -> None:
        self._pool = pool
        self._clock = clock
        self._due: dict[str, float] = {}
        self._under_way: dict[str, Future[bool]] = {}

    def run(self) -> bool:
        """Start what is due; whether a duty that ended has more to do at once."""
        more = self._collect()
        for duty in list(actions.duties.values()):
            if duty.name not in self._under_way and self._due.get(duty.name, 0.0) <= self._clock():
                self._under_way[duty.name] = self._pool.submit(do, duty)
        return more

    def _collect(self) -> bool:
        more = False
        for name in [name for name, future in self._under_way.items() if future.done()]:
            again = self._under_way.pop(name).result()
            duty = actions.duties.get(name)
            self._due[name] = self._clock() + (0.0 if again or duty is None else duty.every_seconds)
            more = more or again
        return more


def do(duty: Duty) -> bool:
    """Do a duty unless another process is at it; whether it has more to do. A failure is logged, and it comes again.

    A restored node that has still to hear what it forgot does only what brings that about.
    """
    try:
        if queries.is_recovering() and not duty.while_recovering:
            return False
        if not _lock(duty, "pg_try_advisory_lock"):
            return False
        try:
            return duty.work(timezone.now())
        finally:
            _lock(duty, "pg_advisory_unlock")
    except (DatabaseError, InterfaceError):
        logger.exception("duty_failed", extra={"duty": duty.name})
        connection.close()
    except Exception:
        logger.exception("duty_failed", extra={"duty": duty.name})
    return False


def lock_number(duty: Duty) -> int:
    """The number of the duty's advisory lock."""
    return int.from_bytes(hashlib.sha256(f"duty {duty.name}".encode()).digest()[:8], signed=True)


def _lock(duty: Duty, function: str) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {function}(%s)", [lock_number(duty)])
        return bool(cursor.fetchone()[0])
