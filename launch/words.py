"""What the launcher says: sentences of `words.toml`, the exception that carries one, and text that fits a terminal."""

import functools
import re
import tomllib
import unicodedata
from collections.abc import Sequence
from pathlib import Path


@functools.cache
def sentences() -> dict[str, dict[str, str | int]]:
    """Every sentence with its exit code, by key."""
    return tomllib.loads((Path(__file__).parent / "words.toml").read_text("utf-8"))


class Trouble(Exception):
    """The launcher cannot go on; `str()` is the one sentence for the person, `exit_code` is for the shell."""

    def __init__(self, key: str, **facts: object) -> None:
        entry = sentences()[key]
        super().__init__(str(entry["says"]).format(**facts))
        self.key = key
        self.exit_code = int(entry["exit"])


def width(text: str) -> int:
    """Columns the text takes on a terminal; a Chinese character takes two."""
    return sum(2 if unicodedata.east_asian_width(character) in "WF" else 1 for character in text)


def table(rows: Sequence[Sequence[str]]) -> str:
    """Rows as aligned columns, the first row underlined."""
    columns = [max(width(row[index]) for row in rows) for index in range(len(rows[0]))]

    def line(row: Sequence[str]) -> str:
        cells = [cell + " " * (space - width(cell)) for cell, space in zip(row, columns, strict=True)]
        return "  ".join(cells).rstrip()

    rule = "  ".join("─" * space for space in columns)
    return "\n".join([line(rows[0]), rule, *(line(row) for row in rows[1:])])


def error_line(text: str) -> str:
    """The first line that names an error, or else the last line."""
    lines = [line.strip() for line in text.splitlines() if re.search(r"\b(error|fatal)\b", line, re.IGNORECASE)]
    return lines[0].rstrip(".。") if lines else last_line(text)


def raised_line(text: str) -> str:
    """The line with which a Python program names its exception, or else the last line."""
    lines = [line.strip() for line in text.splitlines() if re.match(r"[\w.]+(Error|Exception|Rejected)\b", line)]
    return lines[-1].rstrip(".。") if lines else last_line(text)


def last_line(text: str) -> str:
    """The last line that says something, without a full stop at its end."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return lines[-1].rstrip(".。") if lines else "没有输出"
