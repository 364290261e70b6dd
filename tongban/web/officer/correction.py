"""The one correction notice: every field and every paper on one form, a tick and what is wrong with each."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.http import QueryDict

from tongban.base.words import say
from tongban.cases.queries.views import View
from tongban.catalogue.rules import Definition, needed_materials
from tongban.web.boxes import Box
from tongban.web.officer.inputs import OPINION
from tongban.web.shown import shown_fields


@dataclass(frozen=True, slots=True)
class Point:
    """Something that a notice can ask for. given: what was handed in; wrong: what is wrong with this line."""

    target: str
    label: str
    given: str
    ticked: bool
    problem: str
    wrong: str

    @property
    def id(self) -> str:
        return "t-" + self.target.replace(":", "-")


def points_for(
    view: View,
    definition: Definition,
    typed: Sequence[Mapping[str, str]],
    faults: Mapping[str, str],
    *,
    opened: bool,
) -> list[Point]:
    """Fields first, then papers, as the item asks for them under these answers.

    opened: whether the officer has opened the dossier; what was answered is shown only then.
    """
    dossier = view.dossier or {"answers": {}, "materials": []}
    problems = {entry["target"]: (entry["problem"], number) for number, entry in enumerate(typed)}
    files = {entry["key"]: entry.get("name", "") for entry in dossier["materials"]}
    answers = dossier["answers"]
    wanted = [
        (f"field:{entry.name}", entry.label, "；".join(entry.lines)) for entry in shown_fields(definition, answers)
    ]
    wanted += [
        (f"material:{material.key}", material.name, files.get(material.key, ""))
        for material in needed_materials(definition, answers)
    ]
    return [_point(target, label, given if opened else "", problems, faults) for target, label, given in wanted]


def _point(
    target: str, label: str, given: str, problems: Mapping[str, tuple[str, int]], faults: Mapping[str, str]
) -> Point:
    problem, number = problems.get(target, ("", -1))
    wrong = faults.get(f"targets.{number}.problem") or faults.get(f"targets.{number}.target") or ""
    return Point(target, label, given, target in problems, problem, wrong)


def read_targets(post: QueryDict) -> list[dict[str, str]]:
    """What was ticked; a problem that was written without a tick is meant as well."""
    ticked = post.getlist("target")
    written = [
        name.removeprefix("problem:") for name in post if name.startswith("problem:") and str(post[name]).strip()
    ]
    return [
        {"target": target, "problem": str(post.get(f"problem:{target}", "")).strip()}
        for target in dict.fromkeys([*ticked, *written])
    ]


def boxes_of(view: View, typed: Mapping[str, Any], faults: Mapping[str, str]) -> list[Box]:
    """A second notice says why the first did not say everything."""
    boxes = []
    if view.state.corrections:
        wrong = faults.get("reason", "")
        label, hint = say("input.correct_again"), say("input.correct_again_hint")
        boxes.append(Box("reason", label, "long_text", typed.get("reason", ""), hint=hint, wrong=wrong))
    return [*boxes, replace(OPINION, value=typed.get("opinion", ""))]
