"""What the documents name exists: every path, every test, every word of code, every duty of the plan."""

import ast
import re
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
DOCS = ROOT / "docs"
ROWS = [f"M{number:02d}" for number in range(1, 41)]
TOPS = {path.name for path in ROOT.iterdir()} - {"var"}
QUOTED = re.compile(r"`([^`\n]+)`")
LINKED = re.compile(r"\]\(([^)#]+)\)")
TOLD = [
    "architecture.md",
    "glossary.md",
    "operating.md",
    "threat-model.md",
    "traceability.md",
    *sorted(f"decisions/{path.name}" for path in (DOCS / "decisions").glob("*.md")),
]
NOT_YET = "not yet"


def rows_of(document: str) -> list[list[str]]:
    """The cells of every row of every table, but for heads and rules."""
    lines = (DOCS / document).read_text("utf-8").splitlines()
    tables = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines if line.startswith("|")]
    return [row for row in tables if not set("".join(row)) <= set("-: ")]


def named_in(document: str) -> list[str]:
    """Paths, and tests as path::name, that stand in backquotes."""
    found = QUOTED.findall((DOCS / document).read_text("utf-8"))
    return [text for text in found if text.partition("/")[0] in TOPS and "<" not in text and " " not in text]


@cache
def defined_in(path: Path) -> frozenset[str]:
    """Names as pytest writes them after the path: `test_x`, or `TestY::test_x`."""
    found = set()
    for node in ast.parse(path.read_text("utf-8")).body:
        if isinstance(node, ast.FunctionDef):
            found.add(node.name)
        if isinstance(node, ast.ClassDef):
            found |= {f"{node.name}::{inner.name}" for inner in node.body if isinstance(inner, ast.FunctionDef)}
    return frozenset(found)


@cache
def source() -> str:
    paths = [path for path in (ROOT / "tongban").rglob("*.py") if "tests" not in path.parts]
    return "\n".join(path.read_text("utf-8") for path in paths)


@pytest.mark.parametrize("document", TOLD)
def test_every_path_and_test_that_a_document_names_exists(document):
    missing = []
    for text in named_in(document):
        path, _, test = text.partition("::")
        if not (ROOT / path).exists() or (test and test not in defined_in(ROOT / path)):
            missing.append(text)
    assert missing == []


@pytest.mark.parametrize("document", TOLD)
def test_every_page_that_a_document_links_to_exists(document):
    links = LINKED.findall((DOCS / document).read_text("utf-8"))
    assert [link for link in links if "://" not in link and not ((DOCS / document).parent / link).exists()] == []


def test_every_duty_of_the_plan_has_its_row_once_and_in_order():
    rows = [row for row in rows_of("traceability.md") if row[0] != "no."]
    assert [row[0] for row in rows] == ROWS
    assert {len(row) for row in rows} == {6}


def test_every_duty_names_a_test_or_says_that_there_is_none_yet():
    for number, _, _, lives, shown, rest in rows_of("traceability.md")[1:]:
        assert "::" in shown or shown == NOT_YET, number
        assert QUOTED.search(lives) or lives == NOT_YET, number
        assert lives != NOT_YET or shown == NOT_YET, number
        assert shown != NOT_YET or rest not in ("", "—"), number


def test_every_threat_names_the_test_that_shows_what_stops_it():
    for threat, _, shown, remains in rows_of("threat-model.md")[1:]:
        assert "::" in shown, threat
        assert remains, threat


@pytest.mark.parametrize("path", sorted((DOCS / "decisions").glob("[0-9]*.md")), ids=lambda path: path.stem)
def test_every_decision_has_the_same_form_and_is_listed(path):
    text = path.read_text("utf-8")
    assert text.startswith(f"# {path.name[:2]} ")
    for part in ("Decided", "Why", "Costs"):
        assert text.count(f"**{part}.**") == 1, part
    title = text.splitlines()[0].removeprefix(f"# {path.name[:2]} ")
    assert f"| [{path.name[:2]}]({path.name}) | {title} |" in (DOCS / "decisions" / "README.md").read_text("utf-8")


def test_every_identifier_of_the_glossary_is_a_word_of_the_code():
    for _, identifiers, *_ in rows_of("glossary.md")[1:]:
        for name in QUOTED.findall(identifiers):
            for word in name.split("."):
                assert re.search(rf"\b{re.escape(word)}\b", source()), name


def test_no_word_of_the_glossary_stands_twice():
    words = [row[0] for row in rows_of("glossary.md")[1:]]
    assert len(words) == len(set(words))
