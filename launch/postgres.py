"""An embedded PostgreSQL cluster: one private folder, one socket, no network, gone when the launcher is gone."""

import hashlib
import os
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote

from launch.leftovers import clear_stale_pid_file, end_leftovers
from launch.lock import FolderLock
from launch.paths import SHARED
from launch.processes import Child, wait_until
from launch.programs import find_programs, plain_environment
from launch.users import User, database_user
from launch.words import Trouble, error_line

SUPERUSER = "postgres"
SOCKET_PATH_LIMIT = 100
START_SECONDS = 60
STOP_SECONDS = 60

# Only what a power cut would need: a kill -9 in the middle of a page or after a commit must still lose nothing.
NOT_DURABLE = {"fsync": "off"}
SETTINGS = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "max_connections": "400",
    "shared_buffers": "128MB",
    "max_wal_size": "2GB",
    "jit": "off",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "lc_messages": "C",
    "log_min_messages": "warning",
    "log_checkpoints": "off",
}


class Cluster:
    """A cluster in a folder of its own.

    folder: made when missing; holds the lock, the log and, where the database's user can reach it, the data.
    durable: False only for data that may be lost with the machine (tests): no fsync.
    Only the launcher's user, the database's user and root can connect: the socket lies in a folder with mode 0700.
    """

    def __init__(self, folder: Path, *, durable: bool = True) -> None:
        self.folder = folder.resolve()
        self.durable = durable
        self.log = self.folder / "postgres.log"
        self.user: User | None = None
        self._lock = FolderLock(self.folder)
        self._server: Child | None = None
        self._home = self.folder / "cluster"
        self._programs = find_programs()

    @property
    def data(self) -> Path:
        return self._home / "data"

    @property
    def socket(self) -> Path:
        """The folder of the socket; elsewhere when its path would be longer than the system allows."""
        near = self._home / "socket"
        if len(str(near)) <= SOCKET_PATH_LIMIT:
            return near
        return Path(tempfile.gettempdir()) / f"tongban-{_short(near)}"

    def start(self) -> None:
        """Make what is missing, clear what a crash left, start and wait until it answers. Raises Trouble."""
        self._lock.take()
        try:
            self._settle()
            self._create()
            end_leftovers(self.data)
            clear_stale_pid_file(self.data)
            self._launch()
        except BaseException:
            self.stop()
            raise

    @contextmanager
    def at_hand(self) -> Iterator[None]:
        """Answering while the block runs: the server that another launcher runs, or one started for it."""
        self._settle()
        if self._answers():
            yield
            return
        self.start()
        try:
            yield
        finally:
            self.stop()

    def stop(self) -> None:
        """A fast shutdown; the data folder is consistent and free afterwards."""
        if self._server is not None:
            self._server.stop(seconds=STOP_SECONDS)
            self._server = None
        self._lock.release()

    def kill(self) -> None:
        """kill -9 of the server and every backend, as a crash would; `start` recovers."""
        if self._server is not None:
            self._server.kill()
            self._server = None
        end_leftovers(self.data, number=signal.SIGKILL)
        self._lock.release()

    def alive(self) -> bool:
        return self._server is not None and self._server.alive()

    def how_it_ended(self) -> str:
        return self._server.how_it_ended() if self._server else "未启动"

    def destroy(self) -> None:
        """Stop and remove every file of it. Raises Trouble `in_use` when it is another launcher's."""
        self._lock.take()
        self._settle()
        self.stop()
        for folder in (self.folder, self._home, self.socket):
            shutil.rmtree(folder, ignore_errors=True)

    def copy_from(self, other: "Cluster") -> None:
        """Take the data of another cluster; both are stopped, this one has no data yet."""
        self._lock.take()
        self._settle()
        other._settle()
        subprocess.run(["cp", "-a", other.data, self.data], check=True)

    def url(self, database: str, *, role: str = SUPERUSER) -> str:
        """A connection address as libpq and `DATABASE_URL` take it."""
        return f"postgresql://{role}@/{database}?host={quote(str(self.socket), safe='')}"

    def run(self, program: str, *arguments: str | Path, stdin: str | None = None) -> str:
        """A program of PostgreSQL, its output as text. Raises Trouble `database_command_failed`."""
        return self._programs.run(program, *arguments, stdin=stdin)

    def sql(self, statement: str, *, database: str = "postgres", role: str = SUPERUSER) -> list[str]:
        """Run SQL statements outside a transaction; rows come back as text, columns parted by a bar."""
        options = ["-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-d", self.url(database, role=role), "-f", "-"]
        return self.run("psql", *options, stdin=statement).splitlines()

    def _settle(self) -> None:
        """Choose user, home of the data and programs: all three must be within the user's reach."""
        near = self.folder / "cluster"
        near.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._home = near
        self.user = database_user(self.data)
        if self.user is None:
            return
        self.user.own(near)
        if not self.user.reaches(near):
            SHARED.mkdir(mode=0o711, parents=True, exist_ok=True)
            self._home = SHARED / f"cluster-{_short(self.folder)}"
            self.user = database_user(self.data) or self.user
            self.user.own(self._home)
        self._programs = self._programs.reachable_by(self.user)

    def _create(self) -> None:
        """initdb in a folder beside, then one rename: a crash in the middle leaves nothing that looks finished."""
        version = self.data / "PG_VERSION"
        if version.exists():
            found = version.read_text().strip()
            if found != str(self._programs.major):
                path = self.data
                raise Trouble("database_other_version", path=path, found=found, programs=self._programs.major)
            return
        for unfinished in self._home.glob("new-*"):
            shutil.rmtree(unfinished)
        new = self._home / f"new-{os.getpid()}"
        command = [
            self._programs.path("initdb"),
            *self._programs.locale(),
            *("-D", new, "-U", SUPERUSER, "-E", "UTF8", "--auth=trust", "--no-instructions"),
            *(() if self.durable else ("--no-sync",)),
        ]
        with self.log.open("a") as log:
            done = subprocess.run(
                command, capture_output=True, text=True, cwd=self._home, env=plain_environment(), **self._become()
            )
            log.write(done.stdout + done.stderr)
        if done.returncode != 0:
            if "No space left" in done.stderr:
                raise Trouble("no_room", path=self._home)
            raise Trouble("database_initdb_failed", detail=error_line(done.stderr), log=self.log)
        new.rename(self.data)

    def _launch(self) -> None:
        self._own_socket_folder()
        settings = SETTINGS | {"unix_socket_directories": str(self.socket)} | ({} if self.durable else NOT_DURABLE)
        options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
        self._server = Child(
            [self._programs.path("postgres"), "-D", self.data, *options],
            log=self.log,
            environment=plain_environment(),
            folder=self._home,
            user=self.user,
            farewell=signal.SIGINT,
        )
        if wait_until(lambda: self._answers() or not self.alive(), seconds=START_SECONDS) and self.alive():
            return
        detail = self._server.last_words()
        if "No space left" in detail:
            raise Trouble("no_room", path=self.data)
        raise Trouble("database_not_starting", detail=detail, log=self.log)

    def _answers(self) -> bool:
        command: list[str | Path] = [self._programs.path("pg_isready"), "-q", "-h", self.socket, "-d", "postgres"]
        return subprocess.run(command, env=plain_environment()).returncode == 0

    def _own_socket_folder(self) -> None:
        """Private to the database's user; a folder of that name made by someone else is not accepted."""
        owner = self.user.uid if self.user else os.geteuid()
        self.socket.mkdir(mode=0o700, exist_ok=True)
        if self.user and self.socket.stat().st_uid == 0:
            self.user.own(self.socket)
        if self.socket.is_symlink() or self.socket.stat().st_uid != owner:
            raise Trouble("database_not_starting", detail=f"{self.socket} 不属于数据库用户", log=self.log)
        self.socket.chmod(0o700)

    def _become(self) -> dict[str, Any]:
        return self.user.as_arguments() if self.user else {"umask": 0o077}


def _short(path: Path) -> str:
    return hashlib.sha256(str(path).encode()).hexdigest()[:12]
