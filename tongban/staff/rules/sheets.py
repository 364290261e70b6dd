"""The sheets by which a bureau says which organs, staff and rights it has: CSV as spreadsheets write it."""

import csv
import io
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from tongban.base.words import say


class Sheet(StrEnum):
    """In the order in which they are read; the name of the file is `<value>.csv`."""

    ORGANS = "organs"
    STAFF = "staff"
    GRANTS = "grants"


REQUIRED: Mapping[Sheet, tuple[str, ...]] = {
    Sheet.ORGANS: ("code", "name", "kind", "division", "nature"),
    Sheet.STAFF: ("username", "name", "role"),
    Sheet.GRANTS: ("username", "acts", "item", "region"),
}
OPTIONAL: Mapping[Sheet, tuple[str, ...]] = {
    Sheet.ORGANS: ("address", "phone", "hours", "duty", "closed_on"),
    Sheet.STAFF: ("organ", "left_on"),
    Sheet.GRANTS: (),
}
NAMED: Mapping[Sheet, Callable[[str], str]] = {
    Sheet.ORGANS: lambda column: say(f"organ_column.{column}"),
    Sheet.STAFF: lambda column: say(f"staff_column.{column}"),
    Sheet.GRANTS: lambda column: say(f"grant_column.{column}"),
}
ENCODINGS = ("utf-8-sig", "gb18030")
"""The second is what spreadsheets in China write by default; it reads almost anything and so comes last."""


@dataclass(frozen=True, slots=True)
class Fault:
    """row: as the spreadsheet counts, 1 is the heading, 0 the whole sheet. sentence: what is wrong, in words."""

    sheet: Sheet
    row: int
    column: str
    sentence: str


@dataclass(frozen=True, slots=True)
class Row:
    """values: column -> text without blanks at either end; every column of the sheet is there."""

    number: int
    values: Mapping[str, str]


def heading(sheet: Sheet, column: str) -> str:
    """What stands above the column."""
    return NAMED[sheet](column)


def read_sheet(sheet: Sheet, content: bytes) -> tuple[list[Row], list[Fault]]:
    """The rows that are not empty, and what is wrong with the form of the sheet."""
    text = _decoded(content)
    if text is None:
        return [], [Fault(sheet, 0, "", say("fault.not_text"))]
    records = list(csv.reader(io.StringIO(text, newline="")))
    columns = {heading(sheet, name): name for name in (*REQUIRED[sheet], *OPTIONAL[sheet])}
    head = [cell.strip() for cell in records[0]] if records else []
    faults = [
        Fault(sheet, 1, title, say("fault.column_missing"))
        for title, name in columns.items()
        if name in REQUIRED[sheet] and title not in head
    ]
    faults += [Fault(sheet, 1, title, say("fault.column_unknown")) for title in head if title and title not in columns]
    faults += [Fault(sheet, 1, title, say("fault.column_twice")) for title in columns if head.count(title) > 1]
    if faults:
        return [], faults
    empty = dict.fromkeys(columns.values(), "")
    rows = [
        Row(number, empty | {columns[title]: cell.strip() for title, cell in zip(head, record, strict=False) if title})
        for number, record in enumerate(records[1:], start=2)
        if any(cell.strip() for cell in record)
    ]
    return rows, _missing(sheet, rows)


def _missing(sheet: Sheet, rows: list[Row]) -> list[Fault]:
    return [
        Fault(sheet, row.number, heading(sheet, name), say("fault.empty"))
        for row in rows
        for name in REQUIRED[sheet]
        if not row.values[name]
    ]


def _decoded(content: bytes) -> str | None:
    for encoding in ENCODINGS:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        return None if "\0" in text else text
    return None
