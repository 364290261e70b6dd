"""What a version of an agreement would open and close between its parties: shown before anybody signs it."""

import itertools
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from tongban.catalogue.rules.agreements import EVERYWHERE, Agreement, Concluded, route
from tongban.catalogue.rules.definition import Definition
from tongban.catalogue.rules.kinds import Mode

CODE_DIGITS = 12


class Change(StrEnum):
    """opens: nobody was served so far. closes: nobody will be any more. differs: by other modes."""

    OPENS = "opens"
    CLOSES = "closes"
    DIFFERS = "differs"


@dataclass(frozen=True, slots=True)
class Effect:
    """The modes of an item before and after, for people at one place with matters at another (12-digit codes)."""

    item: str
    place: str
    authority_place: str
    before: tuple[Mode, ...]
    after: tuple[Mode, ...]

    @property
    def change(self) -> Change:
        if not self.before:
            return Change.OPENS
        return Change.DIFFERS if self.after else Change.CLOSES


def effects(
    known: Iterable[Concluded],
    proposed: Agreement,
    standards: Mapping[str, Sequence[Definition]],
    *,
    seen_from: str,
    on: date,
) -> tuple[Effect, ...]:
    """What changes on a day, for or at the province `seen_from`, once all parties have signed `proposed`.

    known: every version there is. standards: what each province has published, by its code.
    """
    before = [entry for entry in known if _identity(entry.agreement) != _identity(proposed)]
    after = [*before, Concluded(proposed, proposed.signers)]
    found = []
    for place, authority in _pairs(proposed, standards, seen_from):
        for definition in standards.get(authority[:2], ()):
            was = route(before, place=place, authority_place=authority, definition=definition, on=on).modes
            will = route(after, place=place, authority_place=authority, definition=definition, on=on).modes
            if was != will:
                found.append(Effect(definition.key, place, authority, was, will))
    return tuple(found)


def _pairs(proposed: Agreement, provinces: Iterable[str], seen_from: str) -> Iterator[tuple[str, str]]:
    parties = provinces if EVERYWHERE in proposed.parties else proposed.parties
    places = [party.ljust(CODE_DIGITS, "0") for party in sorted(parties)]
    for place, authority in itertools.permutations(places, 2):
        if seen_from in (place[:2], authority[:2]):
            yield place, authority


def _identity(agreement: Agreement) -> tuple[str, int]:
    return agreement.key, agreement.version
