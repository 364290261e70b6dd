"""The directory of nodes: made and signed at the hub, kept by everyone."""

import json
import os
import tempfile
from pathlib import Path

from tongban.base.seal import Sealed, Signer, seal
from tongban.exchange.rules import DIRECTORY_TYP, Directory, directory_payload


def keep_directory(sealed: Sealed, path: Path) -> None:
    """Replace the directory in one move."""
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=".directory-")
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        json.dump(sealed.as_json(), file)
        file.flush()
        os.fsync(file.fileno())
    Path(name).chmod(0o644)
    Path(name).replace(path)


def publish_directory(directory: Directory, signer: Signer, path: Path) -> Sealed:
    """Sign a directory and put it where the nodes look for it."""
    sealed = seal(directory_payload(directory), signer, typ=DIRECTORY_TYP)
    keep_directory(sealed, path)
    return sealed
