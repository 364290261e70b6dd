"""The protocol's examples: the same bytes each time, judged alike by our rules and by libraries that are not ours."""

import ast
import json
import re
from pathlib import Path

import pytest

from tongban.base.words import has
from tongban.exchange.tests import judge, make_examples, other_judge

FOLDER = make_examples.FOLDER
DOCUMENT = Path(__file__).resolve().parents[3] / "docs" / "protocol.md"
EXAMPLES = {path.stem: json.loads(path.read_text("utf-8")) for path in sorted(FOLDER.glob("*.json"))}
NEED_A_CHAIN = {name for name, example in EXAMPLES.items() if example.get("chain") and not example["valid"]}
OF_LOOKS = {name for name, example in EXAMPLES.items() if example["shape"] == "looks"}
"""Judged by our rules on the floor that knows cases: `tongban/looks/tests/test_examples.py`."""

pytestmark = pytest.mark.filterwarnings("ignore:EdDSA is deprecated via RFC 9864")


def test_the_examples_are_made_of_the_same_bytes_each_time():
    made = {name: make_examples.text_of(example) for name, example in make_examples.examples().items()}
    assert made == {path.stem: path.read_text("utf-8") for path in FOLDER.glob("*.json")}


@pytest.mark.parametrize("name", sorted(set(EXAMPLES) - NEED_A_CHAIN - OF_LOOKS))
def test_our_rules_judge_the_example_as_it_says(name):
    assert judge.judge(EXAMPLES[name], EXAMPLES) == EXAMPLES[name]["reason"]


@pytest.mark.parametrize("name", sorted(EXAMPLES))
def test_other_libraries_judge_the_example_as_it_says(name):
    assert other_judge.judge(EXAMPLES[name], EXAMPLES) == EXAMPLES[name]["reason"]


def test_the_other_judge_shares_no_code_with_us():
    for name in ("other_judge.py", "other_province.py"):
        tree = ast.parse((Path(__file__).parent / name).read_text("utf-8"))
        modules = {node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
        modules |= {entry.name for node in ast.walk(tree) if isinstance(node, ast.Import) for entry in node.names}
        assert not {module for module in modules if str(module).startswith("tongban") and "tests.other_" not in module}


def test_good_and_bad_examples_are_told_apart_by_their_names():
    for name, example in EXAMPLES.items():
        assert example["valid"] == ("-x-" not in name) == (example["reason"] is None)


def test_the_document_names_every_example_and_no_other():
    named = set(re.findall(r"`([a-z0-9-]+)\.json`", DOCUMENT.read_text("utf-8")))
    assert named == set(EXAMPLES)


def test_what_the_document_shows_is_what_the_examples_hold():
    shown = re.findall(
        r"<!-- (payload|body|question|answer) of ([a-z0-9-]+) -->\n+```json\n(.*?)```",
        DOCUMENT.read_text("utf-8"),
        re.S,
    )
    assert len(shown) >= 5
    for what, name, text in shown:
        example = EXAMPLES[name]
        if what == "body":
            held = json.loads(other_judge.from_b64url(example["parts"][0]["content"]))
        elif what in example:
            held = example[what]
        else:
            held = json.loads(other_judge.from_b64url(example[example["shape"]]["payload"]))
        assert json.loads(text) == held, name


def test_every_reason_of_the_document_has_a_sentence_that_tells_what_to_do():
    table = DOCUMENT.read_text("utf-8").partition("## 10.")[2].partition("## 11.")[0]
    reasons = re.findall(r"^\| `([a-z_]+)` \|", table, re.M)
    assert len(reasons) >= 15
    assert [reason for reason in reasons if not has(f"reason.{reason}")] == []
