from typing import Annotated

from ninja import Schema
from pydantic import Field

from tongban.api.public.shapes.values import NO_NUL, Strict

MOST_ROWS = 2000
Text = Annotated[str, Field(max_length=4000, pattern=NO_NUL)]


class Entry(Schema):
    """An item of one authority in a province's whole catalogue; the members are the columns of docs/items.md."""

    province: str
    code: str
    name: str
    content: dict[str, str]


class Entries(Schema):
    items: list[Entry]
    next: str | None


class Value(Schema):
    value: str
    codes: list[str]


class Inconsistency(Schema):
    """What is not the same under one base code (五级四同): column is name, item_type or basis."""

    base_code: str
    column: str
    values: list[Value]


class Inconsistencies(Schema):
    items: list[Inconsistency]
    next: str | None


class Import(Strict):
    """Rows by our own column names. dry_run: only report. per_row: write the good rows though others are not."""

    rows: Annotated[list[dict[str, Text]], Field(max_length=MOST_ROWS)]
    dry_run: bool = True
    per_row: bool = False


class ImportFault(Schema):
    """row: counted from 2, as in a table whose first row is its heading."""

    row: int
    column: str
    reason: str
    detail: str


class Imported(Schema):
    rows: int
    new: int
    changed: int
    same: int
    written: bool
    faults: list[ImportFault]
