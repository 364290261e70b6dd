"""One launcher at a time may use a folder; the lock goes with the process, however it ends."""

import fcntl
import os
from pathlib import Path
from typing import IO

from launch.processes import wait_until
from launch.words import Trouble


class FolderLock:
    """Held from `take` until `release` or the end of the process, kill -9 included."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._file: IO[str] | None = None

    def take(self, *, seconds: float = 0) -> None:
        """Raises Trouble `in_use`, with the holder's process id, when another launcher keeps the folder for longer."""
        if self._file is not None:
            return
        self.folder.mkdir(parents=True, exist_ok=True)
        file = (self.folder / "lock").open("a+")
        if not wait_until(lambda: _locks(file), seconds=seconds, step=0.1):
            file.seek(0)
            holder = file.read().strip() or "?"
            file.close()
            raise Trouble("in_use", path=self.folder, pid=holder)
        file.truncate(0)
        file.write(str(os.getpid()))
        file.flush()
        self._file = file

    def release(self) -> None:
        if self._file is not None:
            self._file.close()
            self._file = None


def _locks(file: IO[str]) -> bool:
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
