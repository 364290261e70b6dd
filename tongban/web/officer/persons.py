"""A decision for many persons: granted, but for those that are ticked, each with a reason."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.http import QueryDict

from tongban.base.identifiers import mask_name, mask_number
from tongban.cases.queries.views import View
from tongban.cases.rules.parts import PartStatus
from tongban.cases.rules.table import Act
from tongban.catalogue.rules import Definition
from tongban.catalogue.rules.taking_part import Named, persons
from tongban.orgs.queries import place_names


@dataclass(frozen=True, slots=True)
class PersonPoint:
    """One person. ticked: to be denied; from_elsewhere: because another place has not let him pass."""

    path: str
    name: str
    number: str
    place: str
    ticked: bool
    reason: str
    from_elsewhere: bool
    wrong: str

    @property
    def id(self) -> str:
        return "deny-" + self.path.replace(".", "-")


def person_points(
    view: View,
    definition: Definition,
    typed: Sequence[Mapping[str, str]] | None,
    faults: Mapping[str, str],
    *,
    opened: bool,
) -> list[PersonPoint]:
    """Empty where it was not filed for many. typed: who is to be denied; None before the officer has said so.

    opened: whether he has opened the dossier; only then whole names are shown.
    """
    found = persons(definition, (view.dossier or {}).get("answers") or {})
    elsewhere = refused_elsewhere(view, found)
    denied = {row["person"]: row["reason"] for row in typed} if typed is not None else elsewhere
    order = {row["person"]: number for number, row in enumerate(typed or ())}
    places = place_names({person.place for person in found if person.place})
    return [
        PersonPoint(
            path=person.path,
            name=person.name if opened else mask_name(person.name),
            number=person.number if opened else mask_number(person.number),
            place=places.get(person.place, person.place),
            ticked=person.path in denied,
            reason=denied.get(person.path, ""),
            from_elsewhere=person.path in elsewhere,
            wrong=faults.get(f"denied.{order.get(person.path, -1)}.reason", ""),
        )
        for person in found
    ]


def refused_elsewhere(view: View, found: Sequence[Named]) -> dict[str, str]:
    """Person -> reason, where the place that he names has refused him, or its whole part.

    A place was told of its own persons alone: the first that it names is the first of them here.
    """
    refused: dict[str, str] = {}
    for entry in view.timeline:
        place = str(entry.facts.get("part", "")).partition("@")[2]
        mine = [person for person in found if person.place and person.place == place]
        if entry.act != Act.PART_DECIDED or not mine:
            continue
        if entry.facts.get("outcome") == PartStatus.REFUSED:
            refused |= {person.path: str(entry.said.get("reason") or "") for person in mine}
        for row in entry.said.get("denied") or []:
            number = str(row["person"]).rpartition(".")[2]
            if number.isdigit() and int(number) < len(mine):
                refused[mine[int(number)].path] = str(row["reason"])
    return refused


def read_denied(post: QueryDict) -> list[dict[str, str]]:
    """Who is ticked, and the reason written for each."""
    return [{"person": path, "reason": str(post.get(f"why:{path}", "")).strip()} for path in post.getlist("deny")]
