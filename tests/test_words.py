"""What code says by a code, people can read: each reason has its sentence, with every hole in it filled."""

import ast
import tomllib
from functools import cache
from pathlib import Path
from string import Formatter

import pytest

from tongban.base.words import has

ROOT = Path(__file__).resolve().parent.parent
SOURCES = [path for path in (ROOT / "tongban").rglob("*.py") if not {"tests", "migrations"} & set(path.parts)]
REFUSALS = ("Rejected", "NotYet")
EITHER = {"fork": {"letter", "no"}}
"""Reasons that name one of several facts."""


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
    return {name for _, name, _, _ in Formatter().parse(sentence(key)) if name}


def sentence(key: str) -> str:
    section, _, name = key.partition(".")
    for path in (ROOT / "tongban" / "words" / "zh").glob("*.toml"):
        found = tomllib.loads(path.read_text("utf-8")).get(section, {}).get(name)
        if found is not None:
            return str(found)
    raise LookupError(key)
