"""The items of a province's whole catalogue as tables bring them: one row an item of one authority (实施清单).

Columns after GB/T 39046 table 4 and the exchange tables between provinces and the hub. A fault names row and column.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field, fields

from tongban.base.errors import Rejected
from tongban.base.identifiers import check_credit_code
from tongban.base.limits import parse_limit
from tongban.base.words import say

ITEM_TYPES = frozenset(["00", "01", "02", "03", "04", "05", "06", "07", "08", "09", "10", "20"])
"""GB/T 39046 annex A.1."""
LEVELS = frozenset("1234567")
SERVED = frozenset("123456")
CASE_TYPES = frozenset("129")
BASE_CODE = re.compile(r"[0-9]{12}")
PLACE = re.compile(r"[1-9][0-9]{11}")
LONGEST = {"code": 50, "base_code": 12, "name": 200, "organ": 100, "organ_code": 18, "url": 500}
LONGEST_OTHER = 4000


@dataclass(frozen=True, slots=True)
class Entry:
    """One item of one authority.

    code: 实施编码. base_code: 基本编码, the same wherever the item is. place: 12-digit division of the authority.
    item_type, level, served, case_type: codes of GB/T 39046. statutory, promised: limits, empty when not said.
    """

    code: str
    name: str
    item_type: str
    organ: str
    place: str
    base_code: str = ""
    basis: str = ""
    organ_code: str = ""
    level: str = ""
    served: str = ""
    case_type: str = ""
    statutory: str = ""
    promised: str = ""
    charged: str = ""
    conditions: str = ""
    materials: str = ""
    result: str = ""
    address: str = ""
    hours: str = ""
    consult: str = ""
    complain: str = ""
    url: str = ""

    def as_row(self) -> dict[str, str]:
        return asdict(self)


COLUMNS = tuple(entry.name for entry in fields(Entry))
TITLES = {title: name for name in COLUMNS if (title := say(f"entry.{name}"))}
"""Our columns as a bureau's own tables head them."""
REQUIRED = ("code", "name", "item_type", "organ", "place")


@dataclass(frozen=True, slots=True)
class ColumnMap:
    """How a foreign table is read.

    columns: its heading -> our column, "" for one that is not wanted. values: our column -> its word -> our word.
    defaults: our column -> what stands where it says nothing.
    """

    columns: Mapping[str, str] = field(default_factory=dict)
    values: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    defaults: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Fault:
    """row: as the table counts, its heading being 1; 0 for the whole file. column: as the table calls it."""

    row: int
    column: str
    reason: str
    value: str = ""


@dataclass(frozen=True, slots=True)
class Read:
    """What a table says: the entries of its good rows with their numbers, and the faults of all others."""

    entries: tuple[tuple[int, Entry], ...]
    faults: tuple[Fault, ...]


def read_rows(rows: Iterable[Mapping[str, str]], headings: Sequence[str], mapping: ColumnMap) -> Read:
    """Check a whole table; rows are counted from 2, as spreadsheet programs show them.

    An unknown or missing column is a fault of row 1, and then no row is read: every one of them would be wrong.
    """
    names = {heading: _column(heading, mapping) for heading in headings}
    known = [name for name in names.values() if name]
    faults = [Fault(1, heading, "column_unknown") for heading, name in names.items() if name is None]
    faults += [Fault(1, name, "column_twice") for name in dict.fromkeys(known) if known.count(name) > 1]
    given = {*known, *mapping.defaults}
    faults += [Fault(1, name, "column_missing") for name in REQUIRED if name not in given]
    if faults:
        return Read((), tuple(faults))
    entries: list[tuple[int, Entry]] = []
    first_with: dict[str, int] = {}
    heading_of = {name: heading for heading, name in names.items() if name}
    for number, row in enumerate(rows, 2):
        said = _said(row, names, mapping)
        wrong = [
            Fault(number, heading_of.get(name, name), reason, said.get(name, "")[:60]) for name, reason in _wrong(said)
        ]
        before = first_with.setdefault(said.get("code", ""), number)
        if before != number and said.get("code"):
            wrong.append(Fault(number, heading_of.get("code", "code"), "row_twice", str(before)))
        faults += wrong
        if not wrong:
            entries.append((number, Entry(**said)))
    return Read(tuple(entries), tuple(faults))


def _column(heading: str, mapping: ColumnMap) -> str | None:
    """Our column of a heading: as the mapping says, or by our own name or title; "" for one that is not wanted."""
    plain = heading.strip()
    if plain in mapping.columns:
        return mapping.columns[plain]
    return plain if plain in COLUMNS else TITLES.get(plain)


def _said(row: Mapping[str, str], names: Mapping[str, str | None], mapping: ColumnMap) -> dict[str, str]:
    said = dict(mapping.defaults)
    for heading, name in names.items():
        value = (row.get(heading) or "").strip()
        if name and value:
            said[name] = mapping.values.get(name, {}).get(value, value)
    return said


def _wrong(said: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    for name in REQUIRED:
        if not said.get(name):
            yield name, "required"
    for name, value in said.items():
        if value and (reason := _fault_of(name, value)):
            yield name, reason


def _fault_of(name: str, value: str) -> str | None:
    if "\ufffd" in value or "\x00" in value:
        return "not_readable"
    if len(value) > LONGEST.get(name, LONGEST_OTHER):
        return "too_long"
    allowed = _ALLOWED.get(name)
    if allowed is not None:
        return None if value in allowed else "not_a_choice"
    if name == "place":
        return None if PLACE.fullmatch(value) else "not_a_place"
    if name == "base_code":
        return None if BASE_CODE.fullmatch(value) else "not_a_base_code"
    if name == "served":
        return None if set(value.replace(" ", "")) <= SERVED else "not_a_choice"
    return _parsed_fault(name, value)


def _parsed_fault(name: str, value: str) -> str | None:
    try:
        if name == "organ_code":
            check_credit_code(value, demo=True)
        elif name in ("statutory", "promised"):
            parse_limit(value)
    except Rejected:
        return "not_a_credit_code"
    except ValueError:
        return "not_a_limit"
    return None


_ALLOWED = {"item_type": ITEM_TYPES, "level": LEVELS, "case_type": CASE_TYPES, "charged": frozenset({"yes", "no"})}


@dataclass(frozen=True, slots=True)
class Inconsistency:
    """One 基本编码 under which authorities say different things of what must be the same (五级四同).

    column: name, item_type or basis. values: each value with the codes of the entries that say it, the commonest first.
    """

    base_code: str
    column: str
    values: tuple[tuple[str, tuple[str, ...]], ...]


SAME = ("name", "item_type", "basis")


def inconsistencies(entries: Iterable[Entry]) -> tuple[Inconsistency, ...]:
    """By base code and column. Entries without a base code cannot be compared and are left out."""
    grouped: dict[str, list[Entry]] = {}
    for entry in entries:
        if entry.base_code:
            grouped.setdefault(entry.base_code, []).append(entry)
    return tuple(
        Inconsistency(code, column, said)
        for code, group in sorted(grouped.items())
        for column in SAME
        if len(said := _values(group, column)) > 1
    )


def _values(group: Iterable[Entry], column: str) -> tuple[tuple[str, tuple[str, ...]], ...]:
    found: dict[str, list[str]] = {}
    for entry in group:
        found.setdefault(getattr(entry, column), []).append(entry.code)
    return tuple((value, tuple(codes)) for value, codes in sorted(found.items(), key=lambda one: -len(one[1])))
