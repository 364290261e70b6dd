"""The virtual environment `.venv`: made once, filled by uv from the hashed lock, skipped while the lock is the same."""

import hashlib
import importlib.util
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

from launch.lock import FolderLock
from launch.network import network_of_this_machine
from launch.paths import LOCK, PYTHON, ROOT, VAR, VENV
from launch.words import Trouble, last_line

INSTALL_MB = 900
STAMP = VENV / "installed"


def ensure_environment() -> bool:
    """Make `.venv` what the lock says; tells whether anything had to be done.

    Raises Trouble when Python brings neither venv nor pip, when the disk is full or a package cannot be had.
    """
    if not LOCK.exists():
        raise Trouble("lock_missing", path=LOCK)
    wanted = hashlib.sha256(LOCK.read_bytes()).hexdigest()
    lock = FolderLock(VAR / "install")
    lock.take(seconds=600)
    try:
        if _works() and STAMP.exists() and STAMP.read_text() == wanted:
            return False
        raise_if_little_room(ROOT, INSTALL_MB)
        if not _works():
            _make()
        _install(_uv())
        STAMP.write_text(wanted)
    finally:
        lock.release()
    return True


def raise_if_little_room(path: Path, needed: int) -> None:
    """needed: megabytes. Raises Trouble `disk_full`."""
    free = shutil.disk_usage(path).free // 1_000_000
    if free < needed:
        raise Trouble("disk_full", path=path, free=free, needed=needed)


def lock_entry(name: str) -> str:
    """The lines of one package in the lock, with its hashes."""
    match = re.search(rf"^{re.escape(name)}==.*?(?=^\S|\Z)", LOCK.read_text("utf-8"), re.MULTILINE | re.DOTALL)
    if match is None:
        raise Trouble("lock_missing", path=f"{LOCK.name}: {name}")
    return match.group()


def _works() -> bool:
    """A copied or half-made environment has an interpreter that does not start."""
    if not PYTHON.exists():
        return False
    command: list[str | Path] = [
        PYTHON,
        "-c",
        "import sys; sys.exit(sys.version_info < (3, 11) or sys.prefix == sys.base_prefix)",
    ]
    return subprocess.run(command, capture_output=True).returncode == 0


def _make() -> None:
    if importlib.util.find_spec("venv") is None:
        raise Trouble("venv_missing")
    shutil.rmtree(VENV, ignore_errors=True)
    done = _run([sys.executable, "-m", "venv", "--without-pip", VENV])
    if done.returncode != 0:
        raise Trouble("venv_failed", path=VENV, detail=last_line(done.stderr or done.stdout))


def _uv() -> Path:
    """uv of the version in the lock, brought by whichever pip there is."""
    inside = VENV / "bin" / "uv"
    entry = lock_entry("uv")
    version = entry.split()[0].partition("==")[2]
    for found in (inside, shutil.which("uv")):
        if found and Path(found).exists() and version in _run([found, "--version"]).stdout.split():
            return Path(found)
    with tempfile.NamedTemporaryFile("w", suffix=".txt") as file:
        file.write(entry)
        file.flush()
        quietly = ("--quiet", "--disable-pip-version-check")
        done = _run([*_pip(), "install", *quietly, "--require-hashes", "--no-deps", "-r", file.name])
    if done.returncode != 0 or not inside.exists():
        _raise_install("uv", done.stderr)
    return inside


def _pip() -> list[str | Path]:
    """Debian parts pip and ensurepip from Python; either will do. Raises Trouble `venv_missing`."""
    if importlib.util.find_spec("pip") is not None:
        return [sys.executable, "-m", "pip", "--python", PYTHON]
    if _run([PYTHON, "-m", "ensurepip"]).returncode == 0:
        return [PYTHON, "-m", "pip"]
    raise Trouble("venv_missing")


def _install(uv: Path) -> None:
    done = _run([uv, "pip", "sync", "--quiet", "--require-hashes", "--python", PYTHON, LOCK], network_of_this_machine())
    if done.returncode != 0:
        _raise_install(LOCK.name, done.stderr)


def _raise_install(what: str, errors: str) -> None:
    if "No space left" in errors:
        raise Trouble("no_room", path=ROOT)
    raise Trouble("install_failed", what=what, detail=last_line(errors))


def _run(command: Sequence[str | Path], extra: Mapping[str, str] | None = None) -> subprocess.CompletedProcess[str]:
    environment = {name: value for name, value in os.environ.items() if name not in ("PYTHONHOME", "PYTHONPATH")}
    return subprocess.run(command, cwd=ROOT, env=environment | dict(extra or {}), capture_output=True, text=True)
