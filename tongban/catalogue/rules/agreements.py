"""Agreements between places, and the one question put to them: may it be done here, how, and why."""

import functools
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from fnmatch import fnmatchcase
from typing import Any

from tongban.catalogue.rules.definition import Definition
from tongban.catalogue.rules.form import Source
from tongban.catalogue.rules.kinds import Mode
from tongban.catalogue.rules.tables import Path, read_stored, read_text
from tongban.catalogue.rules.windows import is_open, next_opening, windows_at

EVERYWHERE = "*"
HUB = "00"


class Right(StrEnum):
    """What the counter at the person's place may do for the authority.

    receive 收件, notify_once 一次性告知, check_originals 原件核验, deliver 送达, accept 授权受理.
    """

    RECEIVE = "receive"
    NOTIFY_ONCE = "notify_once"
    CHECK_ORIGINALS = "check_originals"
    DELIVER = "deliver"
    ACCEPT = "accept"


class AgreementKind(StrEnum):
    NATIONAL = "national"
    REGIONAL = "regional"
    POINT_TO_POINT = "point_to_point"
    PROVINCIAL = "provincial"


@dataclass(frozen=True, slots=True)
class Term:
    """What is agreed for some items.

    items: keys, with * and ? as in file names. authority_places, except_places: how the code of the authority's place
    begins; none named means everywhere within the parties. until is the last day.
    """

    items: tuple[str, ...]
    modes: tuple[Mode, ...]
    rights: tuple[Right, ...]
    source: Source
    starts: date
    until: date | None = None
    authority_places: tuple[str, ...] = ()
    except_places: tuple[str, ...] = ()
    note: str = ""


@dataclass(frozen=True, slots=True)
class Agreement:
    """A document signed by its parties. parties: how their division codes begin, "*" for the whole country."""

    key: str
    version: int
    kind: AgreementKind
    name: str
    document: str
    parties: tuple[str, ...]
    starts: date
    source: Source
    terms: tuple[Term, ...]
    sources: Mapping[str, str]
    until: date | None = None

    @property
    def signers(self) -> frozenset[str]:
        """The nodes that sign it: those of its parties; the hub alone for the whole country."""
        return frozenset(HUB if party == EVERYWHERE else party[:2] for party in self.parties)


@dataclass(frozen=True, slots=True)
class Concluded:
    """A version of an agreement and the nodes that have signed it; it binds those alone (contracts bind who signs)."""

    agreement: Agreement
    signed: frozenset[str]

    @property
    def missing(self) -> frozenset[str]:
        return self.agreement.signers - self.signed

    def binds(self, place: str, authority_place: str) -> bool:
        """Whether both places are parties of it and their provinces have signed it."""
        agreement = self.agreement
        if not (_covers(agreement, place) and _covers(agreement, authority_place)):
            return False
        wanted = {HUB} if EVERYWHERE in agreement.parties else {place[:2], authority_place[:2]}
        return wanted <= self.signed


@dataclass(frozen=True, slots=True)
class Route:
    """why: reason code with its facts, the sentence is under `route.<why>`; agreement: key of the one that decides."""

    allowed: bool
    modes: tuple[Mode, ...]
    rights: tuple[Right, ...]
    agreement: str | None
    why: str
    facts: Mapping[str, str]


def read_agreement(text: str, *, file: str) -> Agreement:
    """Raises Rejected("definition_faults") whose fields are "file:line" -> what is wrong."""
    return read_text(Agreement, text, file=file, check=_faults)


def agreement_of(content: Mapping[str, Any]) -> Agreement:
    """Read a stored content. Raises Rejected("definition_faults") whose fields are dotted paths."""
    return read_stored(Agreement, content, check=_faults)


def route(
    agreements: Iterable[Concluded], *, place: str, authority_place: str, definition: Definition, on: date
) -> Route:
    """Whether a person at `place` may be served for the authority at `authority_place`, by which modes, and why.

    agreements: all versions. Within one province every listed item is served everywhere (省内通办), as an agreement
    between its cities says, or else in every way. Of several agreements the one that gives most modes decides, then the
    one with most rights. Outside the item's windows nobody is served.
    """
    if not is_open(definition, authority_place, on):
        return _closed(definition, authority_place, on)
    at_home = place[:2] == authority_place[:2]
    best: Route | None = None
    refusal = Route(False, (), (), None, "no_agreement", {})
    for agreement in _applying(agreements, place, authority_place, on):
        if at_home and agreement.kind is not AgreementKind.PROVINCIAL:
            continue
        for term in agreement.terms:
            if _names(term, definition.key):
                found = _under(agreement, term, authority_place, definition, on)
                if found.allowed:
                    best = found if best is None or _weight(found) > _weight(best) else best
                else:
                    refusal = found
    if best is None and at_home:
        return Route(True, definition.modes, tuple(Right), None, "own_province", {})
    return best or refusal


def _applying(agreements: Iterable[Concluded], place: str, authority_place: str, on: date) -> list[Agreement]:
    """Of every agreement that binds both places the newest version that has begun, or else the first that will."""
    chosen: dict[str, Agreement] = {}
    for entry in sorted(agreements, key=lambda entry: (entry.agreement.key, entry.agreement.version)):
        agreement = entry.agreement
        if entry.binds(place, authority_place) and (agreement.key not in chosen or agreement.starts <= on):
            chosen[agreement.key] = agreement
    return list(chosen.values())


@functools.cache
def _names(term: Term, item: str) -> bool:
    return any(fnmatchcase(item, pattern) for pattern in term.items)


def _closed(definition: Definition, place: str, on: date) -> Route:
    opens = next_opening(definition, place, on)
    notes = dict.fromkeys(window.note for window in windows_at(definition, place) if window.note)
    facts = {"opens": opens.isoformat() if opens else "", "note": "".join(notes)}
    return Route(False, (), (), None, "window_closed", facts)


def _under(agreement: Agreement, term: Term, authority_place: str, definition: Definition, on: date) -> Route:
    def refused(why: str, **facts: str) -> Route:
        return Route(False, (), (), agreement.key, why, {"agreement": agreement.name, **facts})

    starts = max(agreement.starts, term.starts)
    ends = min((day for day in (agreement.until, term.until) if day is not None), default=None)
    if on < starts:
        return refused("not_begun", starts=starts.isoformat())
    if ends is not None and on > ends:
        return refused("ended", ends=ends.isoformat())
    if term.authority_places and not authority_place.startswith(term.authority_places):
        return refused("outside_scope", note=term.note)
    if term.except_places and authority_place.startswith(term.except_places):
        return refused("outside_scope", note=term.note)
    modes = tuple(mode for mode in definition.modes if mode in term.modes)
    if not modes:
        return refused("no_mode")
    return Route(True, modes, term.rights, agreement.key, agreement.kind, {"agreement": agreement.name})


def _covers(agreement: Agreement, place: str) -> bool:
    return any(party == EVERYWHERE or place.startswith(party) for party in agreement.parties)


def _weight(found: Route) -> tuple[int, int]:
    return len(found.modes), len(found.rights)


def _faults(agreement: Agreement) -> list[tuple[Path, str]]:
    return list(_find_faults(agreement))


def _find_faults(agreement: Agreement) -> Iterator[tuple[Path, str]]:
    if not agreement.parties:
        yield ("parties",), "an agreement has parties"
    if EVERYWHERE in agreement.parties and len(agreement.parties) > 1:
        yield ("parties",), "an agreement for the whole country names no other party"
    if (agreement.kind is AgreementKind.PROVINCIAL) != (len(agreement.signers - {HUB}) == 1):
        yield ("kind",), "an agreement within one province, and only that, is of the kind provincial"
    if agreement.until is not None and agreement.until < agreement.starts:
        yield ("until",), "ends before it starts"
    for index, party in enumerate(agreement.parties):
        if party != EVERYWHERE and not (party.isdigit() and len(party) in (2, 4, 6)):
            yield ("parties", index), "a party is '*' or the first 2, 4 or 6 digits of a division code"
    for index, term in enumerate(agreement.terms):
        if not term.items:
            yield ("terms", index), "a term names items"
        if term.until is not None and term.until < term.starts:
            yield ("terms", index, "until"), "ends before it starts"
