"""A draft, its pages, and the frame that all of them share."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render

from tongban.applications.models import Application
from tongban.applications.queries import Moved, content_of, definition_of, get_application, moved
from tongban.base.words import say
from tongban.catalogue.queries import definition_in, find_version, get_definition
from tongban.catalogue.rules import Definition, needed_materials
from tongban.catalogue.rules.comparing import differences
from tongban.orgs.queries import place_name
from tongban.web.citizen.wizard import frame
from tongban.web.door import Visit

STEPS = ("situations", "form", "materials", "check")


@dataclass(frozen=True, slots=True)
class Draft:
    """An application in the making, with what its item asks for."""

    application: Application
    definition: Definition
    content: dict[str, Any]

    @property
    def answers(self) -> dict[str, Any]:
        answers: dict[str, Any] = self.content["answers"]
        return answers

    @property
    def steps(self) -> list[str]:
        """The pages of this application: none that would have nothing to ask for."""
        has = {
            "situations": bool(self.definition.situations),
            "form": bool(self.definition.fields),
            "materials": bool(needed_materials(self.definition, self.answers)),
            "check": True,
        }
        return [step for step in STEPS if has[step]]

    def address(self, step: str) -> str:
        return f"/apply/{self.application.id}/{step}/"

    def after(self, step: str) -> str:
        steps = self.steps
        return self.address(steps[steps.index(step) + 1])


def read_draft(request: Visit, application_id: UUID) -> Draft:
    """Raises Rejected("not_found")."""
    application = get_application(request.actor, application_id)
    definition = definition_of(application)
    return Draft(application, definition, content_of(application))


def page_of(draft: Draft, path: str) -> str:
    kind, _, name = path.partition(".")
    if kind == "materials":
        return "materials"
    return "situations" if any(entry.key == name for entry in draft.definition.situations) else "form"


def render_page(
    request: Visit, draft: Draft, step: str, template: str, content: dict[str, Any], status: int
) -> HttpResponse:
    application = draft.application
    framed = {
        **frame({name: say(f"apply_step.{name}") for name in draft.steps}, step, draft.address),
        "matter": draft.definition.name,
        "kept_at": application.changed_at,
        "given_up_at": f"/apply/{application.id}/drop/",
        "draft": application,
        "definition": draft.definition,
        "place": _where(draft),
        "mode": say(f"mode.{application.mode}"),
        **_change(draft),
    }
    return render(request, f"web/citizen/apply/{template}.html", {**framed, **content}, status=status)


def _change(draft: Draft) -> dict[str, object]:
    """What has become of the item since the draft was begun, and in what the new version differs."""
    application = draft.application
    how = moved([application]).get(application.id)
    if how is None or how == Moved.CLOSED:
        return {"moved": how}
    version = find_version(application.item, application.standard)
    before = get_definition(application.item, application.standard, application.version)[1]
    changed = differences(before, definition_in(version)) if version else ()
    return {"moved": how, "version": version, "differences": changed}


def _where(draft: Draft) -> str:
    """Where the application goes; a query may go to several places."""
    named = draft.answers.get(draft.definition.home.field)
    several = draft.definition.home.fan_out and (not named or len(named) > 1)
    return say("citizen.several_places") if several else place_name(draft.application.place)
