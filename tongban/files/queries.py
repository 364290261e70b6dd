"""Reading files. Who may see one is decided by the case that names it."""

from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from typing import BinaryIO
from uuid import UUID

from django.conf import settings
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from tongban.files.models import Claim, File, Want


def path_of(digest: str) -> Path:
    """Where the bytes of a digest lie, whether or not they are there."""
    return Path(settings.STATE) / "files" / digest[:2] / digest


def find_file(digest: str) -> File | None:
    """A row whose bytes are gone (an erasing that was cut short) stands for no file."""
    found = File.objects.filter(digest=digest).first()
    return found if found is not None and path_of(digest).exists() else None


def open_file(digest: str) -> BinaryIO:
    """The bytes, to be read. Raises File.DoesNotExist for a digest that is not kept here."""
    if not has(digest):
        raise File.DoesNotExist(digest)
    return path_of(digest).open("rb")


def has(digest: str) -> bool:
    return find_file(digest) is not None


def missing(digests: Iterable[str]) -> set[str]:
    """Those of the digests that are not kept here."""
    wanted = set(digests)
    rows = File.objects.filter(digest__in=wanted).values_list("digest", flat=True)
    return wanted - {digest for digest in rows if path_of(digest).exists()}


def may_pull(node: str, digest: str, case: UUID) -> bool:
    """Whether a follower of the case may pull the file that the case names; once more, where it has it already."""
    allowed = Q(nodes__contains=[node]) | Q(holders__contains=[node])
    return Claim.objects.filter(allowed, digest=digest, case=case).exists()


def named_by(case: UUID) -> set[str]:
    """Digests of the files that a case names, whether or not they have arrived."""
    return set(Claim.objects.filter(case=case).values_list("digest", flat=True))


def wants_due() -> QuerySet[Want]:
    """What is to be fetched now, the oldest first."""
    return Want.objects.filter(next_try_at__lte=timezone.now()).order_by("id")


def wanted(case: UUID) -> set[str]:
    """Digests that a case still waits for."""
    return set(Want.objects.filter(case=case).values_list("digest", flat=True))


def unnamed(*, before: datetime) -> QuerySet[File]:
    """Files last kept before a moment that no case, application or wish names, the oldest first."""
    claimed, wished = Claim.objects.filter(digest=OuterRef("digest")), Want.objects.filter(digest=OuterRef("digest"))
    return File.objects.filter(~Exists(claimed), ~Exists(wished), kept_at__lt=before).order_by("kept_at", "digest")
