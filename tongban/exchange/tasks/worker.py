"""The worker of a node: one loop that sends what is due and calls the duties. Any number of them may run.

Kill it at any moment: a lease ends by itself, a letter sent twice gets the same receipt.
"""

import logging
import threading
import time
from collections.abc import Callable
from concurrent.futures import FIRST_COMPLETED, Executor, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field

from django.conf import settings
from django.db import DatabaseError, InterfaceError, close_old_connections

from tongban.base.errors import NotYet
from tongban.exchange import actions, queries
from tongban.exchange.chaos import Chaos
from tongban.exchange.tasks.carrier import Carried, carry
from tongban.exchange.tasks.duties import DutyRoster

logger = logging.getLogger(__name__)

BATCH = 40
PER_PEER = 2
CARRIERS = 16
DUTIES = 3
PAUSE_SECONDS = 0.1
REST_SECONDS = (0.5, 1.0, 2.0, 5.0, 10.0)
LAST_WORDS_SECONDS = 12.0


@dataclass
class _Rest:
    """How long a peer that did not answer is left alone."""

    failures: int = 0
    until: float = 0.0


@dataclass
class Worker:
    """stop: set it, and the loop ends after what is under way."""

    chaos: Chaos = field(default_factory=Chaos)
    stop: threading.Event = field(default_factory=threading.Event)
    clock: Callable[[], float] = time.monotonic

    def __post_init__(self) -> None:
        self._under_way: dict[Future[Carried], str] = {}
        self._resting: dict[str, _Rest] = {}

    def run(self) -> None:
        """Until `stop` is set. A database that is away for a while is waited for."""
        with ThreadPoolExecutor(CARRIERS, "carrier") as pool, ThreadPoolExecutor(DUTIES, "duty") as duties:
            roster = DutyRoster(duties, self.clock)
            while not self.stop.is_set():
                try:
                    moved = self.step(pool, roster)
                except (DatabaseError, InterfaceError) as error:
                    logger.error("database_away", extra={"trouble": type(error).__name__})
                    close_old_connections()
                    self.stop.wait(1.0)
                    continue
                if not moved:
                    self._pause()
            self._finish()

    def step(self, pool: Executor, roster: DutyRoster) -> bool:
        """Claim, hand over, collect, and start the duties that are due; whether anything moved."""
        sent = self._hand_over(pool)
        came = self._collect()
        more = roster.run()
        return bool(sent or came or more)

    def _hand_over(self, pool: Executor) -> int:
        ready = self._ready_peers()
        if not ready:
            return 0
        parcels = actions.claim(ready, most=BATCH, in_order=self.chaos.keeps_order())
        for peer in {parcel.receiver for parcel in parcels}:
            theirs = [parcel for parcel in parcels if parcel.receiver == peer]
            self._under_way[pool.submit(carry, peer, theirs, self.chaos)] = peer
        return len(parcels)

    def _ready_peers(self) -> list[str]:
        try:
            known = queries.directory().nodes
        except NotYet:
            return []
        busy = list(self._under_way.values())
        now = self.clock()
        return [
            code
            for code in known
            if code != settings.NODE
            and busy.count(code) < PER_PEER
            and (code not in self._resting or self._resting[code].until <= now)
        ]

    def _collect(self) -> int:
        done = [future for future in self._under_way if future.done()]
        for future in done:
            peer = self._under_way.pop(future)
            carried = future.result()
            carried.settle()
            self._rest(peer, away=carried.away)
        return len(done)

    def _rest(self, peer: str, *, away: str) -> None:
        if not away:
            self._resting.pop(peer, None)
            return
        rest = self._resting.setdefault(peer, _Rest())
        if rest.failures == 0:
            logger.warning("peer_away", extra={"peer": peer, "trouble": away})
        rest.until = self.clock() + REST_SECONDS[min(rest.failures, len(REST_SECONDS) - 1)]
        rest.failures += 1

    def _pause(self) -> None:
        if self._under_way:
            wait(self._under_way, timeout=PAUSE_SECONDS, return_when=FIRST_COMPLETED)
        else:
            self.stop.wait(PAUSE_SECONDS)

    def _finish(self) -> None:
        wait(self._under_way, timeout=LAST_WORDS_SECONDS)
        self._collect()
