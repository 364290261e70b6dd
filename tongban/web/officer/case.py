"""The case page: where it stands, what can be done now, what happened."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from tongban.base.actor import Actor, Role
from tongban.base.words import has, say
from tongban.calendar.queries import days, today
from tongban.cases.models import Case
from tongban.cases.queries import definition_of, get_view, hindrances
from tongban.cases.queries.relations import parties_of
from tongban.cases.queries.views import View
from tongban.cases.rules.clocks import part_due
from tongban.cases.rules.parts import WAITING_STAGES, Part, PartStatus, stage_of
from tongban.cases.rules.table import Act
from tongban.catalogue.rules.definition import Definition
from tongban.catalogue.rules.kinds import Pattern
from tongban.catalogue.rules.taking_part import persons
from tongban.orgs.queries import find_organ, place_name
from tongban.people.queries import find_people, masked
from tongban.web.chronicle import chronicle
from tongban.web.door import Visit, only
from tongban.web.lines import clock_of, desk_phone, node_name, origin_of
from tongban.web.looks import is_open
from tongban.web.mishaps import sentence_of
from tongban.web.questions import paper_notes, question_of
from tongban.web.timeline import target_labels

MAIN = frozenset(
    {Act.ACCEPT, Act.PART_DECIDED, Act.GO_ON, Act.RENEW, Act.GRANT, Act.ANSWER, Act.ISSUE, Act.DELIVER, Act.CLOSE}
)
NOT_NAMED = frozenset({"nothing_asked", "nothing_expired", "applicant_asked"})
"""Reasons for which an act is not named: there is nothing that it could be about, or the page says it already."""

GRAVE = frozenset({Act.DECLINE, Act.SEND_BACK, Act.DENY, Act.REVOKE, Act.TRANSFER})

KINDS = ("primary", "outline-primary", "outline-danger")


@dataclass(frozen=True, slots=True)
class PartLine:
    """A stage of the flow. waits: it is a time that has to pass (公示, 冷静期). now: its turn has come.

    ended: the time of the document that it put out is over.
    """

    part: Part
    name: str
    place: str
    status: str
    due: date | None
    waits: bool
    now: bool
    ended: bool


@require_safe
@only(Role.OFFICER)
def show(request: Visit, case_id: UUID) -> HttpResponse:
    view = get_view(request.actor, case_id)
    return render(request, "web/officer/case.html", page_of(request, view))


def page_of(request: Visit, view: View) -> dict[str, Any]:
    definition = definition_of(view.case)
    labels = target_labels(definition)
    place = place_name(view.case.place)
    return {
        "view": view,
        "case": view.case,
        "state": view.state,
        "item": definition,
        "title": definition.name,
        "crumbs": [(say("staff.work"), "/office/"), (view.case.number, "")],
        "status": say(f"status.{view.case.status}"),
        "clock": clock_of(view.case, view.state, day=today(), calendar=days()),
        "place": place,
        "organ": find_organ(view.case.organ),
        "origin": origin_of(view.case),
        "origin_phone": desk_phone(view.case.lead_node or view.case.receiving_node),
        "applicant": masked_applicant(request.actor, view.case),
        "co_applicants": masked_parties(request.actor, view.case),
        "for_many": len(persons(definition, (view.dossier or {}).get("answers") or {})),
        "buttons": buttons(view),
        "parts": part_lines(view, definition),
        "question": question_of(view, definition),
        "papers": paper_notes(view.case, definition),
        "moments": chronicle(view.timeline, definition),
        "targets": [labels.get(target, target) for target in view.state.targets],
        "opened": is_open(request, view.case.id),
        "materials": _materials(view, definition),
    }


def masked_applicant(actor: Actor, case: Case) -> Mapping[str, str]:
    found = find_people(actor, [case.applicant]) if case.applicant else {}
    return masked(found[case.applicant]) if case.applicant in found else {}


def masked_parties(actor: Actor, case: Case) -> list[Mapping[str, str]]:
    """Those who apply together with the applicant."""
    others = [party.person for party in parties_of(case) if party.no > 1]
    found = find_people(actor, others) if others else {}
    return [masked(found[person]) for person in others if person in found]


def buttons(view: View) -> list[dict[str, str]]:
    """One for each act that is open to the officer now, none besides, those that lead on first and grave ones last.

    why: what would be refused whatever it said.
    """
    hindered = hindrances(view.case, view.acts)
    found = [
        {
            "act": str(act),
            "name": name_of(act, view.case),
            "kind": "primary" if act in MAIN else "outline-danger" if act in GRAVE else "outline-primary",
            "why": sentence_of(hindered[act]) if act in hindered else "",
        }
        for act in view.acts
        if act not in hindered or hindered[act].reason not in NOT_NAMED
    ]
    return sorted(found, key=lambda button: KINDS.index(button["kind"]))


def name_of(act: Act, case: Case) -> str:
    """What an office calls the act on its button."""
    if act is Act.DELIVER and case.pattern == Pattern.MONEY:
        return say("office_act.deliver_money")
    return say(f"office_act.{act}") if has(f"office_act.{act}") else say(f"act.{act}")


def part_lines(view: View, definition: Definition) -> list[PartLine]:
    current = {part.id for part in view.state.current_parts}
    return [_part_line(part, definition, now=part.id in current) for part in view.state.parts]


def _part_line(part: Part, definition: Definition, *, now: bool) -> PartLine:
    stage = stage_of(definition, part)
    _, _, place = part.id.partition("@")
    return PartLine(
        part=part,
        name=stage.name,
        place=place_name(place) if place else node_name(part.node or ""),
        status=say(f"part.{part.status}") if now or part.status is not PartStatus.WAITING else say("part.ahead"),
        due=part_due(part, definition, days()) if part.opened_on and part.status is PartStatus.WAITING else None,
        waits=stage.kind in WAITING_STAGES,
        now=now,
        ended=part.valid_until is not None and today() > part.valid_until,
    )


def _materials(view: View, definition: Definition) -> list[dict[str, Any]]:
    """The papers by name; what is in them is opened with the dossier."""
    names = {material.key: material.name for material in definition.materials}
    entries = view.dossier["materials"] if view.dossier else []
    return [{**entry, "title": names.get(entry["key"], entry["key"])} for entry in entries]
