"""How far the plays are: a bar on a terminal, a line for each tenth elsewhere."""

import sys
import threading
import time
from typing import TextIO

WIDTH = 40


class Progress:
    def __init__(self, total: int, *, out: TextIO = sys.stderr) -> None:
        self._total = total
        self._out = out
        self._done = self._failed = self._tenths = 0
        self._began = time.monotonic()
        self._door = threading.Lock()

    def advance(self, *, failed: bool) -> None:
        with self._door:
            self._done += 1
            self._failed += failed
            self._show()

    def _show(self) -> None:
        text = f"{self._done}/{self._total}, 未通过 {self._failed}, {time.monotonic() - self._began:.0f} 秒"
        if self._out.isatty():
            filled = WIDTH * self._done // max(1, self._total)
            end = "\n" if self._done == self._total else ""
            print(f"\r[{'#' * filled}{'-' * (WIDTH - filled)}] {text}", end=end, file=self._out, flush=True)
            return
        tenths = 10 * self._done // max(1, self._total)
        if tenths > self._tenths:
            self._tenths = tenths
            print(text, file=self._out, flush=True)
