"""The numbered papers of a case: one HTML page a legal turn, whose digest stands in the step."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date
from typing import Any

from django.template.loader import render_to_string

from tongban.base.canonical import digest
from tongban.base.words import say
from tongban.cases.rules.parts import read_date
from tongban.catalogue.rules.definition import Definition
from tongban.catalogue.rules.flow import Stage

ADVERSE = frozenset({"refusal_notice", "denial_decision", "measure_decision", "revocation"})


@dataclass(frozen=True, slots=True)
class PersonLine:
    """One of the persons for whom it was filed. reason: why he is denied, None when he is granted."""

    name: str
    reason: str | None


@dataclass(frozen=True, slots=True)
class Addressed:
    """To whom a paper goes and whom it is about. applicants: all who apply, by name.

    subject: whom the matter is about, where that is somebody else. persons: what was decided for each of them.
    """

    applicants: tuple[str, ...]
    subject: str
    persons: tuple[PersonLine, ...]


@dataclass(frozen=True, slots=True)
class Paper:
    """kind: a key of `[document]` in the words. title: what it is called, for a stage's own document as the item says.

    number: unique at the home. html: the whole page.
    """

    kind: str
    title: str
    number: str
    html: str

    @property
    def digest(self) -> str:
        return digest(self.html.encode())


@dataclass(frozen=True, slots=True)
class Refused:
    """A stage that did not pass. place: name of the other place, empty at the home."""

    stage: str
    place: str


@dataclass(frozen=True, slots=True)
class Occasion:
    """What a paper is written about.

    number, day: of the paper. to: whom it goes to and whom it is about. organ: name, address and phone of the deciding
    organ. content, facts: what the act said. deemed: by silence. stage: the one whose own document this is (准迁证 …).
    refused: stages that did not pass.
    """

    number: str
    day: date
    item: Definition
    organ: Mapping[str, str]
    to: Addressed
    content: Mapping[str, Any]
    facts: Mapping[str, Any]
    case_number: str
    received_on: date
    deemed: bool = False
    stage: Stage | None = None
    refused: tuple[Refused, ...] = ()


def write_paper(kind: str, occasion: Occasion) -> Paper:
    """Fill in the page of the kind."""
    facts = occasion.facts
    title = say(f"document.{kind}")
    if occasion.stage and occasion.stage.document:
        title = occasion.stage.document
    shown = {entry.name: getattr(occasion, entry.name) for entry in fields(occasion)}
    told = {
        "kind": kind,
        "title": title,
        "valid_until": read_date(facts.get("valid_until")),
        "answer_by": read_date(facts.get("answer_by")),
        "targets": _targets(occasion.item, occasion.content),
        "pause": say(f"pause.{facts['kind']}") if kind == "suspension_notice" else "",
        "way": say(f"way.{facts['way']}") if facts.get("way") else "",
        "adverse": ADVERSE,
    }
    html = render_to_string("cases/documents/paper.html", shown | told)
    return Paper(kind, title, occasion.number, html)


def _targets(definition: Definition, content: Mapping[str, Any]) -> list[dict[str, str]]:
    labels = {f"field:{field.name}": field.label for field in definition.fields}
    labels |= {f"material:{material.key}": material.name for material in definition.materials}
    return [
        {"label": labels[target["target"]], "problem": target["problem"]} for target in content.get("targets") or []
    ]
