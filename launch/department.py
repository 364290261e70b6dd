"""The simulator of the departments' own systems: one small program beside the nodes, in demo and test mode."""

import os
from pathlib import Path

from launch.paths import PYTHON, ROOT
from launch.processes import Child
from launch.words import Trouble

STOP_SECONDS = 5


class Department:
    """port: where it answers, on loopback. log: its output; it writes no questions there, they name persons."""

    def __init__(self, port: int, log: Path) -> None:
        self.port = port
        self.log = log
        self._child: Child | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        self.log.parent.mkdir(parents=True, exist_ok=True)
        command: list[str | Path] = [PYTHON, "-m", "simulators.department", str(self.port)]
        self._child = Child(command, log=self.log, environment=dict(os.environ), folder=ROOT)

    def stop(self) -> None:
        if self._child is not None:
            self._child.stop(seconds=STOP_SECONDS)
            self._child = None

    def raise_if_dead(self) -> None:
        """Raises Trouble `department_died` when it ended without being asked."""
        if self._child is not None and not self._child.alive():
            raise Trouble("department_died", how=self._child.how_it_ended(), log=self.log)
