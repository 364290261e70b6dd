"""A federation of nodes on this machine: start it, break parts of it, mend them, stop it.

`run.py up` runs one; journeys run temporary ones and rehearse failures on them.
"""

import shutil
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from launch.databases import Databases, Embedded, embedded_in
from launch.department import Department
from launch.lock import FolderLock
from launch.node import PARTS, Node, Part, stop_all
from launch.paths import VAR
from launch.ports import free_ports, raise_if_taken
from launch.postgres import Cluster
from launch.prepare import collect_static, prepare, program_fingerprint
from launch.words import Trouble

DEFAULT_NODES = ("00", "34", "31")
HEALTHY_SECONDS = 60.0
KEPT = ("directory.json", "prepared.json")
TEMPLATES = VAR / "templates"


class Federation:
    """Nodes over one database server, each with a web and a worker process.

    state: folder of everything that lasts: postgres/, nodes/<code>/{keys,files,*.log}, directory.json.
    Every method that waits raises `launch.words.Trouble` with one sentence when the wait is in vain.
    """

    def __init__(
        self, nodes: Mapping[str, Node], databases: Databases, state: Path, department: Department | None
    ) -> None:
        self.nodes = dict(nodes)
        self.department = department
        self.databases = databases
        self.state = state
        self._lock = FolderLock(state)

    @classmethod
    def plan(
        cls,
        codes: Sequence[str] = DEFAULT_NODES,
        *,
        ports: Sequence[int] | None = None,
        mode: str = "test",
        state: Path,
        durable: bool = True,
        databases: Databases | None = None,
        extra: Mapping[str, str] | None = None,
    ) -> "Federation":
        """A federation that does not run yet.

        ports: one per node in their order; None takes free ones. mode: demo, test or production.
        databases: a server that others run; None makes an embedded one. extra: environment of all node processes.
        """
        state = state.resolve()
        source = databases or embedded_in(state, durable=durable)
        chosen = list(ports or free_ports(len(codes)))
        department = Department(free_ports(1)[0], state / "department.log") if mode != "production" else None
        common = ({"TONGBAN_DEPARTMENT": department.url} if department else {}) | dict(extra or {})
        nodes = {
            code: Node(code, port, mode, state, source.app_url(code), source.owner_url(code), common)
            for code, port in zip(codes, chosen, strict=True)
        }
        return cls(nodes, source, state, department)

    @classmethod
    def start(
        cls,
        codes: Sequence[str] = DEFAULT_NODES,
        *,
        state: Path,
        ports: Sequence[int] | None = None,
        mode: str = "test",
        durable: bool = False,
        template: Path | None = None,
        extra: Mapping[str, str] | None = None,
    ) -> "Federation":
        """A running federation; a missing state is copied from the template, if one is given (see `make_template`)."""
        federation = cls.plan(codes, ports=ports, mode=mode, state=state, durable=durable, extra=extra)
        if template is not None and not (state / "nodes").exists():
            federation.copy_from(template)
        federation.run()
        return federation

    def run(self) -> None:
        """Start the database, prepare the nodes, start all processes, wait until every node is healthy."""
        self.take()
        try:
            self.start_database()
            self.prepare()
            self.start_processes()
        except BaseException:
            self.close()
            raise

    def take(self) -> None:
        """Claim the state and the ports. Raises Trouble `in_use` or `port_taken`."""
        self._lock.take()
        raise_if_taken([node.port for node in self.nodes.values()])

    def start_database(self) -> None:
        if isinstance(self.databases, Embedded):
            self.databases.cluster.start()
        for code, node in self.nodes.items():
            node.app_url, node.owner_url = self.databases.app_url(code), self.databases.owner_url(code)

    def prepare(self) -> bool:
        """Keys, tables, data, directory; tells whether anything had to be done."""
        done = prepare(self.nodes, self.databases, self.state)
        collect_static(next(iter(self.nodes.values())))
        return done

    def start_processes(self) -> None:
        """Web processes first: a worker that finds its peers silent would only wait longer before the next try."""
        if self.department:
            self.department.start()
        for node in self.nodes.values():
            node.start("web")
        self.wait_until_healthy()
        for node in self.nodes.values():
            node.start("worker")

    def close(self) -> None:
        """Stop everything cleanly; the state stays."""
        stop_all(self.nodes)
        if self.department:
            self.department.stop()
        if isinstance(self.databases, Embedded):
            self.databases.cluster.stop()
        self._lock.release()

    def remove(self) -> None:
        """Stop everything and remove the state."""
        self.close()
        forget(self.state)
        shutil.rmtree(self.state, ignore_errors=True)

    def url(self, code: str) -> str:
        """Where the node answers: `http://127.0.0.1:<port>`."""
        return self.nodes[code].url

    def kill(self, code: str, part: Part) -> None:
        """kill -9, without a word."""
        self.nodes[code].kill(part)

    def stop(self, code: str, part: Part | None = None) -> None:
        """A clean stop of one process, or of the whole node: it is away."""
        for each in (part,) if part else reversed(PARTS):
            self.nodes[code].stop(each)

    def restart(self, code: str, part: Part | None = None) -> None:
        """Start what is not running, again; returns when the node is healthy."""
        node = self.nodes[code]
        for each in (part,) if part else PARTS:
            node.stop(each)
            node.start(each)
        if "web" in node.children:
            node.wait_until_healthy(seconds=HEALTHY_SECONDS)

    def kill_database(self) -> None:
        """kill -9 of the database server and all its backends."""
        self._cluster().kill()

    def restart_database(self) -> None:
        """Start the database server after a kill or a stop; it recovers by itself."""
        cluster = self._cluster()
        if not cluster.alive():
            cluster.start()

    def sql(self, code: str, statement: str) -> list[str]:
        """Run SQL as superuser in the node's database; for sabotage and inspection by journeys."""
        database = self.nodes[code].app_url.split("?")[0].rsplit("/", 1)[-1]
        return self._cluster().sql(statement, database=database)

    def raise_if_dead(self) -> None:
        """Raises Trouble `child_died` or `database_died` for what ended without being asked."""
        if isinstance(self.databases, Embedded) and not self.databases.cluster.alive():
            cluster = self.databases.cluster
            raise Trouble("database_died", how=cluster.how_it_ended(), log=cluster.log)
        if self.department:
            self.department.raise_if_dead()
        for node in self.nodes.values():
            node.raise_if_dead()

    def wait_until_healthy(self, *, seconds: float = HEALTHY_SECONDS) -> None:
        """Until every node answers 200 on /healthz, within one common time."""
        end = time.monotonic() + seconds
        for node in self.nodes.values():
            node.wait_until_healthy(seconds=max(1.0, end - time.monotonic()))

    def copy_from(self, template: Path) -> None:
        """Take over keys, files and databases of a stopped federation."""
        self.state.mkdir(parents=True, exist_ok=True)
        shutil.copytree(template / "nodes", self.state / "nodes")
        for name in KEPT:
            shutil.copy2(template / name, self.state / name)
        self._cluster().copy_from(embedded_in(template).cluster)

    def _cluster(self) -> Cluster:
        if not isinstance(self.databases, Embedded):
            raise TypeError("the database server is not ours")
        return self.databases.cluster


def forget(state: Path) -> None:
    """Remove what a stopped federation keeps in the folder, and nothing else. Raises Trouble `in_use`."""
    if not state.exists():
        return
    lock = FolderLock(state)
    lock.take()
    if (state / "postgres").exists():
        embedded_in(state).cluster.destroy()
    shutil.rmtree(state / "nodes", ignore_errors=True)
    for name in (*KEPT, "department.log", "lock"):
        (state / name).unlink(missing_ok=True)
    lock.release()


def make_template(codes: Sequence[str] = DEFAULT_NODES, *, mode: str = "test") -> Path:
    """A prepared, stopped federation of the present code, to copy from; made once and kept until the code changes."""
    stamp = program_fingerprint()[:12]
    folder = TEMPLATES / f"{mode}-{'-'.join(codes)}-{stamp}"
    lock = FolderLock(TEMPLATES)
    lock.take(seconds=600)
    try:
        if not (folder / "finished").exists():
            _drop_old_templates()
            federation = Federation.plan(codes, mode=mode, state=folder, durable=False)
            federation.start_database()
            try:
                federation.prepare()
            finally:
                federation.close()
            (folder / "finished").touch()
    finally:
        lock.release()
    return folder


def _drop_old_templates() -> None:
    for folder in TEMPLATES.glob("*-*"):
        forget(folder)
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def temporary(
    codes: Sequence[str] = DEFAULT_NODES,
    *,
    mode: str = "test",
    extra: Mapping[str, str] | None = None,
    keep: bool = False,
) -> Iterator[Federation]:
    """A running federation on free ports that leaves nothing behind.

    keep: leave the stopped state for inspection; its folder is `federation.state`.
    """
    template = make_template(codes, mode=mode)
    state = Path(tempfile.mkdtemp(prefix="tongban-"))
    state.chmod(0o711)
    federation = Federation.plan(codes, mode=mode, state=state, durable=False, extra=extra)
    try:
        federation.copy_from(template)
        federation.run()
        yield federation
    finally:
        if keep:
            federation.close()
        else:
            federation.remove()
