"""The databases of the nodes: their addresses, the two roles, who may do what."""

import hashlib
import os
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import Protocol

from launch.postgres import SUPERUSER, Cluster
from launch.programs import find_programs
from launch.words import Trouble
from tongban.base.rights import APP, OPEN_TO_APP, OWNER


class Databases(Protocol):
    """Addresses of a node's database; a cluster of our own or a server that others run."""

    def app_url(self, node: str) -> str: ...

    def owner_url(self, node: str) -> str: ...

    def identity(self, node: str) -> str:
        """Tells one server from another without giving a password away."""
        ...

    def admin_url(self, node: str) -> str:
        """For dumping and restoring."""
        ...

    def at_hand(self) -> AbstractContextManager[None]:
        """Answering while the block runs."""
        ...

    def run(self, program: str, *arguments: str | Path) -> str:
        """A program of PostgreSQL, its output as text."""
        ...

    def ensure(self, node: str) -> bool:
        """Make what is missing; tells whether the database is new."""
        ...


def database_name(node: str) -> str:
    return f"tongban_{node}"


class Embedded:
    """A database per node in one cluster of our own."""

    def __init__(self, cluster: Cluster) -> None:
        self.cluster = cluster

    def app_url(self, node: str) -> str:
        return self.cluster.url(database_name(node), role=APP)

    def owner_url(self, node: str) -> str:
        return self.cluster.url(database_name(node), role=OWNER)

    def admin_url(self, node: str) -> str:
        return self.cluster.url(database_name(node), role=SUPERUSER)

    def identity(self, node: str) -> str:
        """The same wherever the cluster's folder is copied to."""
        return f"embedded {database_name(node)}"

    def at_hand(self) -> AbstractContextManager[None]:
        return self.cluster.at_hand()

    def run(self, program: str, *arguments: str | Path) -> str:
        return self.cluster.run(program, *arguments)

    def ensure_roles(self) -> None:
        """The owner migrates and makes test databases; the app only reads and writes."""
        present = set(self.cluster.sql("SELECT rolname FROM pg_roles"))
        for role, rights in {OWNER: "LOGIN CREATEDB", APP: "LOGIN"}.items():
            if role not in present:
                self.cluster.sql(f"CREATE ROLE {role} {rights}")

    def ensure(self, node: str) -> bool:
        self.ensure_roles()
        name = database_name(node)
        if self.cluster.sql(f"SELECT 1 FROM pg_database WHERE datname = '{name}'"):
            return False
        unfinished = f"{name}_new"
        self.cluster.sql(f'DROP DATABASE IF EXISTS "{unfinished}"')
        self.cluster.sql(f'CREATE DATABASE "{unfinished}" OWNER {OWNER}')
        self.cluster.sql(OPEN_TO_APP, database=unfinished, role=OWNER)
        self.cluster.sql(f'ALTER DATABASE "{unfinished}" RENAME TO "{name}"')
        return True


class External:
    """Databases that exist already, on the server that DATABASE_URL and DATABASE_OWNER_URL name with `{node}`."""

    def __init__(self, app: str, owner: str) -> None:
        self._app = app
        self._owner = owner

    def app_url(self, node: str) -> str:
        return self._app.replace("{node}", node)

    def owner_url(self, node: str) -> str:
        return self._owner.replace("{node}", node)

    def identity(self, node: str) -> str:
        return hashlib.sha256(self.owner_url(node).encode()).hexdigest()

    def admin_url(self, node: str) -> str:
        return self.owner_url(node)

    def at_hand(self) -> AbstractContextManager[None]:
        return nullcontext()

    def run(self, program: str, *arguments: str | Path) -> str:
        return find_programs().run(program, *arguments)

    def ensure(self, node: str) -> bool:  # noqa: ARG002
        """Making roles and databases is the business of whoever runs that server (`docs/operating.md`)."""
        return False


def external_from_environment() -> External | None:
    """What the person's environment names, if anything. Raises Trouble `owner_url_missing`."""
    app, owner = os.environ.get("DATABASE_URL"), os.environ.get("DATABASE_OWNER_URL")
    if not app:
        return None
    if not owner:
        raise Trouble("owner_url_missing")
    return External(app, owner)


def databases_of(state: Path, *, durable: bool = True) -> Databases:
    """The server that the environment names, or else the embedded one of the state."""
    return external_from_environment() or embedded_in(state, durable=durable)


def embedded_in(state: Path, *, durable: bool = True) -> Embedded:
    return Embedded(Cluster(state / "postgres", durable=durable))
