"""Papers that were handed in, for reading: scans, and who compared them with their originals."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, BinaryIO
from urllib.parse import quote
from uuid import UUID

from django.http import FileResponse

from tongban.base.times import legal_date, parse_moment
from tongban.base.words import has as has_words
from tongban.base.words import say, say_day
from tongban.catalogue.rules import Definition
from tongban.files.models import File
from tongban.files.queries import has
from tongban.orgs.queries import officer_names
from tongban.web.safety import HEADER, PAPER_POLICY

SHOWN_INLINE = frozenset({"application/pdf", "image/jpeg", "image/png", "text/plain"})


@dataclass(frozen=True, slots=True)
class PaperLine:
    """A material. here: whether the scan lies at this node. compared: by whom and when the original was compared."""

    key: str
    name: str
    file_name: str
    digest: str
    size: int
    here: bool
    compared: str


def material_lines(definition: Definition, materials: Sequence[Mapping[str, Any]]) -> list[PaperLine]:
    names = {material.key: material.name for material in definition.materials}
    return [
        PaperLine(
            key=entry["key"],
            name=names.get(entry["key"], entry["key"]),
            file_name=str(entry.get("name", "")),
            digest=str(entry.get("digest", "")),
            size=int(entry.get("size") or 0),
            here=bool(entry.get("digest")) and has(entry["digest"]),
            compared=compared_words(entry),
        )
        for entry in materials
    ]


def compared_words(entry: Mapping[str, Any]) -> str:
    """Who compared the scan with its original; empty when nobody did."""
    if not entry.get("compared"):
        return ""
    return say("paperwork.compared", check=checked_words(entry.get("compared_by") or {}))


def checked_words(check: Mapping[str, Any]) -> str:
    """By whom and when something was checked at a counter: the name where it is an officer of this node."""
    day = _day(str(check.get("at", "")))
    name = _officer(str(check.get("officer", "")))
    inner = "，".join(part for part in (name, day) if part)
    return f"（{inner}）" if inner else ""


def _day(at: str) -> str:
    try:
        return say_day(legal_date(parse_moment(at)))
    except ValueError:
        return ""


def _officer(identity: str) -> str:
    try:
        return next(iter(officer_names([UUID(identity)]).values()), say("role.clerk"))
    except ValueError:
        return ""


def sent_file(file: File, content: BinaryIO, *, name: str) -> FileResponse:
    """A kept file, shown in the browser where that is safe, else to be saved."""
    response = FileResponse(content, content_type=file.media_type)
    way = "inline" if file.media_type in SHOWN_INLINE else "attachment"
    response.headers["Content-Disposition"] = f"{way}; filename*=UTF-8''{quote(name)}"
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers[HEADER] = PAPER_POLICY
    response.headers["Cache-Control"] = "private, no-store"
    return response


def identity_words(check: Mapping[str, Any] | None) -> str:
    """How the counter made sure who the applicant is; empty for an application made online."""
    if not check:
        return ""
    note = f"：{check['note']}" if check.get("note") else ""
    way = check.get("way")
    return f"{say(f'identity_way.{way}') if has_words(f'identity_way.{way}') else way}{note}{checked_words(check)}"
