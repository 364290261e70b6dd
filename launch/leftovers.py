"""What a crash leaves of a database server: processes that still hold the data folder, a pid file of a dead one."""

import contextlib
import os
import signal
from pathlib import Path

from launch.processes import wait_until
from launch.words import Trouble

PROC = Path("/proc")
END_SECONDS = 30


def holders(data: Path) -> list[int]:
    """Living processes that work in the data folder; a zombie holds nothing."""
    if not PROC.exists():
        pid = _written_pid(data)
        return [pid] if pid and _exists(pid) else []
    return [int(entry.name) for entry in PROC.iterdir() if entry.name.isdigit() and _works_in(entry, data)]


def end_leftovers(data: Path, *, number: signal.Signals = signal.SIGINT) -> None:
    """Ask the server that a dead launcher left behind to shut down, wait until the folder is free.

    The caller holds the folder's lock, so no living launcher owns that server. Raises Trouble `database_still_running`.
    """
    found = holders(data)
    if not found:
        return
    leader = _written_pid(data)
    polite = leader in found and number != signal.SIGKILL
    for pid in found:
        if pid == leader or not polite:
            _signal(pid, number)
    if not wait_until(lambda: not holders(data), seconds=END_SECONDS, step=0.05):
        raise Trouble("database_still_running", pid=holders(data), path=data)


def clear_stale_pid_file(data: Path) -> None:
    """Remove the pid file when its number now belongs to a stranger.

    PostgreSQL itself clears the file of a process that is gone (and its shared memory with it), but refuses to start
    when the number was given to another process or a zombie. To be called when nobody holds the folder.
    """
    pid = _written_pid(data)
    if pid is not None and _exists(pid):
        (data / "postmaster.pid").unlink(missing_ok=True)


def _written_pid(data: Path) -> int | None:
    try:
        first = (data / "postmaster.pid").read_text().split("\n")[0].strip()
    except FileNotFoundError:
        return None
    return int(first) if first.isdigit() else None


def _works_in(entry: Path, data: Path) -> bool:
    try:
        state = (entry / "stat").read_text().rpartition(")")[2].split()[0]
        return state not in "ZX" and (entry / "cwd").readlink() == data
    except OSError:
        return False


def _exists(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def _signal(pid: int, number: signal.Signals) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, number)
