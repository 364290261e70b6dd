"""What a bundle (一件事) is: the frozen form of a file in `tongban/data/bundles`.

Its parts are items of the plan. What several of them ask is asked once, by a question of the bundle.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from tongban.base.limits import Limit
from tongban.catalogue.rules.form import Condition, Example, Field, Situation, Source

HERE = "@here"
"""Home of a part that is wherever the person is."""
AFTER_DAY = "@after"
"""Answer of a part: the day on which the part before it was granted."""
FIXED = "="
"""Begins an answer that follows from the bundle and is not asked."""


@dataclass(frozen=True, slots=True)
class Shared:
    """A paper that is uploaded once for the parts that name it."""

    key: str
    name: str
    help: str = ""


@dataclass(frozen=True, slots=True)
class Part:
    """One item of the plan within the bundle.

    name: what it is in the person's words. when: the answers under which she needs it; always, without.
    home: the question of the bundle whose answer names the home, or `@here`. after: the part, or what is done
    elsewhere, that has to be over before. later: questions and papers of the item that can only be answered then.
    answers: question of the item -> question of the bundle, "=value" or "@after"; what is not named is asked under the
    part. materials: paper of the item -> paper of the bundle.
    """

    key: str
    item: str
    name: str
    home: str
    source: Source
    when: Condition | None = None
    after: str = ""
    after_source: Source | None = None
    later: tuple[str, ...] = ()
    answers: Mapping[str, str] | None = None
    materials: Mapping[str, str] | None = None

    def target(self, question: str) -> str:
        """What answers a question of the item: a question of the bundle, a fixed value, or its own (`part.name`)."""
        return (self.answers or {}).get(question) or own_name(self.key, question)

    def paper(self, material: str) -> str:
        """Under which name a paper of the item is uploaded."""
        return (self.materials or {}).get(material) or own_name(self.key, material)


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """Belongs to the event and is not handed in here. where: who does it; how: the way there, for the person.

    item: the item of the plan that it is, where that one is not open on the platform yet or not for this person.
    """

    key: str
    name: str
    where: str
    how: str
    source: Source
    when: Condition | None = None
    after: str = ""
    limit: Limit | None = None
    item: str = ""


@dataclass(frozen=True, slots=True)
class Bundle:
    """event: how the State Council's opinions call it, empty where they do not. served: 服务对象, as items name them.

    examples: complete answers; what is asked under a part stands there by its own name (`part.question`), or the answer
    under the key of the part names an example of its item.
    """

    key: str
    version: int
    name: str
    event: str
    summary: str
    served: tuple[str, ...]
    source: Source
    situations: tuple[Situation, ...]
    fields: tuple[Field, ...]
    materials: tuple[Shared, ...]
    parts: tuple[Part, ...]
    elsewhere: tuple[Elsewhere, ...]
    examples: tuple[Example, ...]
    sources: Mapping[str, str]

    def part(self, key: str) -> Part | None:
        return next((entry for entry in self.parts if entry.key == key), None)

    def field(self, name: str) -> Field | None:
        return next((entry for entry in self.fields if entry.name == name), None)

    def shared(self, key: str) -> Shared | None:
        return next((entry for entry in self.materials if entry.key == key), None)


def own_name(part: str, question: str) -> str:
    return f"{part}.{question}"
