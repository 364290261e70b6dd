"""The directory of nodes, read from its signed file."""

import json
import logging
from collections.abc import Mapping
from pathlib import Path

from django.conf import settings

from tongban.base import keys
from tongban.base.errors import NotYet, Rejected
from tongban.base.seal import Sealed, sealed_from_text
from tongban.exchange.rules import Directory, read_directory

logger = logging.getLogger(__name__)
ANCHORS = "hub.pub"

_held: dict[Path, tuple[int, Sealed, Directory]] = {}


def directory() -> Directory:
    """The newest directory that the hub signed. Raises NotYet("no_directory") where none can be believed.

    A new file that is not genuine, or older than the one in use, is left aside and logged.
    """
    return _current()[1]


def is_connected(node: str) -> bool:
    """Whether letters to the node can ever arrive; while no directory can be believed, they wait for one."""
    try:
        return node == settings.NODE or node in directory().nodes
    except NotYet:
        return True


def sealed_directory() -> Sealed:
    """The directory as the hub signed it. Raises NotYet("no_directory")."""
    return _current()[0]


def _current() -> tuple[Sealed, Directory]:
    path = Path(settings.DIRECTORY)
    held = _held.get(path)
    try:
        changed = path.stat().st_mtime_ns
        if held is None or held[0] != changed:
            sealed, found = _read(path)
            if held is not None and found.version < held[2].version:
                logger.error("directory_older", extra={"version": found.version})
                return held[1], held[2]
            held = _held[path] = (changed, sealed, found)
    except (OSError, Rejected, json.JSONDecodeError) as error:
        logger.error("directory_unusable", extra={"trouble": str(error)})
        if held is None:
            raise NotYet("no_directory") from error
    return held[1], held[2]


def _read(path: Path) -> tuple[Sealed, Directory]:
    sealed = sealed_from_text(path.read_text("utf-8"))
    return sealed, read_directory(sealed, anchors())


def anchors() -> Mapping[str, bytes]:
    """The hub's public keys that this node was told to trust: `hub.pub` among its keys."""
    folder = Path(settings.STATE) / "keys"
    return dict(keys.read_public(folder, ANCHORS))
