import re
from pathlib import Path

from launch.paths import ROOT
from launch.words import Trouble, last_line, sentences, table, width

ASKS = ("请", "可直接重新运行")


def test_every_sentence_ends_and_says_what_to_do_next():
    for key, entry in sentences().items():
        says = str(entry["says"])
        assert says.endswith("。"), key
        assert any(word in says for word in ASKS), key


def test_every_sentence_has_an_exit_code_that_is_not_success():
    assert all(2 <= int(entry["exit"]) <= 8 for entry in sentences().values())


def test_every_trouble_raised_has_a_sentence_with_exactly_its_facts():
    raised = re.compile(r'Trouble\(\s*"(\w+)"(.*?)\)(?: from|\n|:)', re.DOTALL)
    found = set()
    for path in Path(ROOT / "launch").glob("*.py"):
        for key, facts in raised.findall(path.read_text("utf-8")):
            needed = set(re.findall(r"\{(\w+)\}", str(sentences()[key]["says"])))
            given = set(re.findall(r"(\w+)=", facts))
            assert needed <= given, (path.name, key, needed - given)
            found.add(key)
    assert found == set(sentences())


def test_trouble_reads_as_its_sentence_and_carries_its_exit_code():
    trouble = Trouble("port_taken", port=8000)
    assert "8000" in str(trouble)
    assert trouble.exit_code == 4


def test_a_chinese_character_takes_two_columns():
    assert width("节点34") == 6


def test_columns_of_a_table_stand_under_each_other():
    lines = table([("节点", "网址"), ("34 安徽", "a"), ("00", "b")]).splitlines()
    assert [width(line[: line.index(mark)]) for line, mark in zip(lines[2:], "ab", strict=True)] == [9, 9]


def test_the_last_line_that_says_something_is_kept():
    assert last_line("first\n\nfatal: no room.\n\n") == "fatal: no room"
