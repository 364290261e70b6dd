from datetime import date

import pytest

from tongban.base.actor import Role
from tongban.base.errors import Rejected
from tongban.cases.rules.table import Act
from tongban.catalogue.rules import drafting
from tongban.orgs.tests.build import kinds
from tongban.staff.rules import ALL, RIGHTS, Reader, Right, Sheet, check_right, read_sheet

READER = Reader(kinds(), {"个体工商户设立登记": "kstb-1-37"}, "34")
HEAD = "账号,姓名,岗位,机构代码,离岗日期\r\n"


def read(text: str, *, encoding="utf-8"):
    return read_sheet(Sheet.STAFF, text.encode(encoding))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_a_sheet_is_read_as_spreadsheets_write_it(encoding):
    rows, faults = read(HEAD + "a1, 示例 ,窗口人员,X,\r\n,,,,\r\na2,示例,运维人员,,\r\n", encoding=encoding)
    assert faults == []
    assert [(row.number, row.values["username"], row.values["name"]) for row in rows] == [
        (2, "a1", "示例"),
        (4, "a2", "示例"),
    ]


def test_the_order_of_the_columns_is_free_and_the_optional_ones_may_lack():
    rows, faults = read("姓名,岗位,账号\n示例,运维人员,a1\n")
    assert faults == []
    assert rows[0].values == {"username": "a1", "name": "示例", "role": "运维人员", "organ": "", "left_on": ""}


@pytest.mark.parametrize(
    ("text", "faults"),
    [
        ("", [(1, "账号"), (1, "姓名"), (1, "岗位")]),
        ("账号,姓名\na1,示例\n", [(1, "岗位")]),
        ("账号,姓名,岗位,电话\n", [(1, "电话")]),
        ("账号,姓名,岗位,账号\n", [(1, "账号")]),
        (HEAD + "a1,,运维人员,,\n\na2\n", [(2, "姓名"), (4, "姓名"), (4, "岗位")]),
        ("\0", [(0, "")]),
    ],
)
def test_what_is_wrong_with_the_form_is_told_by_row_and_column(text, faults):
    found = read(text)[1]
    assert [(fault.row, fault.column) for fault in found] == faults
    assert all(fault.sentence for fault in found)


def test_bytes_that_are_no_text_are_no_sheet():
    assert read_sheet(Sheet.STAFF, b"\xff\xfe\x00")[1][0].row == 0


def test_cells_are_read_by_the_words_that_people_use():
    assert READER.kind("公安厅") == READER.kind("公安局") == READER.kind("public_security") == "public_security"
    assert READER.nature("法定机关") == READER.nature("1 法定机关") == READER.nature("1") == "1"
    assert READER.role("承办人员") is Role.OFFICER
    assert READER.role("申请人") is None
    assert READER.acts("受理、 告知补正，grant") == ["accept", "ask_correction", "grant"]
    assert (READER.acts("全部"), READER.acts("无"), READER.acts("签收")) == ([ALL], [], ["签收"])
    assert (READER.item("全部"), READER.item("个体工商户设立登记"), READER.item("kstb-1-07")) == (
        ALL,
        "kstb-1-37",
        "kstb-1-07",
    )
    assert [READER.region(text) for text in ("全部", "340123", "340100000000", "34", "here")] == [
        "34",
        "340123",
        "3401",
        "34",
        "here",
    ]


@pytest.mark.parametrize("text", ["2026-03-01", "2026/3/1", "2026.3.1", "2026年3月1日"])
def test_a_day_is_read_as_spreadsheets_write_it(text):
    assert READER.day(text) == date(2026, 3, 1)


@pytest.mark.parametrize("text", ["1.3.2026", "2026-13-01", "tomorrow", "45000"])
def test_what_is_no_day_is_refused(text):
    with pytest.raises(Rejected, match="day_form"):
        READER.day(text)


def test_an_empty_cell_is_no_day():
    assert READER.day("") is None


def check(**changes) -> Right:
    facts = {"acts": ["accept"], "item": "kstb-1-37", "region": "34", "items": {"kstb-1-37"}, "places": {"34"}}
    return check_right(**{**facts, **changes})


def test_a_right_names_acts_of_officers_a_known_item_and_a_place_of_the_node():
    assert check() == Right(frozenset({"accept"}), "kstb-1-37", "34")
    assert check(acts=[ALL, "accept"], item=ALL).acts == {ALL}


def test_all_acts_are_those_of_cases_and_the_standards_are_named_beside_them():
    assert check(acts=[ALL, "accept", "item_review"]).acts == {ALL, "item_review"}


@pytest.mark.parametrize(
    ("changes", "fields"),
    [
        ({"acts": []}, {"acts": "no_acts"}),
        ({"acts": ["withdraw"]}, {"acts": "granted_act_unknown"}),
        ({"item": "kstb-9-99"}, {"item": "grant_item_unknown"}),
        ({"region": "31"}, {"region": "division_not_in_force"}),
        ({"region": ""}, {"region": "division_not_in_force"}),
    ],
)
def test_what_nobody_can_be_allowed_is_refused(changes, fields):
    with pytest.raises(Rejected) as refused:
        check(**changes)
    assert refused.value.fields == fields


def test_what_persons_and_the_node_do_is_no_right_of_an_officer():
    assert {"accept", "grant", "deny", "open"} <= set(RIGHTS) <= {str(act) for act in Act} | set(drafting.RIGHTS)
    assert not {"withdraw", "supply", "deem_accepted"} & set(RIGHTS)
