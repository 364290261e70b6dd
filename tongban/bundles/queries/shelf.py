"""The files of `tongban/data/bundles`, read once a process: they come with the program and never change under it."""

import functools
from pathlib import Path
from typing import Any

from django.conf import settings

from tongban.base.errors import Rejected
from tongban.bundles.rules.consistency import read_bundle
from tongban.bundles.rules.definition import Bundle
from tongban.catalogue.rules import read_content

SHELF: Path = settings.BUNDLES


@functools.cache
def shipped() -> dict[str, Bundle]:
    """Key -> bundle, in the order of the files. Raises Rejected("definition_faults") with file and line."""
    files = sorted(SHELF.glob("*.toml"))
    read = (read_bundle(path.read_text("utf-8"), file=path.name) for path in files)
    return {bundle.key: bundle for bundle in read}


def get_bundle(key: str) -> Bundle:
    """Raises Rejected("bundle_unknown")."""
    found = shipped().get(key)
    if found is None:
        raise Rejected("bundle_unknown")
    return found


def content_of_file(key: str) -> dict[str, Any]:
    """The bundle as its file says it. Raises Rejected("bundle_unknown")."""
    get_bundle(key)
    return read_content((SHELF / f"{key}.toml").read_text("utf-8"), file=f"{key}.toml")
