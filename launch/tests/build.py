"""Small processes and folders for the tests of the launcher."""

import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from launch.paths import ROOT
from launch.postgres import Cluster
from launch.processes import Child


def child(code: str, folder: Path) -> Child:
    """A Python process that runs the code and writes to `child.log`."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    return Child(
        [sys.executable, "-u", "-c", code],
        log=folder / "child.log",
        environment=environment,
        folder=folder,
    )


@contextmanager
def reachable_folder() -> Iterator[Path]:
    """A folder that an unprivileged database user can enter."""
    folder = Path(tempfile.mkdtemp(prefix="tongban-launch-"))
    folder.chmod(0o711)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def cluster(*, folder: Path | None = None) -> Iterator[Cluster]:
    """A running database server that leaves nothing behind."""
    with reachable_folder() as near:
        made = Cluster(folder or near / "postgres", durable=False)
        made.start()
        try:
            yield made
        finally:
            made.destroy()
