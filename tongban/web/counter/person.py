"""Who stands at the counter: the boxes for his identity and how it was checked."""

from collections.abc import Mapping
from dataclasses import replace

from django.http import QueryDict

from tongban.applications.rules import IDENTITY_WAYS, SERVED_AS
from tongban.base.identifiers import tidy
from tongban.base.words import say
from tongban.catalogue.rules import Definition, Option
from tongban.people.rules import IdType, Kind
from tongban.web.boxes import Box, choices_of

TYPED = ("name", "id_number", "phone")
CARDS = tuple(id_type for id_type in IdType if id_type is not IdType.CREDIT_CODE)


class Select(Box):
    """A choice that takes one line, however few its options."""

    __slots__ = ()

    @property
    def is_select(self) -> bool:
        return True


def person_boxes(definition: Definition, post: QueryDict | None, wrong: Mapping[str, str]) -> list[Box]:
    """Empty, or with what was typed and what is wrong with it. wrong: "person.<name>" -> sentence."""
    kinds = [kind for kind in Kind if SERVED_AS[kind] in definition.served]
    typed = read_person(post) if post is not None else {}
    boxes = [
        _select("kind", {kind: say(f"kind.{kind}") for kind in kinds}, typed.get("kind") or kinds[0]),
        _box("name", value=typed.get("name", "")),
        _select("id_type", {card: say(f"id_type.{card}") for card in CARDS}, typed.get("id_type") or CARDS[0]),
        _box("id_number", "identity_number", typed.get("id_number", ""), hint=say("person.id_number_hint")),
        _box("phone", "phone", typed.get("phone", ""), required=False),
    ]
    ways = {way: say(f"identity_way.{way}") for way in IDENTITY_WAYS}
    boxes.append(_select("way", ways, post.get("way", "") if post else IDENTITY_WAYS[0]))
    boxes.append(_box("way_note", value=post.get("way_note", "") if post else "", required=False))
    return [replace(box, wrong=wrong.get(f"person.{box.name}", "")) for box in boxes]


def _box(name: str, kind: str = "text", value: str = "", *, required: bool = True, hint: str = "") -> Box:
    return Box(name, say(f"person.{name}"), kind, value, required=required, hint=hint)


def _select(name: str, options: Mapping[str, str], value: str) -> Box:
    return select_box(name, say(f"person.{name}"), options, value)


def select_box(name: str, label: str, options: Mapping[str, str], value: str) -> Box:
    """A choice of one line. options: value -> word."""
    choices = choices_of([Option(key, text) for key, text in options.items()], value)
    return Select(name, label, "choice", value, choices=choices)


def read_person(post: QueryDict) -> dict[str, str]:
    """What was typed; a body that is no natural person is known by its credit code."""
    typed = {name: post.get(name, "").strip() for name in ("kind", "name", "id_type", "phone")}
    if typed["kind"] != Kind.NATURAL:
        typed["id_type"] = IdType.CREDIT_CODE
    return {**typed, "id_number": tidy(post.get("id_number", ""))}
