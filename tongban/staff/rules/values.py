"""Cells of a sheet as the program reads them: by the words that people use, or by the program's own."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from tongban.base.actor import Role
from tongban.base.errors import Rejected
from tongban.base.words import say
from tongban.orgs.rules import Nature, OrganKind, full_code, stem
from tongban.people.rules import STAFF
from tongban.staff.rules.rights import ALL, RIGHTS

_DAY = re.compile(r"(\d{4})[-/.\u5e74](\d{1,2})[-/.\u6708](\d{1,2})\u65e5?")
_BETWEEN = re.compile(r"[、，,；;/\s]+")


@dataclass(frozen=True, slots=True)
class Reader:
    """kinds: of organs. items: name -> key of the catalogue. node: whose sheets these are."""

    kinds: Iterable[OrganKind]
    items: Mapping[str, str]
    node: str

    def kind(self, text: str) -> str:
        """By its key or by what it is called on any level; the text itself when it is none."""
        return next((kind.key for kind in self.kinds if text in (kind.key, *kind.names.values())), text)

    def nature(self, text: str) -> str:
        """By its digit, its word, or both."""
        names = {str(nature): say(f"nature.{nature}") for nature in Nature}
        return next((key for key, name in names.items() if text in (key, name) or text == f"{key} {name}"), text)

    def role(self, text: str) -> Role | None:
        return next((role for role in STAFF if text in (str(role), say(f"role.{role}"))), None)

    def acts(self, text: str) -> list[str]:
        """The acts named; none for "none", and what is no act stays as it is."""
        if text == say("granted.none"):
            return []
        names = {say(f"act.{act}"): act for act in RIGHTS} | {say("granted.all"): ALL}
        return [names.get(part, part) for part in _BETWEEN.split(text) if part]

    def item(self, text: str) -> str:
        return ALL if text == say("granted.all") else self.items.get(text, text)

    def region(self, text: str) -> str:
        """How the codes of its places begin; the text itself when it is no code."""
        if text == say("granted.all"):
            return self.node
        try:
            return stem(full_code(text))
        except ValueError:
            return text

    @staticmethod
    def day(text: str) -> date | None:
        """None for an empty cell. Raises Rejected("day_form")."""
        if not text:
            return None
        found = _DAY.fullmatch(text)
        try:
            return date(*(int(part) for part in found.groups())) if found else _no_day()
        except ValueError as error:
            raise Rejected("day_form") from error


def _no_day() -> date:
    raise Rejected("day_form")
