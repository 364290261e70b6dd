"""Scans that come with a supplement: kept as soon as they arrive, so that a mistake elsewhere loses none."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from tongban.base.errors import Rejected
from tongban.base.times import moment
from tongban.calendar.queries import now
from tongban.files.queries import find_file
from tongban.web.counter.case import Received
from tongban.web.door import Visit
from tongban.web.mishaps import sentence_of
from tongban.web.uploads import keep_upload

KEPT = "kept_scans"
MOST = 50


@dataclass(frozen=True, slots=True)
class Scan:
    """A paper that the notice asks for. digest: empty until something was uploaded. compared: by whom and when."""

    key: str
    name: str
    problem: str
    digest: str = ""
    file_name: str = ""
    size: int = 0
    media_type: str = ""
    compared: dict[str, Any] | None = None
    wrong: str = ""

    def as_material(self) -> dict[str, Any]:
        return {
            "key": self.key,
            "digest": self.digest,
            "name": self.file_name,
            "size": self.size,
            "media_type": self.media_type,
            "compared": self.compared is not None,
            "compared_by": self.compared,
        }


def scans_for(received: Received, corrections: Sequence[tuple[str, str]]) -> list[Scan]:
    targets = received.view.state.targets if received.view else ()
    problems = dict(corrections)
    return [
        Scan(material.key, material.name, problems.get(material.name, ""))
        for material in received.definition.materials
        if f"material:{material.key}" in targets
    ]


def read_scans(request: Visit, scans: Sequence[Scan]) -> list[Scan]:
    return [_read(request, scan) for scan in scans]


def _read(request: Visit, scan: Scan) -> Scan:
    upload = request.FILES.get(f"material.{scan.key}")
    seen = {"officer": str(request.actor.person), "organ": request.actor.organ or "", "at": moment(now())}
    compared = seen if request.POST.get(f"compared.{scan.key}") == "yes" else None
    if upload is None:
        digest = request.POST.get(f"kept.{scan.key}", "")
        kept = find_file(digest) if digest in request.session.get(KEPT, ()) else None
        if kept is None:
            return scan
        name = request.POST.get(f"kept-name.{scan.key}", "")[-200:]
        return replace(
            scan, digest=kept.digest, file_name=name, size=kept.size, media_type=kept.media_type, compared=compared
        )
    try:
        file = keep_upload(request.actor, upload)
    except Rejected as refusal:
        return replace(scan, wrong=sentence_of(refusal))
    request.session[KEPT] = [*request.session.get(KEPT, ()), file.digest][-MOST:]
    name = (upload.name or scan.name).replace("\x00", "")[-200:]
    return replace(
        scan, digest=file.digest, file_name=name, size=file.size, media_type=file.media_type, compared=compared
    )
