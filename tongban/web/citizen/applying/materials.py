"""The page of papers: what the answers call for, uploaded, replaced, removed."""

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import redirect

from tongban.applications.actions import attach, remove_material
from tongban.applications.rules import checklist, faults
from tongban.base.errors import Rejected
from tongban.base.words import say
from tongban.calendar.queries import today
from tongban.web.boxes import Fault
from tongban.web.citizen.applying.draft import Draft, read_draft, render_page
from tongban.web.door import Visit
from tongban.web.mishaps import sentence_of
from tongban.web.uploads import ACCEPT, keep_upload


def collect(request: Visit, draft: Draft, step: str) -> HttpResponse:
    if request.method != "POST":
        return _show_materials(request, draft, step, [])
    if key := request.POST.get("remove"):
        remove_material(request.actor, draft.application.id, material=key)
        return redirect(draft.address(step))
    lines = checklist(draft.definition, draft.content)
    errors = []
    for line in lines:
        upload = request.FILES.get(f"material.{line.key}")
        if upload is None:
            continue
        try:
            file = keep_upload(request.actor, upload)
            attach(
                request.actor,
                draft.application.id,
                material=line.key,
                digest=file.digest,
                name=upload.name or line.name,
            )
        except Rejected as refusal:
            errors.append(Fault(f"m-{line.key}", line.name, sentence_of(refusal)))
    draft = read_draft(request, draft.application.id)
    if request.POST.get("go") != "stay":
        missing = faults(draft.definition, draft.content, demo=settings.DEMO, on=today())
        refused = {error.id for error in errors}
        errors += [
            Fault(f"m-{line.key}", line.name, say("reason.material_missing"))
            for line in checklist(draft.definition, draft.content)
            if f"materials.{line.key}" in missing and f"m-{line.key}" not in refused
        ]
    if errors:
        return _show_materials(request, draft, step, errors)
    return redirect(draft.address(step) if request.POST.get("go") == "stay" else draft.after(step))


def _show_materials(request: Visit, draft: Draft, step: str, errors: list[Fault]) -> HttpResponse:
    given = {material["key"]: material for material in draft.content["materials"]}
    wrong = {error.id.removeprefix("m-"): error.sentence for error in errors}
    materials = {material.key: material for material in draft.definition.materials}
    content = {
        "lines": [
            (line, materials[line.key], given.get(line.key), wrong.get(line.key, ""))
            for line in checklist(draft.definition, draft.content)
        ],
        "errors": errors,
        "accept": ACCEPT,
    }
    return render_page(request, draft, step, "materials", content, 422 if errors else 200)
