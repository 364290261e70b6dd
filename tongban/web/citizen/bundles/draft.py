"""A bundle in the making, its pages, and the frame that all of them share."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render

from tongban.base.words import say
from tongban.bundles.models import Bundle as Row
from tongban.bundles.queries import content_of, faults_of, get_bundle, get_made, prospects_of
from tongban.bundles.rules.asking import Group, Open, Paper, asked_first, first_faults, groups, papers
from tongban.bundles.rules.definition import Bundle
from tongban.bundles.rules.planning import Prospect, opened
from tongban.orgs.queries import place_name
from tongban.web.citizen.wizard import frame
from tongban.web.door import Visit

STEPS = ("situations", "parts", "form", "materials", "check")


@dataclass(frozen=True, slots=True)
class Draft:
    row: Row
    bundle: Bundle
    content: dict[str, Any]
    prospects: list[Prospect]

    @property
    def answers(self) -> dict[str, Any]:
        answers: dict[str, Any] = self.content["answers"]
        return answers

    @property
    def opened(self) -> list[Open]:
        return opened(self.prospects, self.row.place)

    @property
    def first(self) -> Group:
        return asked_first(self.bundle, self.answers)

    @property
    def groups(self) -> list[Group]:
        return groups(self.bundle, self.opened, self.answers)

    @property
    def papers(self) -> list[Paper]:
        return papers(self.bundle, self.opened, self.answers)

    @property
    def faults(self) -> dict[str, str]:
        return faults_of(self.row, self.content, self.prospects)

    @property
    def is_begun(self) -> bool:
        """The first questions are answered, so that it can be said which parts apply."""
        return not first_faults(self.bundle, self.answers)

    @property
    def steps(self) -> list[str]:
        """None that would have nothing to ask for."""
        has = {"form": bool(self.groups), "materials": bool(self.papers)}
        return [step for step in STEPS if has.get(step, True)]

    def address(self, step: str) -> str:
        return f"/my/bundles/{self.row.id}/{step}/"

    def after(self, step: str) -> str:
        steps = self.steps
        return self.address(steps[steps.index(step) + 1])

    def page_of(self, path: str) -> str:
        """Where the person mends what is wrong."""
        kind, _, name = path.partition(".")
        if kind != "answers":
            return "materials" if kind == "materials" else "parts"
        first = {question.partition(".")[0] for question in self.first.names}
        return "situations" if name.partition(".")[0] in first else "form"


def read_draft(request: Visit, made_id: UUID) -> Draft:
    """Raises Rejected("not_found")."""
    row = get_made(request.actor, made_id)
    content = content_of(row)
    return Draft(row, get_bundle(row.key), content, prospects_of(row, content["answers"]))


def with_answers(draft: Draft, answers: dict[str, Any]) -> Draft:
    """The draft as it would be, to show what was typed although it was not kept."""
    return Draft(draft.row, draft.bundle, {**draft.content, "answers": answers}, prospects_of(draft.row, answers))


def render_page(
    request: Visit, draft: Draft, step: str, template: str, content: dict[str, Any], status: int = 200
) -> HttpResponse:
    framed = {
        **frame({name: say(f"bundle_step.{name}") for name in draft.steps}, step, draft.address),
        "matter": say("bundle.matter", name=draft.bundle.name),
        "kept_at": draft.row.changed_at,
        "given_up_at": f"/my/bundles/{draft.row.id}/drop/",
        "row": draft.row,
        "bundle": draft.bundle,
        "place": place_name(draft.row.place),
    }
    return render(request, f"web/citizen/bundles/{template}.html", {**framed, **content}, status=status)
