"""依职权: an officer opens a case that nobody applied for."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from tongban.base.actor import Actor, Role
from tongban.base.errors import Rejected
from tongban.base.words import say
from tongban.cases.actions.initiating import initiate
from tongban.cases.rules.table import Act
from tongban.catalogue.queries import definition_in, get_definition, published_items
from tongban.catalogue.rules import Definition, visible_fields, visible_situations
from tongban.catalogue.rules.answers import tidy_answers
from tongban.orgs.queries import permissions_of
from tongban.orgs.rules import EVERYTHING
from tongban.web.boxes import Box, box_of, faults_of, place_box, read_answers, read_place, situation_box
from tongban.web.counter.person import person_boxes, read_person
from tongban.web.door import Visit, only
from tongban.web.mishaps import sentence_of, sentences, status_of
from tongban.web.uploads import ACCEPT, keep_upload

GROWING = ("narrow", "more", "refresh")


@dataclass
class Typed:
    """What stands on the form. place: of the authority; person: kind, name, id_type, id_number, phone."""

    place: str = ""
    person: dict[str, str] = field(default_factory=dict)
    answers: dict[str, Any] = field(default_factory=dict)
    reason: str = ""


@require_safe
@only(Role.OFFICER)
def choose(request: Visit) -> HttpResponse:
    """The items that the authority may open by itself, as far as the officer may."""
    items = [
        (row.item_id, definition.name, definition.summary)
        for row in published_items(settings.NODE)
        if (definition := definition_in(row)).parties
        and definition.parties.ex_officio
        and _may_open(request.actor, row.item_id)
    ]
    crumbs = [(say("staff.work"), reverse("office:work")), (say("initiate.title"), "")]
    return render(request, "web/officer/initiate_choose.html", {"items": items, "crumbs": crumbs})


def _may_open(actor: Actor, item: str) -> bool:
    """At some place; at which is checked when he opens."""
    permissions = permissions_of(actor.person) if actor.person else []
    acts = {EVERYTHING, str(Act.OPEN)}
    return any(acts & permission.acts and permission.item in (EVERYTHING, item) for permission in permissions)


@require_http_methods(["GET", "POST"])
@only(Role.OFFICER)
def initiate_case(request: Visit, key: str) -> HttpResponse:
    definition = get_definition(key, settings.NODE)[1]
    if definition.parties is None or not definition.parties.ex_officio or not _may_open(request.actor, key):
        raise Rejected("not_found")
    if request.method != "POST":
        return _form(request, definition, Typed())
    typed = _read(request, definition)
    if any(button in request.POST for button in GROWING):
        return _form(request, definition, typed)
    try:
        step = initiate(
            request.actor,
            item=key,
            place=typed.place,
            concerned={name: typed.person[name] for name in ("kind", "name", "id_type", "id_number", "phone")},
            answers=typed.answers,
            materials=_materials(request, definition),
            reason=typed.reason,
        )
    except Rejected as refusal:
        return _form(request, definition, typed, refusal=refusal)
    messages.success(request, say("initiate.done"))
    return redirect("office:case", case_id=step.case_id)


def _read(request: Visit, definition: Definition) -> Typed:
    shown = set(request.POST.getlist("shown"))
    situations = [entry for entry in definition.situations if entry.key in shown]
    fields = [entry for entry in definition.fields if entry.name in shown]
    answers = tidy_answers(definition, read_answers(fields, situations, request.POST))
    return Typed(
        place=read_place("place", request.POST),
        person=read_person(request.POST),
        answers=answers,
        reason=request.POST.get("reason", "").replace("\r\n", "\n").strip(),
    )


def _materials(request: Visit, definition: Definition) -> list[dict[str, Any]]:
    found = []
    for material in definition.materials:
        upload = request.FILES.get(f"material.{material.key}")
        if upload is not None:
            file = keep_upload(request.actor, upload)
            found.append({"key": material.key, "digest": file.digest, "name": upload.name or material.name})
    return found


def _form(request: Visit, definition: Definition, typed: Typed, *, refusal: Rejected | None = None) -> HttpResponse:
    wrong = sentences(refusal) if refusal else {}
    situations, fields = _questions(request, definition, typed, wrong)
    persons = _persons(request, definition, wrong)
    first = [place_box("place", say("initiate.place"), typed.place, wrong=wrong.get("place", ""))]
    hint = say("initiate.reason_hint")
    last = [Box("reason", say("initiate.reason"), "long_text", typed.reason, hint=hint, wrong=wrong.get("reason", ""))]
    errors = [fault for boxes in (first, persons, situations, fields, last) for fault in faults_of(boxes)]
    content = {
        "item": definition,
        "first": first,
        "persons": persons,
        "situations": situations,
        "fields": fields,
        "last": last,
        "materials": definition.materials,
        "accept": ACCEPT,
        "shown": [box.name for box in (*situations, *fields)],
        "errors": errors,
        "refused": sentence_of(refusal) if refusal and not errors else "",
        "crumbs": [
            (say("staff.work"), reverse("office:work")),
            (say("initiate.title"), reverse("office:new")),
            (definition.name, ""),
        ],
    }
    return render(request, "web/officer/initiate.html", content, status=status_of(refusal) if refusal else 200)


def _persons(request: Visit, definition: Definition, wrong: Mapping[str, str]) -> list[Box]:
    """Who is concerned; how a counter makes sure of him is not asked here."""
    post = request.POST if request.method == "POST" else None
    named = {f"person.{name}": text for name, text in wrong.items()}
    return [box for box in person_boxes(definition, post, named) if box.name not in ("way", "way_note")]


def _questions(
    request: Visit, definition: Definition, typed: Typed, wrong: Mapping[str, str]
) -> tuple[list[Box], list[Box]]:
    """The form of the item; where it lies is asked once, above."""
    faults = {path.removeprefix("answers."): text for path, text in wrong.items() if path.startswith("answers.")}
    grow = request.POST.get("more", "")
    situations = [
        situation_box(entry, typed.answers.get(entry.key), faults)
        for entry in visible_situations(definition, typed.answers)
    ]
    fields = [
        box_of(entry, typed.answers.get(entry.name), faults, grow=entry.name == grow)
        for entry in visible_fields(definition, typed.answers)
        if entry.name != definition.home.field
    ]
    return situations, fields
