"""Child processes that die with the launcher, are killed with everything they started, and write to a log file."""

import contextlib
import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from launch.users import User
from launch.words import last_line

LOG_LIMIT = 20_000_000
GROUP_SECONDS = 0.5
_PR_SET_PDEATHSIG = 1
_LIBC = ctypes.CDLL(None) if sys.platform == "linux" else None

# Linux sends the death signal when the thread that forked ends, so one thread as old as the launcher forks them all.
_STARTER = ThreadPoolExecutor(max_workers=1, thread_name_prefix="starter")


class Child:
    """One running process, leader of its own session.

    log: its output goes there, appended.
    user: whom to become before the program starts; None keeps the launcher's user.
    farewell: the signal that asks it to end, sent by `stop` and by the kernel when the launcher is gone.
    """

    def __init__(
        self,
        command: Sequence[str | Path],
        *,
        log: Path,
        environment: Mapping[str, str],
        folder: Path,
        user: User | None = None,
        farewell: signal.Signals = signal.SIGTERM,
    ) -> None:
        self.log = log
        self.farewell = farewell
        _shorten(log)
        self._process = _STARTER.submit(_start, command, log, environment, folder, user, farewell).result()

    @property
    def pid(self) -> int:
        return self._process.pid

    def alive(self) -> bool:
        return self._process.poll() is None

    def how_it_ended(self) -> str:
        """`exit code 1` or `SIGKILL`, for a sentence."""
        return describe_end(self._process.poll())

    def last_words(self) -> str:
        """The last line of its log."""
        with self.log.open("rb") as file:
            file.seek(max(0, self.log.stat().st_size - 8192))
            return last_line(file.read().decode("utf-8", "replace"))

    def ask_to_stop(self) -> None:
        """Send the farewell without waiting; several children can then end side by side."""
        if self.alive():
            self._process.send_signal(self.farewell)

    def stop(self, *, seconds: float) -> None:
        """Ask it to end; after so many seconds kill it and all it started."""
        self.ask_to_stop()
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(seconds)
        self.kill()

    def kill(self) -> None:
        """SIGKILL to the whole session, at once; returns when it is gone."""
        _signal_group(self.pid, signal.SIGKILL)
        self._process.wait()
        wait_until(lambda: not _signal_group(self.pid, None), seconds=GROUP_SECONDS)


def _start(
    command: Sequence[str | Path],
    log: Path,
    environment: Mapping[str, str],
    folder: Path,
    user: User | None,
    farewell: signal.Signals,
) -> subprocess.Popen[bytes]:
    with log.open("ab") as output:
        return subprocess.Popen(
            [str(part) for part in command],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            cwd=folder,
            env=dict(environment),
            start_new_session=True,
            preexec_fn=_die_with_parent(farewell),
            **(user.as_arguments() if user else {}),
        )


def _signal_group(pid: int, number: signal.Signals | None) -> bool:
    """Tells whether the group has members; zombies that nobody reaps count."""
    try:
        os.killpg(pid, number or 0)
    except ProcessLookupError:
        return False
    return True


def _die_with_parent(number: signal.Signals) -> Callable[[], None]:
    def ask_kernel() -> None:
        if _LIBC is not None:
            _LIBC.prctl(_PR_SET_PDEATHSIG, int(number), 0, 0, 0)

    return ask_kernel


def _shorten(log: Path) -> None:
    if log.exists() and log.stat().st_size > LOG_LIMIT:
        log.replace(log.with_suffix(".old.log"))


def run_in_front(command: Sequence[str | Path], *, environment: Mapping[str, str], folder: Path) -> int:
    """Run with the person's terminal; Ctrl-C reaches it from there, and it is given the time to end by itself.

    A termination of the launcher is passed on as Ctrl-C, so that what runs cleans up behind itself.
    """
    process = subprocess.Popen([str(part) for part in command], cwd=folder, env=dict(environment))
    while True:
        try:
            return process.wait()
        except KeyboardInterrupt:
            continue
        except SystemExit:
            process.send_signal(signal.SIGINT)
            process.wait()
            raise


def describe_end(code: int | None) -> str:
    """A return code of `subprocess` in words."""
    if code is None:
        return "仍在运行"
    return signal.Signals(-code).name if code < 0 else f"退出码 {code}"


def wait_until(ready: Callable[[], bool], *, seconds: float, step: float = 0.02) -> bool:
    """Ask again and again until true or out of time; tells which."""
    end = time.monotonic() + seconds
    while not ready():
        if time.monotonic() > end:
            return False
        time.sleep(step)
    return True
