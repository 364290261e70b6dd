"""Keeping files: first the bytes on disk, then the row."""

import contextlib
import hashlib
import os
import tempfile
from collections.abc import Iterable
from datetime import timedelta
from pathlib import Path
from typing import BinaryIO
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from tongban.base.actor import Actor
from tongban.base.errors import Rejected
from tongban.files import queries, rules
from tongban.files.models import Claim, File, Want

CHUNK = 1 << 20


def keep(actor: Actor, content: bytes | BinaryIO, *, media_type: str) -> File:
    """Keep a content under its digest; the same content twice is one file.

    Raises Rejected("file_type", "file_empty", "file_too_large" or "file_differs").
    """
    del actor
    folder = Path(settings.STATE) / "files"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    descriptor, name = tempfile.mkstemp(dir=folder, prefix=".new-")
    beside = Path(name)
    try:
        with os.fdopen(descriptor, "wb") as file:
            digest, size, beginning = _write(file, content)
        rules.check_content(beginning, size, media_type)
        _put(beside, queries.path_of(digest))
    finally:
        with contextlib.suppress(FileNotFoundError):
            beside.unlink()
    kept, _ = File.objects.get_or_create(digest=digest, defaults={"size": size, "media_type": media_type})
    return kept


def _write(file: BinaryIO, content: bytes | BinaryIO) -> tuple[str, int, bytes]:
    """digest, size and beginning of what was written; stops at the first byte too many."""
    digest, size, beginning = hashlib.sha256(), 0, b""
    for chunk in [content] if isinstance(content, bytes) else iter(lambda: content.read(CHUNK), b""):
        size += len(chunk)
        if size > rules.MOST_BYTES:
            raise Rejected("file_too_large", most=rules.MOST_BYTES // 1_000_000)
        beginning = beginning or chunk[:16]
        digest.update(chunk)
        file.write(chunk)
    file.flush()
    os.fsync(file.fileno())
    return digest.hexdigest(), size, beginning


def _put(beside: Path, path: Path) -> None:
    path.parent.mkdir(mode=0o700, exist_ok=True)
    beside.replace(path)
    for folder in (path.parent, path.parent.parent):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


@transaction.atomic
def allow(digest: str, *, case: UUID, nodes: Iterable[str]) -> None:
    """Let these nodes, and those already allowed, pull the file for the case."""
    claim, made = Claim.objects.select_for_update().get_or_create(
        digest=digest, case=case, defaults={"nodes": sorted(set(nodes))}
    )
    if not made and (more := set(nodes) - set(claim.nodes)):
        claim.nodes = sorted({*claim.nodes, *more})
        claim.save(update_fields=["nodes"])


def want(digest: str, *, case: UUID, source_node: str) -> None:
    """Have the worker fetch a file from the node that keeps it. Asking twice is asking once."""
    Want.objects.bulk_create([Want(digest=digest, case=case, source_node=source_node)], ignore_conflicts=True)


def settle(want: Want) -> None:
    """The wanted file has come."""
    Want.objects.filter(id=want.id).delete()


def postpone(want: Want, *, trouble: str) -> None:
    """It did not come; try again later, at most five minutes from now."""
    wait = timedelta(seconds=min(2 ** min(want.attempts, 9), 300))
    Want.objects.filter(id=want.id).update(
        attempts=want.attempts + 1, next_try_at=timezone.now() + wait, trouble=trouble[:300]
    )


@transaction.atomic
def release(*, case: UUID, by: str) -> None:
    """A node that pulled the files of the case keeps them now and pulls no more."""
    for claim in Claim.objects.select_for_update().filter(case=case, nodes__contains=[by]).order_by("id"):
        claim.nodes = [node for node in claim.nodes if node != by]
        claim.save(update_fields=["nodes"])
