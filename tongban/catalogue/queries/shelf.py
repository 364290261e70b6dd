"""The files of `tongban/data/items`: what is shipped with the program."""

import csv
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

SHELF = Path(settings.ROOT) / "tongban" / "data" / "items"


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
        own = SHELF / province / path.name
        files = [path, own] if own.exists() else [path]
        content, _ = read_standard([(str(file.relative_to(SHELF)), file.read_text("utf-8")) for file in files])
        yield path.stem, content


def shipped_agreements() -> Iterator[tuple[str, dict[str, Any]]]:
    """File name and content of each agreement. Raises Rejected("definition_faults") with file and line."""
    for path in sorted((SHELF / "agreements").glob("*.toml")):
        text = path.read_text("utf-8")
        read_agreement(text, file=path.name)
        yield path.name, read_content(text, file=path.name)


def shipped_synonyms() -> Groups:
    groups: Groups = tomllib.loads((SHELF / "synonyms.toml").read_text("utf-8"))["groups"]
    return groups
