"""The files of `tongban/data/items`, or of the folder that TONGBAN_ITEMS names in its place."""

import csv
import re
import tomllib
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

from django.conf import settings

from tongban.catalogue.rules import read_content
from tongban.catalogue.rules.agreements import read_agreement
from tongban.catalogue.rules.reading import read_standard
from tongban.catalogue.rules.words import Groups

EXTENDED = re.compile(r'^extends = "([a-z0-9/-]+)"$', re.MULTILINE)
LISTS = frozenset({"waived", "ways"})
SHELF: Path = settings.ITEMS


def shipped_base_items() -> Iterator[dict[str, Any]]:
    """The 140 items of the plan, as rows for `load_base_items`."""
    with (SHELF / "base.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            deadline = date.fromisoformat(row["deadline"]) if row["deadline"] else None
            yield {**row, "batch": int(row["batch"]), "number": int(row["number"]), "deadline": deadline}


def shipped_standards(province: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """Key and content of each item's standard; tables of a file in the province's folder replace the common ones.

    Raises Rejected("definition_faults") with file and line.
    """
    for path in sorted(SHELF.glob("kstb-*.toml")):
        yield path.stem, shipped_standard(path.stem, province)


def shipped_standard(key: str, province: str = "") -> dict[str, Any]:
    """The content of one item's standard, the common one when no province is named.

    Raises Rejected("definition_faults") with file and line.
    """
    path, own = SHELF / f"{key}.toml", SHELF / province / f"{key}.toml"
    files = [*_extended(path), *([own] if province and own.exists() else [])]
    content, _ = read_standard([(str(file.relative_to(SHELF)), file.read_text("utf-8")) for file in files])
    return content


def _extended(path: Path) -> list[Path]:
    """The file with those before it whose tables it takes over: `extends = "kstb-2-27"`."""
    text = path.read_text("utf-8")
    found = EXTENDED.search(text)
    return [*(_extended(path.parent / f"{found.group(1)}.toml") if found else []), path]


def shipped_implementations(province: str) -> Iterator[dict[str, Any]]:
    """The content of each row of the province's file of local rules; an empty cell says nothing."""
    path = SHELF / "implementations" / f"{province}.csv"
    if not path.exists():
        return
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            said: dict[str, Any] = {name: cell for name, cell in row.items() if cell}
            for name in LISTS & set(said):
                said[name] = said[name].split()
            if "visits" in said:
                said["visits"] = int(said["visits"])
            yield {**said, "version": int(said["version"]), "free": said.get("free") == "yes", "sources": {}}


def shipped_agreements() -> Iterator[tuple[str, dict[str, Any]]]:
    """File name and content of each agreement. Raises Rejected("definition_faults") with file and line."""
    for path in sorted((SHELF / "agreements").glob("*.toml")):
        text = path.read_text("utf-8")
        read_agreement(text, file=path.name)
        yield path.name, read_content(text, file=path.name)


def shipped_synonyms() -> Groups:
    groups: Groups = tomllib.loads((SHELF / "synonyms.toml").read_text("utf-8"))["groups"]
    return groups
