"""One node of a federation on this machine: its folder, its environment, its commands, its two processes."""

import http.client
import os
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from launch.paths import PYTHON, ROOT, STATIC
from launch.processes import Child, wait_until
from launch.words import Trouble, raised_line

HUB = "00"
Part = Literal["web", "worker"]
PARTS: tuple[Part, ...] = ("web", "worker")
PART_NAMES = {"web": "网站进程", "worker": "后台进程"}
STOP_SECONDS = 15
WEB_THREADS = 8
ANSWER_SECONDS = 10


@dataclass
class Node:
    """What differs between nodes.

    code: province code, "34"; the hub is "00".
    app_url, owner_url: addresses of its database for the program and for migrations.
    extra: environment of the caller's own, such as the switches of a rehearsed failure.
    """

    code: str
    port: int
    mode: str
    state: Path
    app_url: str
    owner_url: str
    extra: Mapping[str, str] = field(default_factory=dict)
    children: dict[Part, Child] = field(default_factory=dict)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def folder(self) -> Path:
        """keys/, files/ and the logs."""
        return self.state / "nodes" / self.code

    def log(self, part: Part | Literal["commands"]) -> Path:
        return self.folder / f"{part}.log"

    def environment(self, *, owner: bool = False) -> dict[str, str]:
        """For its processes; the owner's address is for migrations only."""
        own = {
            "DJANGO_SETTINGS_MODULE": "tongban.settings",
            "TONGBAN_NODE": self.code,
            "TONGBAN_MODE": self.mode,
            "TONGBAN_STATE": str(self.folder),
            "TONGBAN_DIRECTORY": str(self.state / "directory.json"),
            "DATABASE_URL": self.app_url,
            "PYTHONUNBUFFERED": "1",
            "PYTHONUTF8": "1",
        }
        if owner:
            own["DATABASE_OWNER_URL"] = self.owner_url
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("PG", "DATABASE_"))}
        return kept | own | dict(self.extra)

    def command(self, *arguments: str, owner: bool = False) -> str:
        """`manage.py` for this node; its output. Raises Trouble `command_failed`."""
        self.folder.mkdir(parents=True, exist_ok=True)
        done = subprocess.run(
            [PYTHON, "manage.py", *arguments],
            cwd=ROOT,
            env=self.environment(owner=owner),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            start_new_session=True,
        )
        with self.log("commands").open("a", encoding="utf-8") as log:
            log.write(f"$ {' '.join(arguments)}\n{done.stdout}{done.stderr}")
        if done.returncode != 0:
            if "No space left" in done.stderr:
                raise Trouble("no_room", path=self.folder)
            detail = raised_line(done.stderr or done.stdout)
            log_path = self.log("commands")
            raise Trouble("command_failed", node=self.code, command=arguments[0], detail=detail, log=log_path)
        return done.stdout

    def start(self, part: Part) -> None:
        """Start the process; does not wait until it answers."""
        environment = self.environment() | ({"TONGBAN_POOL": str(WEB_THREADS)} if part == "web" else {})
        command: list[str | Path] = self._web_command() if part == "web" else [PYTHON, "manage.py", "work"]
        self.children[part] = Child(command, log=self.log(part), environment=environment, folder=ROOT)

    def stop(self, part: Part) -> None:
        if child := self.children.pop(part, None):
            child.stop(seconds=STOP_SECONDS)

    def kill(self, part: Part) -> None:
        """kill -9 of the process and everything it started."""
        if child := self.children.pop(part, None):
            child.kill()

    def wait_until_healthy(self, *, seconds: float) -> None:
        """Until `/healthz` answers 200. Raises Trouble `child_died` or `node_silent`."""
        answers: list[str] = []

        def ready() -> bool:
            self.raise_if_dead()
            answers.append(ask(self.port, "/healthz"))
            return answers[-1] == "200"

        if not wait_until(ready, seconds=seconds, step=0.05):
            url = self.url + "/healthz"
            log = self.log("web")
            raise Trouble("node_silent", node=self.code, seconds=seconds, url=url, detail=answers[-1], log=log)

    def raise_if_dead(self) -> None:
        """Raises Trouble `child_died` for a process that ended without being asked."""
        for part, child in self.children.items():
            if not child.alive():
                raise Trouble(
                    "child_died",
                    node=self.code,
                    what=PART_NAMES[part],
                    how=f"{child.how_it_ended()}，{child.last_words()}",
                    log=child.log,
                )

    def _web_command(self) -> list[str | Path]:
        options = {
            "--interface": "wsgi",
            "--host": "127.0.0.1",
            "--port": str(self.port),
            "--http": "1",
            "--workers": "1",
            "--blocking-threads": str(WEB_THREADS),
            "--backpressure": "64",
            "--workers-kill-timeout": "10",
            "--static-path-route": "/static",
            "--static-path-mount": str(STATIC),
        }
        flags = [part for pair in options.items() for part in pair]
        return [PYTHON, "-m", "granian", "--no-ws", *flags, "tongban.wsgi:application"]


def ask(port: int, path: str) -> str:
    """The status of a GET on loopback, or the name of what went wrong."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=ANSWER_SECONDS)
    try:
        connection.request("GET", path)
        return str(connection.getresponse().status)
    except (OSError, http.client.HTTPException) as error:
        return type(error).__name__
    finally:
        connection.close()


def stop_all(nodes: Mapping[str, Node]) -> None:
    """Ask all workers, then all web processes, side by side."""
    for part in reversed(PARTS):
        for node in nodes.values():
            if child := node.children.get(part):
                child.ask_to_stop()
        for node in nodes.values():
            node.stop(part)
