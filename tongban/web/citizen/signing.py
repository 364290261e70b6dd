"""What waits for my signature: found by my number, shown whole, signed under my own log-in."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from tongban.applications.actions import sign as sign_matter
from tongban.applications.models import Signature
from tongban.applications.queries import get_to_sign, matters_of, to_sign
from tongban.applications.queries.signing import Matter
from tongban.base.errors import Rejected
from tongban.base.words import say
from tongban.catalogue.queries import item_names
from tongban.files.queries import find_file, open_file
from tongban.journal.actions import record_look
from tongban.orgs.queries import place_name
from tongban.web.boxes import Fault
from tongban.web.door import Visit, for_persons
from tongban.web.mishaps import sentence_of, status_of
from tongban.web.paperwork import sent_file
from tongban.web.shown import shown_answers, shown_materials
from tongban.web.signing import signer_lines, stage_of

MOST = 50


@dataclass(frozen=True, slots=True)
class ToSign:
    """A line of the list. void: it is being changed, and nothing is to be done now. again: a supplement."""

    matter: UUID
    item: str
    again: bool
    void: bool
    asked_at: datetime


def lines_to_sign(rows: list[Signature]) -> list[ToSign]:
    """By as many questions to the database for one row as for many."""
    matters, names = matters_of([row.matter for row in rows]), item_names()
    return [
        ToSign(
            matter=row.matter,
            item=names.get(matters[row.matter][0], matters[row.matter][0]),
            again=matters[row.matter][1],
            void=row.state == Signature.State.VOID,
            asked_at=row.asked_at,
        )
        for row in rows
        if row.matter in matters
    ]


@require_safe
@for_persons
def waiting(request: Visit) -> HttpResponse:
    rows = list(to_sign(request.actor)[:MOST])
    return render(request, "web/citizen/to_sign.html", {"lines": lines_to_sign(rows)})


@require_http_methods(["GET", "POST"])
@for_persons
def sign(request: Visit, matter: UUID) -> HttpResponse:
    """The whole of it, what is new in it, who signs besides, and the box to sign."""
    errors: list[Fault] = []
    notice, status = "", 200
    if request.method == "POST":
        if request.POST.get("agree") != "yes":
            errors, status = [Fault("agree", say("signing.agree"), say("signing.agree_missing"))], 422
        else:
            try:
                sign_matter(request.actor, matter, digest=request.POST.get("digest", ""))
                messages.success(request, say("signing.signed"))
                return redirect("sign", matter)
            except Rejected as refusal:
                notice, status = sentence_of(refusal), status_of(refusal)
    found, row = get_to_sign(request.actor, matter)
    if row.no != 1:
        purpose = say("purpose.signing")
        record_look(request.actor, subject=found.person, case=found.case, what="application", purpose=purpose)
    lines = signer_lines(matter)
    content = whole_of(found) | {
        "row": row,
        "lines": lines,
        "stage": stage_of(line.state for line in lines),
        "errors": errors,
        "notice": notice,
        "is_mine": row.no == 1,
    }
    return render(request, "web/citizen/sign.html", content, status=status)


def whole_of(matter: Matter) -> dict[str, object]:
    """Everything that is signed, for reading; what a supplement changes is marked."""
    definition = matter.definition
    changed = matter.changed or {}
    new = {*(changed.get("answers") or {}), *(material["key"] for material in changed.get("materials") or ())}
    named = shown_materials(definition, matter.answers, matter.materials)
    return {
        "matter": matter,
        "definition": definition,
        "place": place_name(matter.place),
        "mode": say(f"mode.{matter.mode}"),
        "answers": [(shown, shown.name in new) for shown in shown_answers(definition, matter.answers)],
        "materials": [
            (shown, material.get("digest", ""), shown.name in new)
            for shown, material in zip(named, matter.materials, strict=True)
        ],
        "together": definition.parties is not None and definition.parties.together,
    }


@require_safe
@for_persons
def material(request: Visit, matter: UUID, digest: str) -> HttpResponseBase:
    """A paper of what I am asked to sign."""
    found, _ = get_to_sign(request.actor, matter)
    named = [entry for entry in found.materials if entry.get("digest") == digest]
    file = find_file(digest) if named else None
    if file is None:
        raise Rejected("not_found")
    return sent_file(file, open_file(digest), name=str(named[0].get("name") or digest[:12]))
