"""Failures on purpose while cases are played: processes killed, the database killed, nodes away for a while.

Lost, repeated, reordered and delayed letters are switches of the workers' environment.
"""

import random
import threading
import time
from collections.abc import Callable

from launch.federation import Federation

PAUSE = (2.0, 5.0)
AWAY = (4.0, 8.0)


def switches(seed: int) -> dict[str, str]:
    """Environment of the nodes' processes: 15 % of receipts lost, letters repeated, late and out of order."""
    return {
        "TONGBAN_CHAOS_DROP_RECEIPTS": "0.15",
        "TONGBAN_CHAOS_REPEAT": "0.10",
        "TONGBAN_CHAOS_REORDER": "0.10",
        "TONGBAN_CHAOS_DELAY": "0.30",
        "TONGBAN_CHAOS_SEED": str(seed),
    }


class Chaos:
    """Breaks one thing at a time and mends it, from `begin` to `end`."""

    def __init__(self, federation: Federation, *, seed: int) -> None:
        self.done: dict[str, int] = {}
        self.trouble: Exception | None = None
        self._federation = federation
        self._random = random.Random(f"chaos/{seed}")
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._run, name="chaos", daemon=True)

    def begin(self) -> None:
        self._thread.start()

    def end(self) -> None:
        """Everything runs again when it returns. Raises what went wrong while mending."""
        self._over.set()
        self._thread.join()
        if self.trouble is not None:
            raise self.trouble
        self._federation.wait_until_healthy()

    def _run(self) -> None:
        deeds: list[Callable[[], None]] = [self._kill_web, self._kill_worker, self._kill_database, self._send_away]
        turn = 0
        while not self._over.wait(self._random.uniform(*PAUSE)):
            deed = deeds[turn] if turn < len(deeds) else self._random.choice(deeds)
            turn += 1
            try:
                deed()
            except Exception as error:
                self.trouble = error
                return
            name = deed.__name__.removeprefix("_")
            self.done[name] = self.done.get(name, 0) + 1

    def _kill_web(self) -> None:
        node = self._any_node()
        self._federation.kill(node, "web")
        self._federation.restart(node, "web")

    def _kill_worker(self) -> None:
        node = self._any_node()
        self._federation.kill(node, "worker")
        self._federation.restart(node, "worker")

    def _kill_database(self) -> None:
        self._federation.kill_database()
        time.sleep(self._random.uniform(0.2, 1.0))
        self._federation.restart_database()
        self._federation.wait_until_healthy()

    def _send_away(self) -> None:
        node = self._any_node()
        self._federation.stop(node)
        time.sleep(self._random.uniform(*AWAY))
        self._federation.restart(node)

    def _any_node(self) -> str:
        return self._random.choice(sorted(self._federation.nodes))
