"""People read words that stand in files, never in code: each is there, each is said, with every hole in it filled."""

import ast
import re
import tomllib
from functools import cache
from pathlib import Path
from string import Formatter

import pytest

from tongban.base.words import has

ROOT = Path(__file__).resolve().parent.parent
SOURCES = [path for path in (ROOT / "tongban").rglob("*.py") if not {"tests", "migrations"} & set(path.parts)]
REFUSALS = ("Rejected", "NotYet")
CHINESE = re.compile("[\u4e00-\u9fff]")
DATA = {
    "tongban/catalogue/rules/guide.py": "words that a guide must or must not use are looked for in its text",
    "tongban/catalogue/rules/form.py": "the mark by which a definition says that a fact is an example",
    "tongban/cases/description.py": "docs/case.md is written for developers",
}
"""File -> why the Chinese in its code is no sentence that the code says to anybody."""
FOREIGN = {"shape": "names of faults that pydantic gives"}
"""Section -> whose codes its keys are, where no code of ours names them."""
EITHER = {"fork": {"letter", "no"}}
"""Reasons that name one of several facts."""


@cache
def sentences() -> dict[str, str]:
    """Everything that stands in the files, by its dotted key."""
    files = sorted((ROOT / "tongban" / "words" / "zh").glob("*.toml"))
    sections = [section for path in files for section in tomllib.loads(path.read_text("utf-8")).items()]
    return {f"{section}.{key}": sentence for section, entries in sections for key, sentence in entries.items()}


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text("utf-8"))


def refusals(path: Path):
    """Every `Rejected("reason", …)` and `NotYet("reason", …)` of a file."""
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in REFUSALS and node.args:
            yield node


def codes_of(node: ast.AST) -> set[str]:
    """The reasons that an expression can be: a text, or either side of a choice."""
    if isinstance(node, ast.IfExp):
        return codes_of(node.body) | codes_of(node.orelse)
    return {node.value} if isinstance(node, ast.Constant) and isinstance(node.value, str) else set()


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_reason_has_a_sentence(path):
    codes = set[str]()
    for call in refusals(path):
        codes |= codes_of(call.args[0])
        for keyword in call.keywords:
            if keyword.arg == "fields" and isinstance(keyword.value, ast.Dict):
                codes |= set[str]().union(*(codes_of(value) for value in keyword.value.values))
    assert [code for code in sorted(codes) if not has(f"reason.{code}")] == []


def test_every_refusal_gives_the_facts_that_its_sentence_names():
    """A fact that is not given would read as a hole in the sentence."""
    assert [hole for path in SOURCES for hole in holes(path)] == []


def holes(path: Path):
    for call in refusals(path):
        names = {keyword.arg for keyword in call.keywords}
        for code in codes_of(call.args[0]):
            if None not in names and (missing := placeholders(f"reason.{code}") - names - either(code, names)):
                yield f"{path.relative_to(ROOT)}:{call.lineno} {code} {sorted(missing)}"


def either(code: str, names: set[str | None]) -> set[str]:
    wanted = EITHER.get(code, set[str]())
    return wanted if wanted & names else set()


def placeholders(key: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(sentences()[key]) if name}


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(ROOT)))
def test_no_chinese_is_said_by_code(path):
    if str(path.relative_to(ROOT)) not in DATA:
        assert [f"{text.lineno}: {text.value}" for text in texts(path) if CHINESE.search(text.value)] == []


@pytest.mark.parametrize("name", DATA)
def test_what_may_hold_chinese_still_does(name):
    assert any(CHINESE.search(text.value) for text in texts(ROOT / name))


def test_every_word_that_is_said_is_written():
    said = {key for path in SOURCES for call in sayings(path) for key in codes_of(call.args[0])}
    assert sorted(key for key in said if not has(key)) == []
    openings = {opening for path in SOURCES for call in sayings(path) for opening in openings_of(call.args[0])}
    assert sorted(opening for opening in openings if not any(key.startswith(opening) for key in sentences())) == []


def test_every_saying_gives_the_facts_that_its_sentence_names():
    missing = [
        f"{path.relative_to(ROOT)}:{call.lineno} {key} {sorted(holes)}"
        for path in SOURCES
        for call in sayings(path)
        for key in codes_of(call.args[0])
        if None not in (names := {keyword.arg for keyword in call.keywords}) and (holes := placeholders(key) - names)
    ]
    assert missing == []


def test_every_word_that_is_written_is_said():
    assert sorted(key for key in sentences() if key.partition(".")[0] not in FOREIGN and not is_said(key)) == []


def is_said(key: str) -> bool:
    """By its whole name, or put together: the code names its opening and, elsewhere, its rest."""
    if key in literals():
        return True
    rests = [key.removeprefix(opening) for opening in all_openings() if key.startswith(opening)]
    return any(rest.isdigit() or rest in literals() or made_up(rest) for rest in rests)


def made_up(rest: str) -> bool:
    """Like "kind_unknown" by f"{field}_unknown"."""
    return any(rest.endswith(ending) for ending in endings())


@cache
def literals() -> frozenset[str]:
    return frozenset(text.value for path in SOURCES for text in texts(path))


@cache
def all_openings() -> frozenset[str]:
    said = {opening for path in SOURCES for node in ast.walk(tree(path)) for opening in openings_of(node)}
    return frozenset(said | {f"{section}." for section in sections_named()})


@cache
def endings() -> frozenset[str]:
    joined = [node for path in SOURCES for node in ast.walk(tree(path)) if isinstance(node, ast.JoinedStr)]
    last = [node.values[-1] for node in joined]
    found = {text.value for text in last if isinstance(text, ast.Constant) and isinstance(text.value, str)}
    return frozenset(ending for ending in found if re.fullmatch("_[a-z]{4,}", ending))


def sections_named() -> set[str]:
    """Sections that a page looks words up in, by `{% words "section" … %}` or `words("section", …)`."""
    pages = (ROOT / "tongban").rglob("*.html")
    found = {name for page in pages for name in re.findall(r'{% words "([a-z_]+)"', page.read_text("utf-8"))}
    for path in SOURCES:
        for call in sayings(path, "words"):
            found |= codes_of(call.args[0])
    return found


def openings_of(node: ast.AST) -> set[str]:
    """What an f-string begins with, where that is a section and maybe the beginning of a key."""
    if not isinstance(node, ast.JoinedStr) or not isinstance(node.values[0], ast.Constant):
        return set()
    opening = str(node.values[0].value)
    return {opening} if re.fullmatch(r"[a-z_]+\.[a-z_]*", opening) else set()


def sayings(path: Path, *names: str):
    wanted = names or ("say",)
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in wanted and node.args:
            yield node


def texts(path: Path):
    """Every text of a file but those that stand alone, which explain."""
    alone = {id(node.value) for node in ast.walk(tree(path)) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in alone:
            yield node


def test_every_alarm_has_a_title_a_meaning_and_a_next_step():
    raised = {kind for path in SOURCES for call in sayings(path, "raise_alarm") for kind in codes_of(call.args[0])}
    raised |= {
        kind
        for path in SOURCES
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "raise_alarm"
        for kind in codes_of(node.args[0])
    }
    assert {"silent", "waiting"} <= raised
    sections = ("alarm_title", "alarm", "alarm_next")
    assert [
        f"{section}.{kind}" for section in sections for kind in sorted(raised) if not has(f"{section}.{kind}")
    ] == []
