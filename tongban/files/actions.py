"""Keeping files: first the bytes on disk, then the row; erasing them in the same order.

Who keeps or names a digest shares its lock until the transaction ends; only erasing wants it alone, and never waits.
"""

import contextlib
import hashlib
import os
import tempfile
from collections.abc import Iterable
from datetime import datetime, timedelta
from pathlib import Path
from typing import BinaryIO
from uuid import UUID

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Q, QuerySet
from django.db.models.functions import Now
from django.utils import timezone

from tongban.base.actor import Actor, Role
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
        with transaction.atomic():
            _share(digest)
            _put(beside, queries.path_of(digest))
            facts = {"size": size, "media_type": media_type}
            kept, _ = File.objects.update_or_create(digest=digest, defaults={"kept_at": Now()}, create_defaults=facts)
    finally:
        with contextlib.suppress(FileNotFoundError):
            beside.unlink()
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
    _make_lasting(path.parent)
    _make_lasting(path.parent.parent)


def _make_lasting(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _share(digest: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock_shared(hashtextextended(%s, 11))", [digest])


def _is_alone(digest: str) -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(hashtextextended(%s, 11))", [digest])
        return bool(cursor.fetchone()[0])


@transaction.atomic
def allow(digest: str, *, case: UUID, nodes: Iterable[str]) -> None:
    """Name the file for the case; these nodes, and those already allowed, may pull it for the case."""
    _share(digest)
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
def release(*, case: UUID, by: str, digests: Iterable[str]) -> None:
    """A node that pulled these files of the case keeps them now; only after a restore it pulls them once more."""
    for claim in _allowed(Claim.objects.filter(case=case, digest__in=list(digests)), node=by):
        claim.nodes, claim.holders = _without(claim.nodes, by), sorted({*claim.holders, by})
        claim.save(update_fields=["nodes", "holders"])


@transaction.atomic
def forbid(*, cases: Iterable[UUID], node: str) -> None:
    """A node may pull nothing any more for these cases."""
    for claim in _allowed(Claim.objects.filter(case__in=list(cases)), node=node):
        claim.nodes, claim.holders = _without(claim.nodes, node), _without(claim.holders, node)
        claim.save(update_fields=["nodes", "holders"])


@transaction.atomic
def give_up(*, case: UUID, source_node: str) -> None:
    """What the case still waits for from this node will not come: it is neither wanted nor named any more."""
    lost = Want.objects.filter(case=case, source_node=source_node)
    Claim.objects.filter(case=case, digest__in=list(lost.values_list("digest", flat=True))).delete()
    lost.delete()


def _allowed(claims: QuerySet[Claim], *, node: str) -> QuerySet[Claim]:
    allowed = Q(nodes__contains=[node]) | Q(holders__contains=[node])
    return claims.select_for_update().filter(allowed).order_by("id")


def _without(nodes: Iterable[str], node: str) -> list[str]:
    return [other for other in nodes if other != node]


def let_go(digests: Iterable[str], *, case: UUID) -> None:
    """The case names these files no more."""
    Claim.objects.filter(case=case, digest__in=list(digests)).delete()


def let_go_all(cases: Iterable[UUID]) -> None:
    """These cases name no files any more, and wait for none."""
    ended = list(cases)
    Claim.objects.filter(case__in=ended).delete()
    Want.objects.filter(case__in=ended).delete()


@transaction.atomic
def erase_unnamed(actor: Actor, *, before: datetime, most: int) -> list[str]:
    """Erase files kept before a moment that nothing names; returns what was erased, one text each.

    The bytes go first and for good, then the row: a crash between the two leaves a row that nobody names, and the next
    run removes it. A file that somebody is keeping or naming at this moment is left alone.
    """
    if actor.role is not Role.SYSTEM:
        raise Rejected("not_allowed")
    erased = []
    for digest in queries.unnamed(before=before).values_list("digest", flat=True)[:most]:
        if not _is_alone(digest) or not queries.unnamed(before=before).filter(digest=digest).exists():
            continue
        path = queries.path_of(digest)
        path.unlink(missing_ok=True)
        if path.parent.exists():
            _make_lasting(path.parent)
        File.objects.filter(digest=digest).delete()
        erased.append(f"file {digest}")
    return erased
