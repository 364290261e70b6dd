"""From the text of a definition file, or from its stored content, to a Definition."""

from collections.abc import Mapping, Sequence
from typing import Any

from tongban.catalogue.rules.consistency import faults_of
from tongban.catalogue.rules.definition import Definition
from tongban.catalogue.rules.tables import content_of, line_of, lines_of, read_layers, read_stored, read_text


def read_content(text: str, *, file: str) -> dict[str, Any]:
    """The content of a definition file, as it is stored and sent. Raises Rejected("definition_faults")."""
    return content_of(text, file=file)


def read_definition(text: str, *, file: str) -> Definition:
    """Read a definition file. Raises Rejected("definition_faults") whose fields are "file:line" -> what is wrong."""
    return read_text(Definition, text, file=file, check=faults_of)


def read_standard(layers: Sequence[tuple[str, str]]) -> tuple[dict[str, Any], Definition]:
    """Content and definition of the common file and a province's own, each (name, text), the latter replacing tables.

    Raises Rejected("definition_faults") with file and line.
    """
    return read_layers(Definition, layers, check=faults_of)


def definition_of(content: Mapping[str, Any]) -> Definition:
    """Read a stored content. Raises Rejected("definition_faults") whose fields are dotted paths."""
    return read_stored(Definition, content, check=faults_of)


def lines_at(text: str, paths: Mapping[str, str]) -> dict[int, list[str]]:
    """What is said of dotted paths, by the line of the text in which each stands, or the table around it."""
    lines, found = lines_of(text), dict[int, list[str]]()
    for path, said in paths.items():
        parts = tuple(int(part) if part.isdigit() else part for part in path.split("."))
        found.setdefault(line_of(lines, parts), []).append(said)
    return dict(sorted(found.items()))
