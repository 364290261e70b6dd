"""补正: one box for each thing that the notice lists, answered on the page of the case."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile

from tongban.base.actor import Actor
from tongban.base.errors import Rejected
from tongban.base.words import say
from tongban.cases.queries import View
from tongban.cases.rules.table import Act
from tongban.catalogue.rules import Definition
from tongban.catalogue.rules.values import field_faults
from tongban.web.boxes import Box, box_of, read_field
from tongban.web.door import Visit
from tongban.web.mishaps import sentence_of
from tongban.web.uploads import keep_upload

FIELD, MATERIAL = "field:", "material:"


def notice_of(view: View) -> Mapping[str, Any]:
    """What the last correction notice says: targets with their problems, and the reason of a second one."""
    asked = [entry for entry in view.timeline if entry.act == Act.ASK_CORRECTION]
    return asked[-1].said if asked else {}


def handed_in(view: View) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """Answers and materials as they stand after all supplements, as far as their bodies are still kept."""
    answers: dict[str, Any] = {}
    materials: dict[str, dict[str, Any]] = {}
    for entry in view.timeline:
        if entry.act in (Act.OPEN, Act.SUPPLY):
            answers |= entry.said.get("answers") or {}
            materials |= {material["key"]: material for material in entry.said.get("materials") or []}
    return answers, list(materials.values())


def correction_boxes(
    view: View,
    definition: Definition,
    *,
    answers: Mapping[str, Any] | None = None,
    faults: Mapping[str, str] | None = None,
    grow: str = "",
) -> tuple[Box, ...]:
    """answers: what was typed in just now. faults: name of a box -> sentence."""
    stand = {**handed_in(view)[0], **(answers or {})}
    problems = {row["target"]: str(row["problem"]) for row in notice_of(view).get("targets") or []}
    boxes = []
    for target in view.state.targets:
        box = _box(target, definition, stand, faults or {}, grow)
        if box is not None:
            boxes.append(replace(box, problem=problems.get(target, ""), required=True))
    return tuple(boxes)


def _box(
    target: str, definition: Definition, answers: Mapping[str, Any], faults: Mapping[str, str], grow: str
) -> Box | None:
    if target.startswith(FIELD):
        field = definition.field(target.removeprefix(FIELD))
        return box_of(field, answers.get(field.name), faults, grow=field.name == grow) if field else None
    key = target.removeprefix(MATERIAL)
    material = next((entry for entry in definition.materials if entry.key == key), None)
    if material is None:
        return None
    name = f"material.{key}"
    return Box(name, material.name, "file", hint=material.accept_standard, wrong=faults.get(name, ""))


def read_correction(request: Visit, view: View, definition: Definition) -> tuple[dict[str, Any], dict[str, str]]:
    """What was handed in, as content of the act, and what is wrong with it by name of the box."""
    answers: dict[str, Any] = {}
    materials: list[dict[str, str]] = []
    faults: dict[str, str] = {}
    for target in view.state.targets:
        if target.startswith(FIELD) and (field := definition.field(target.removeprefix(FIELD))):
            answers[field.name] = read_field(field, request.POST)
            wanted = replace(field, required=True)
            found = field_faults(wanted, answers[field.name], demo=settings.DEMO)
            faults |= {path: say(f"reason.{code}") for path, code in found.items()}
        elif target.startswith(MATERIAL):
            key = target.removeprefix(MATERIAL)
            upload = request.FILES.get(f"material.{key}")
            try:
                materials.append(_kept(request.actor, key, upload))
            except Rejected as refusal:
                faults[f"material.{key}"] = sentence_of(refusal)
    return {"answers": answers, "materials": materials}, faults


def _kept(actor: Actor, key: str, upload: "UploadedFile[bytes] | None") -> dict[str, str]:
    if upload is None:
        raise Rejected("material_missing")
    return {"key": key, "digest": keep_upload(actor, upload).digest, "name": upload.name or key}
