"""Tables of whole catalogues: read, checked by row and column, written again."""

import io
import json
import zipfile

import pytest
from openpyxl import Workbook

from tongban.base.errors import Rejected
from tongban.base.identifiers import demo_credit_code
from tongban.catalogue.rules.entries import COLUMNS, ColumnMap, Entry, Fault, inconsistencies, read_rows
from tongban.catalogue.sheets import read_mapping, read_table, write_table

USCC = demo_credit_code(node="34", kind="11", running=7)
GOOD = {"code": "A1", "name": "排污许可", "item_type": "01", "organ": "示例局", "place": "340100000000"}


def read(*rows, mapping=None):
    headings = list(dict.fromkeys(name for row in rows for name in row))
    return read_rows(rows, headings, mapping or ColumnMap())


def test_a_good_row_becomes_an_entry_under_its_number():
    found = read(GOOD, {**GOOD, "code": "A2", "promised": "5 working", "organ_code": USCC})
    assert [number for number, _ in found.entries] == [2, 3]
    assert found.entries[1][1] == Entry(**{**GOOD, "code": "A2", "promised": "5 working", "organ_code": USCC})
    assert found.faults == ()


@pytest.mark.parametrize(
    ("changes", "column", "reason"),
    [
        ({"name": ""}, "name", "required"),
        ({"item_type": "77"}, "item_type", "not_a_choice"),
        ({"place": "3401"}, "place", "not_a_place"),
        ({"base_code": "12"}, "base_code", "not_a_base_code"),
        ({"promised": "十天"}, "promised", "not_a_limit"),
        ({"organ_code": "1" * 18}, "organ_code", "not_a_credit_code"),
        ({"served": "19"}, "served", "not_a_choice"),
        ({"code": "x" * 51}, "code", "too_long"),
        ({"name": "排污\ufffd"}, "name", "not_readable"),
    ],
)
def test_a_fault_names_row_and_column(changes, column, reason):
    [fault] = read(GOOD, {**GOOD, "code": "A2", **changes}).faults
    assert (fault.row, fault.column, fault.reason) == (3, column, reason)


def test_the_same_code_twice_names_both_rows():
    [fault] = read(GOOD, {**GOOD, "code": "A2"}, GOOD).faults
    assert fault == Fault(4, "code", "row_twice", "2")


def test_an_unknown_a_doubled_and_a_missing_column_stop_the_whole_table():
    row = {**{name: value for name, value in GOOD.items() if name != "organ"}, "事项名称": "x", "颜色": "红"}
    assert read(row).entries == ()
    assert {(fault.row, fault.column, fault.reason) for fault in read(row).faults} == {
        (1, "颜色", "column_unknown"),
        (1, "name", "column_twice"),
        (1, "organ", "column_missing"),
    }


def test_a_mapping_reads_another_provinces_headings_and_words():
    mapping = read_mapping(
        '[columns]\n"编号" = "code"\n"事项全称" = "name"\n"类别" = "item_type"\n"部门" = "organ"\n"备注" = ""\n'
        '[values.item_type]\n"许可" = "01"\n[defaults]\nplace = "310000000000"\n'
    )
    row = {"编号": "B1", "事项全称": "排污许可", "类别": "许可", "部门": "示例局", "备注": "x"}
    [(_, entry)] = read(row, mapping=mapping).entries
    assert (entry.code, entry.item_type, entry.place) == ("B1", "01", "310000000000")


@pytest.mark.parametrize("text", ["[columns", '[columns]\n"x" = "colour"\n', "[colours]\n", "columns = 3\n"])
def test_a_mapping_that_is_none_is_refused(text):
    with pytest.raises(Rejected, match="file_unreadable"):
        read_mapping(text)


def test_headings_may_be_in_chinese():
    row = {"实施编码": "A1", "事项名称": "排污许可", "事项类型": "01", "实施主体": "示例局", "行政区划": "340100000000"}
    assert read(row).entries == ((2, Entry(**GOOD)),)


def a_csv(*lines):
    return b"\n".join([",".join(GOOD).encode(), *lines])


def test_lines_in_two_encodings_are_both_read_and_a_line_in_none_is_named():
    line = "A1,排污许可,01,示例局,340100000000"
    other = "A2,排水许可,01,示例局,340100000000"
    headings, rows = read_table(
        a_csv(line.encode("gb18030"), other.encode(), b"A3,\xff\xff\xff,01,x,340100000000"), form="csv"
    )
    found = read_rows(rows, headings, ColumnMap())
    assert [entry.name for _, entry in found.entries] == ["排污许可", "排水许可"]
    assert [(fault.row, fault.column, fault.reason) for fault in found.faults] == [(4, "name", "not_readable")]


@pytest.mark.parametrize("form", ["csv", "xlsx", "json"])
def test_what_is_written_reads_the_same_again(form):
    entries = [Entry(**GOOD), Entry(**{**GOOD, "code": "A2", "conditions": '=1+1，"引号"\n第二行', "materials": "a,b"})]
    headings, rows = read_table(write_table(entries, form=form), form=form)
    found = read_rows(rows, headings, ColumnMap())
    assert list(headings) == list(COLUMNS)
    assert [entry for _, entry in found.entries] == entries


@pytest.mark.parametrize(
    ("content", "form"),
    [(b"\x00\x01", "xlsx"), (b"{", "json"), (b'{"items": 3}', "json"), (b"[1]", "json"), (b"\xff", "json")],
)
def test_a_file_that_is_none_is_refused(content, form):
    with pytest.raises(Rejected, match="file_unreadable"):
        read_table(content, form=form)


def test_a_small_file_that_unpacks_to_a_very_large_one_is_refused():
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", b"0" * 400_000_001)
    with pytest.raises(Rejected, match="file_unreadable"):
        read_table(packed.getvalue(), form="xlsx")


def test_a_code_that_a_spreadsheet_took_for_a_number_is_read_as_it_looks():
    book, packed = Workbook(), io.BytesIO()
    book.active.append([*GOOD])
    book.active.append(["A1", "排污许可", "01", "示例局", 340100000000])
    book.save(packed)
    _, rows = read_table(packed.getvalue(), form="xlsx")
    assert rows[0]["place"] == "340100000000"


def test_rows_of_json_may_have_different_members():
    _, rows = read_table(json.dumps([{"code": 1}, {"name": None}]).encode(), form="json")
    assert list(rows) == [{"code": "1"}, {"name": ""}]


def test_what_must_be_the_same_everywhere_is_held_against_the_base_code():
    base = {**GOOD, "base_code": "000116001000"}
    entries = [
        Entry(**base),
        Entry(**{**base, "code": "A2"}),
        Entry(**{**base, "code": "A3", "name": "排污许可证核发"}),
        Entry(**{**GOOD, "code": "A4", "name": "另一件"}),
    ]
    [found] = inconsistencies(entries)
    assert (found.base_code, found.column) == ("000116001000", "name")
    assert found.values == (("排污许可", ("A1", "A2")), ("排污许可证核发", ("A3",)))
