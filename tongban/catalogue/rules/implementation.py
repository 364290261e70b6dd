"""What an authority adds to its province's standard, or eases: never less than the standard promises.

Three levels: the hub's base item, the province's standard, an authority's implementation (实施清单). A place takes over
what the places above it have said; a row stands only where something is local.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from tongban.base.limits import Limit, Unit
from tongban.catalogue.rules.definition import Definition
from tongban.catalogue.rules.form import Source
from tongban.catalogue.rules.tables import Path, read_layers, read_stored

EVERY_ITEM = "*"
HOURS = {Unit.HOURS: 1, Unit.NATURAL: 24, Unit.WORKING: 24}


@dataclass(frozen=True, slots=True)
class Implementation:
    """One place's own words on an item, or on every item ("*"), from a day on.

    promised: a shorter limit. waived: keys of materials that are not asked for here. free: the fee is not charged.
    visits: fewer journeys. ways: further ways of delivery. office, address, hours, consult, complain: instead of those
    of the standard. note: what else a person should know. until: the last day.
    """

    item: str
    place: str
    version: int
    starts: date
    source: Source
    sources: Mapping[str, str]
    until: date | None = None
    promised: Limit | None = None
    waived: tuple[str, ...] = ()
    free: bool = False
    visits: int | None = None
    ways: tuple[str, ...] = ()
    office: str = ""
    address: str = ""
    hours: str = ""
    consult: str = ""
    complain: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Local:
    """A standard as it is met at a place. rows: the implementations that went into it, the widest place first."""

    definition: Definition
    rows: tuple[Implementation, ...]

    @property
    def office(self) -> str:
        return self._nearest("office")

    @property
    def address(self) -> str:
        return self._nearest("address")

    @property
    def notes(self) -> tuple[str, ...]:
        return tuple(row.note for row in self.rows if row.note)

    def _nearest(self, name: str) -> str:
        return next((value for row in reversed(self.rows) if (value := getattr(row, name))), "")


def read_implementation(text: str, *, file: str) -> tuple[dict[str, Any], Implementation]:
    """Raises Rejected("definition_faults") whose fields are "file:line" -> what is wrong."""
    return read_layers(Implementation, [(file, text)], check=_faults)


def implementation_of(content: Mapping[str, Any]) -> Implementation:
    """Read a stored content. Raises Rejected("definition_faults") whose fields are dotted paths."""
    return read_stored(Implementation, content, check=_faults)


def local(definition: Definition, rows: Iterable[Implementation]) -> Local:
    """The standard with what the places say, each in turn; where one would ask for more than is left it is passed over.

    rows: of the item or of every item, from the widest place to the nearest.
    """
    kept = []
    for row in rows:
        if not tightening(definition, row):
            definition = _applied(definition, row)
            kept.append(row)
    return Local(definition, tuple(kept))


def tightening(definition: Definition, row: Implementation) -> dict[str, str]:
    """Key of the row -> in what it asks more of a person than the definition does; empty when it adds or eases."""
    return dict(_tightening(definition, row))


def _tightening(definition: Definition, row: Implementation) -> Iterator[tuple[str, str]]:
    if row.promised is not None and _hours(row.promised) > _hours(definition.limits.promised):
        yield "promised", f"longer than {definition.limits.promised}"
    if row.visits is not None and row.visits > definition.visits.count:
        yield "visits", f"more than {definition.visits.count}"
    known = {material.key for material in definition.materials}
    for key in row.waived:
        if row.item != EVERY_ITEM and key not in known:
            yield "waived", f"{key!r} is no material of the item"


def _applied(definition: Definition, row: Implementation) -> Definition:
    contact = replace(
        definition.contact,
        consult=row.consult or definition.contact.consult,
        complain=row.complain or definition.contact.complain,
        hours=row.hours or definition.contact.hours,
    )
    limits, visits, fee = definition.limits, definition.visits, definition.fee
    if row.promised is not None:
        limits = replace(limits, promised=row.promised, promised_source=row.source)
    if row.visits is not None:
        visits = replace(visits, count=row.visits, source=row.source)
    if row.free and fee.charged:
        fee = replace(fee, charged=False, amount="0", source=row.source)
    ways = tuple(dict.fromkeys([*definition.delivery.ways, *row.ways]))
    return replace(
        definition,
        contact=contact,
        limits=limits,
        visits=visits,
        fee=fee,
        delivery=replace(definition.delivery, ways=ways),
        materials=tuple(material for material in definition.materials if material.key not in row.waived),
    )


def _hours(limit: Limit) -> int:
    return limit.count * HOURS[limit.unit]


def _faults(row: Implementation) -> list[tuple[Path, str]]:
    faults: list[tuple[Path, str]] = []
    if not (len(row.place) == 12 and row.place.isascii() and row.place.isdigit()):
        faults.append((("place",), "a division code of twelve digits"))
    if row.until is not None and row.until < row.starts:
        faults.append((("until",), "ends before it starts"))
    if row.promised is not None and row.promised.unit not in HOURS:
        faults.append((("promised",), "a limit to act is counted in hours, natural or working days"))
    return faults
