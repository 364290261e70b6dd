"""The unprivileged user that PostgreSQL runs as when the launcher is root (PostgreSQL refuses root)."""

import os
import pwd
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from launch.words import Trouble

CANDIDATES = ("postgres", "nobody")


@dataclass(frozen=True)
class User:
    """A user to become: numbers of `/etc/passwd`."""

    name: str
    uid: int
    gid: int

    def as_arguments(self) -> dict[str, Any]:
        """For `subprocess`: become this user, in no other groups, leaving nothing readable to others."""
        return {"user": self.uid, "group": self.gid, "extra_groups": [], "umask": 0o077}

    def own(self, folder: Path) -> None:
        """Make the folder, if need be, private to this user."""
        folder.mkdir(parents=True, exist_ok=True)
        os.chown(folder, self.uid, self.gid)
        folder.chmod(0o700)

    def reaches(self, path: Path, *, run: bool = False) -> bool:
        """Whether this user can use a folder, or run a program: asked of the system, as that user."""
        test = "-x" if run or path.is_dir() else "-r"
        answer = subprocess.run(["/bin/sh", "-c", f'test {test} "$1"', "sh", path], cwd="/", **self.as_arguments())
        return answer.returncode == 0


def database_user(data: Path) -> User | None:
    """Whom PostgreSQL runs as; None when the launcher itself is unprivileged.

    An existing data folder keeps its owner, so that a user installed later changes nothing.
    """
    if os.geteuid() != 0:
        return None
    if data.exists() and (owner := data.stat().st_uid) != 0:
        return _user(pwd.getpwuid(owner))
    wanted = os.environ.get("TONGBAN_POSTGRES_USER")
    for name in (wanted,) if wanted else CANDIDATES:
        try:
            return _user(pwd.getpwnam(name))
        except KeyError:
            continue
    raise Trouble("no_unprivileged_user", names=wanted or "、".join(CANDIDATES))


def _user(entry: pwd.struct_passwd) -> User:
    return User(entry.pw_name, entry.pw_uid, entry.pw_gid)
