"""Tables as files: CSV in the encodings that Chinese offices use, XLSX, JSON; read row by row and written again."""

import csv
import io
import json
import tomllib
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from xml.etree.ElementTree import ParseError

from openpyxl import Workbook, load_workbook
from openpyxl.cell import Cell, WriteOnlyCell
from openpyxl.utils.exceptions import InvalidFileException
from openpyxl.worksheet._write_only import WriteOnlyWorksheet

from tongban.base.errors import Rejected
from tongban.catalogue.rules.entries import COLUMNS, ColumnMap, Entry

UTF_8 = "utf-8-sig"
FORMATS = ("csv", "xlsx", "json")
MOST_ROWS = 200_000
MOST_CELL = 32_767
MOST_UNPACKED = 400_000_000
"""Bytes that a workbook may unpack to: a small file can hold a very large one."""

Row = Mapping[str, str]


def read_table(content: bytes, *, form: str) -> tuple[list[str], Iterable[Row]]:
    """Headings and rows; every cell is a text. Raises Rejected("file_unreadable")."""
    try:
        headings, rows = {"csv": _read_csv, "xlsx": _read_xlsx, "json": _read_json}[form](content)
    except (ValueError, KeyError, OSError, ParseError, zipfile.BadZipFile, InvalidFileException) as error:
        raise Rejected("file_unreadable", why=f"{type(error).__name__}: {error}"[:200]) from error
    if len(rows) > MOST_ROWS:
        raise Rejected("file_unreadable", why=f"more than {MOST_ROWS} rows")
    return headings, rows


def read_mapping(text: str) -> ColumnMap:
    """`[columns]`, `[values.<column>]` and `[defaults]` of a TOML file. Raises Rejected("file_unreadable")."""
    try:
        found = tomllib.loads(text)
        columns, values, defaults = (dict(found.pop(name, {})) for name in ("columns", "values", "defaults"))
    except (tomllib.TOMLDecodeError, TypeError, ValueError) as error:
        raise Rejected("file_unreadable", why=str(error)[:200]) from error
    unknown = [name for name in (*columns.values(), *values, *defaults) if name and name not in COLUMNS]
    if found or unknown:
        raise Rejected("file_unreadable", why=f"unknown: {', '.join(map(str, [*found, *unknown]))}"[:200])
    return ColumnMap(columns, values, {name: str(value) for name, value in defaults.items()})


def _read_csv(content: bytes) -> tuple[list[str], list[Row]]:
    reader = csv.reader(io.StringIO(_decoded(content), newline=""))
    headings = next(reader, [])
    return headings, [dict(zip(headings, cells, strict=False)) for cells in reader if any(cells)]


def _decoded(content: bytes) -> str:
    """UTF-8, or else line by line UTF-8 or GB 18030: tables are pasted together from several offices' files.

    What is neither is marked as such (U+FFFD). GB 18030 comes second, since it reads almost anything.
    """
    try:
        return content.decode(UTF_8)
    except UnicodeDecodeError:
        return "".join(_decoded_line(line) for line in content.splitlines(keepends=True))


def _decoded_line(line: bytes) -> str:
    for encoding in (UTF_8, "gb18030"):
        try:
            return line.decode(encoding)
        except UnicodeDecodeError:
            continue
    return line.decode(UTF_8, errors="replace")


def _read_xlsx(content: bytes) -> tuple[list[str], list[Row]]:
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        if sum(part.file_size for part in packed.infolist()) > MOST_UNPACKED:
            raise ValueError("the workbook unpacks to too much")
    book = load_workbook(io.BytesIO(content), read_only=True, data_only=True)
    lines = book.worksheets[0].iter_rows(values_only=True)
    headings = [_cell(cell) for cell in next(lines, ())]
    rows: list[Row] = []
    for cells in lines:
        texts = [_cell(cell) for cell in cells]
        if any(texts):
            rows.append(dict(zip(headings, texts, strict=False)))
        if len(rows) > MOST_ROWS:
            break
    return headings, rows


def _cell(value: object) -> str:
    """A number that a spreadsheet made of a code is written without its fraction."""
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)[:MOST_CELL]


def _read_json(content: bytes) -> tuple[list[str], list[Row]]:
    found = json.loads(content.decode("utf-8-sig"))
    rows = found.get("items") if isinstance(found, dict) else found
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise ValueError("a list of objects, or an object with items, is expected")
    headings = list(dict.fromkeys(str(name) for row in rows for name in row))
    return headings, [{str(name): _cell(value) for name, value in row.items()} for row in rows]


def write_table(entries: Iterable[Entry], *, form: str) -> bytes:
    """The entries under our own column names; `read_table` gives the same back."""
    rows = (entry.as_row() for entry in entries)
    return {"csv": _write_csv, "xlsx": _write_xlsx, "json": _write_json}[form](rows)


def _write_csv(rows: Iterator[dict[str, str]]) -> bytes:
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, COLUMNS)
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode("utf-8-sig")


def _write_xlsx(rows: Iterator[dict[str, str]]) -> bytes:
    book = Workbook(write_only=True)
    sheet = book.create_sheet("items")
    sheet.append(COLUMNS)
    for row in rows:
        sheet.append([_text(sheet, row[name]) for name in COLUMNS])
    written = io.BytesIO()
    book.save(written)
    return written.getvalue()


def _text(sheet: WriteOnlyWorksheet, value: str) -> Cell:
    """A text that begins like a formula stays a text."""
    cell = WriteOnlyCell(sheet, value)
    cell.data_type = "s"
    return cell


def _write_json(rows: Iterator[dict[str, str]]) -> bytes:
    return json.dumps({"items": list(rows)}, ensure_ascii=False, indent=1).encode()
