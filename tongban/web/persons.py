"""What was decided for each of many persons for whom one case was filed."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from tongban.base.words import say
from tongban.cases.queries import View
from tongban.cases.rules.table import Act
from tongban.catalogue.rules import Definition
from tongban.catalogue.rules.taking_part import persons
from tongban.orgs.queries import place_names


@dataclass(frozen=True, slots=True)
class PersonLine:
    """place: the one that he names, if the item asks for it. reason: why he is denied."""

    path: str
    name: str
    number: str
    place: str
    word: str
    tag: str
    reason: str


def person_lines(view: View, definition: Definition, answers: Mapping[str, Any]) -> list[PersonLine]:
    """In the order of the application; empty where the applicant asked for himself, or nothing is decided yet."""
    decided = next((entry for entry in reversed(view.timeline) if entry.act in (Act.GRANT, Act.DENY)), None)
    if decided is None or view.state.outcome not in ("granted", "partial", "denied", "revoked"):
        return []
    denied = {row["person"]: str(row["reason"]) for row in decided.said.get("denied") or []}
    for_all = str(decided.said.get("reason", "")) if decided.act == Act.DENY else None
    found = persons(definition, answers)
    places = place_names({person.place for person in found if person.place})
    lines = []
    for person in found:
        reason = denied.get(person.path, for_all)
        outcome = "granted" if reason is None else "denied"
        lines.append(
            PersonLine(
                path=person.path,
                name=person.name,
                number=person.number,
                place=places.get(person.place, person.place),
                word=say(f"person.{outcome}"),
                tag="tag-good" if reason is None else "tag-warn",
                reason=reason or "",
            )
        )
    return lines
