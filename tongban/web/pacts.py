"""Agreements in words, for the public page and for the operator who signs them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from fnmatch import fnmatchcase

from tongban.base.words import say
from tongban.catalogue.rules.agreements import EVERYWHERE, HUB, Agreement, Concluded, Term
from tongban.catalogue.rules.effects import Change, Effect
from tongban.orgs.queries import place_name
from tongban.web.context import nodes


@dataclass(frozen=True, slots=True)
class Party:
    """A place that is party to an agreement, its node, and whether that node has signed."""

    name: str
    node: str
    signed: bool


@dataclass(frozen=True, slots=True)
class ShownTerm:
    """What is agreed for some items. items: key and name of each."""

    items: tuple[tuple[str, str], ...]
    modes: str
    rights: str
    starts: date
    until: date | None
    note: str
    source: str


@dataclass(frozen=True, slots=True)
class Shown:
    """One version in words. standing: pending, ahead, in_force or ended; tone: class of its tag."""

    agreement: Agreement
    kind: str
    parties: tuple[Party, ...]
    terms: tuple[ShownTerm, ...]
    standing: str
    tone: str


@dataclass(frozen=True, slots=True)
class ShownChange:
    """What opens, closes or becomes different between two places, item by item."""

    change: str
    tone: str
    here: str
    there: str
    items: tuple[tuple[str, str], ...]


TONES = {"pending": "tag-wait", "ahead": "tag-wait", "in_force": "tag-good", "ended": ""}
CHANGE_TONES = {Change.OPENS: "tag-good", Change.CLOSES: "tag-warn", Change.DIFFERS: "tag-wait"}


def standing_of(concluded: Concluded, on: date) -> str:
    agreement = concluded.agreement
    if agreement.until is not None and on > agreement.until:
        return "ended"
    if concluded.missing and len(concluded.signed & agreement.signers) < min(2, len(agreement.signers)):
        return "pending"
    return "ahead" if on < agreement.starts else "in_force"


def shown(concluded: Concluded, names: dict[str, str], on: date) -> Shown:
    """names: key -> name of every item of the plan."""
    agreement, standing = concluded.agreement, standing_of(concluded, on)
    return Shown(
        agreement=agreement,
        kind=say(f"agreement_kind.{agreement.kind}"),
        parties=tuple(_party(party, concluded) for party in agreement.parties),
        terms=tuple(_term(term, names) for term in agreement.terms),
        standing=say(f"agreement_standing.{standing}"),
        tone=TONES[standing],
    )


def _party(party: str, concluded: Concluded) -> Party:
    node = HUB if party == EVERYWHERE else party[:2]
    name = say("agreement.everywhere") if party == EVERYWHERE else place_name(party.ljust(12, "0"))
    return Party(name, nodes().get(node, (node, ""))[0], node in concluded.signed)


def _term(term: Term, names: dict[str, str]) -> ShownTerm:
    items = [(key, name) for key, name in names.items() if any(fnmatchcase(key, pattern) for pattern in term.items)]
    return ShownTerm(
        items=tuple(sorted(items)),
        modes="、".join(say(f"mode.{mode}") for mode in term.modes),
        rights="、".join(say(f"right.{right}") for right in term.rights),
        starts=term.starts,
        until=term.until,
        note=term.note,
        source=str(term.source),
    )


def changes(effects: Iterable[Effect], names: dict[str, str]) -> list[ShownChange]:
    """One entry for each pair of places and kind of change, what opens first."""
    grouped: dict[tuple[Change, str, str], list[tuple[str, str]]] = {}
    for effect in effects:
        modes = "、".join(say(f"mode.{mode}") for mode in effect.after or effect.before)
        item = (names.get(effect.item, effect.item), modes)
        grouped.setdefault((effect.change, effect.place, effect.authority_place), []).append(item)
    return [
        ShownChange(
            say(f"agreement_change.{change}"), CHANGE_TONES[change], place_name(here), place_name(there), tuple(items)
        )
        for (change, here, there), items in sorted(grouped.items(), key=lambda entry: list(Change).index(entry[0][0]))
    ]
