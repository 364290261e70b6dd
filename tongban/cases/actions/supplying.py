"""Papers that are handed in later: files that lie at this node, named so that the home can fetch them."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.conf import settings

from tongban.base.errors import Rejected
from tongban.files.actions import allow
from tongban.files.queries import find_file


def with_files(content: Mapping[str, Any], *, case_id: UUID, home: str) -> dict[str, Any]:
    """The content with size and type of each file, which the home may pull from now on.

    Raises Rejected("invalid") naming each paper whose file was not uploaded here.
    """
    materials = content.get("materials")
    if not isinstance(materials, list):
        return dict(content)
    named = [_named(material) for material in materials]
    if faults := {f"materials.{number}.digest": "file_unknown" for number, entry in enumerate(named) if entry is None}:
        raise Rejected("invalid", fields=faults)
    found = [entry for entry in named if entry is not None]
    if home != settings.NODE:
        for entry in found:
            allow(entry["digest"], case=case_id, nodes=[home])
    return {**content, "materials": found}


def _named(material: object) -> dict[str, Any] | None:
    if not isinstance(material, Mapping):
        return None
    file = find_file(str(material.get("digest", ""))[:64])
    if file is None:
        return None
    return {
        "key": str(material.get("key", ""))[:60],
        "digest": file.digest,
        "name": str(material.get("name", ""))[-200:],
        "size": file.size,
        "media_type": file.media_type,
        "compared": material.get("compared") is True,
        "compared_by": material.get("compared_by"),
    }
