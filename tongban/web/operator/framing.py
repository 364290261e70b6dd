"""What the pages of organs and of staff share: two lists under one word of the navigation, and forms."""

from collections.abc import Mapping
from dataclasses import replace

from django.urls import reverse

from tongban.base.actor import Actor
from tongban.base.errors import Rejected
from tongban.base.identifiers import PROVINCES
from tongban.base.words import say
from tongban.orgs.rules import full_code
from tongban.web.boxes import Box
from tongban.web.mishaps import sentence_of, sentences


def tabs(now: str) -> list[dict[str, object]]:
    return [
        {"name": say("organ_page.organs"), "address": reverse("ops:organs"), "now": now == "organs"},
        {"name": say("organ_page.staff"), "address": reverse("ops:staff"), "now": now == "staff"},
    ]


def crumbs(*further: tuple[str, str]) -> list[tuple[str, str]]:
    return [(say("organ_page.title"), reverse("ops:organs") if further else ""), *further]


def province(actor: Actor) -> str:
    """The division that this node is, to begin a choice of places with; empty where the node has all of them."""
    return full_code(actor.node) if actor.node in PROVINCES else ""


def filled(box: Box, typed: Mapping[str, str], faults: Mapping[str, str]) -> Box:
    """The box with what was typed and what is wrong with it."""
    return replace(box, value=typed.get(box.name, ""), wrong=faults.get(box.name, ""))


def why_not(refusal: Rejected | None) -> str:
    """One sentence for a form of one box."""
    return "".join(sentences(refusal).values()) or sentence_of(refusal) if refusal else ""
