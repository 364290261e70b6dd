"""`run.py test`: pytest on a PostgreSQL of its own, or on the one that DATABASE_URL names."""

import os
import shutil
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from launch.assets import ensure_assets
from launch.databases import Embedded
from launch.environment import ensure_environment
from launch.paths import PYTHON, ROOT
from launch.postgres import Cluster
from launch.processes import describe_end, run_in_front
from launch.steps import step
from tongban.base.rights import APP

TOGETHER = ("-n", "2")


def run_tests(arguments: Sequence[str]) -> int:
    """The arguments are pytest's; its exit code comes back. Two processes unless parts are picked or it is said."""
    with step("环境"):
        ensure_environment()
        ensure_assets()
    return pytest([*_side_by_side(arguments), *arguments])


def pytest(arguments: Sequence[str]) -> int:
    """Run pytest from the virtual environment with a database server behind it."""
    with database_server() as environment:
        code = run_in_front([PYTHON, "-m", "pytest", *arguments], environment=environment, folder=ROOT)
    if code < 0:
        print(f"pytest: {describe_end(code)}")
        return 1
    return code


@contextmanager
def database_server() -> Iterator[Mapping[str, str]]:
    """The environment that names a server with both roles; an embedded one is made for the time and removed."""
    if os.environ.get("DATABASE_URL"):
        yield dict(os.environ)
        return
    folder = Path(tempfile.mkdtemp(prefix="tongban-test-"))
    folder.chmod(0o711)
    cluster = Cluster(folder / "postgres", durable=False)
    try:
        cluster.start()
        Embedded(cluster).ensure_roles()
        yield {**os.environ, "DATABASE_URL": cluster.url("postgres", role=APP), "TONGBAN_MODE": "test"}
    finally:
        cluster.destroy()
        shutil.rmtree(folder, ignore_errors=True)


def _side_by_side(arguments: Sequence[str]) -> Sequence[str]:
    """Picked files or tests start faster in one process."""
    chosen = any(argument.startswith(("-n", "-p", "--pdb")) for argument in arguments)
    picked = any((ROOT / argument.split("::")[0]).exists() for argument in arguments if not argument.startswith("-"))
    return () if chosen or picked or (os.cpu_count() or 1) < 2 else TOGETHER
