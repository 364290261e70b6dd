"""The sheets of a bureau: all or nothing, every fault named, the same again changes nothing."""

from dataclasses import replace

import pytest
from django.utils import timezone

from tongban.base.actor import Role
from tongban.base.errors import Rejected
from tongban.base.times import legal_date
from tongban.journal.models import Entry
from tongban.orgs.actions import Outcome
from tongban.orgs.models import Grant, Organ
from tongban.orgs.queries import find_organ, permissions_of
from tongban.people.models import Account
from tongban.staff import actions
from tongban.staff.rules import Sheet
from tongban.staff.tests.build import (
    GRANTS,
    HALL,
    OLD,
    OPERATOR,
    ORGANS,
    POLICE,
    STAFF,
    account,
    ground,
    load,
    loaded,
    sheets,
    told,
)

pytestmark = pytest.mark.django_db

CLERK = replace(OPERATOR, role=Role.CLERK)
TODAY = legal_date(timezone.now()).isoformat()


@pytest.fixture(autouse=True)
def _ground(settings, tmp_path):
    ground(settings, tmp_path)


def nothing_is_there() -> bool:
    return not (Organ.objects.exists() or Account.objects.exists() or Entry.objects.exists())


def in_force(username: str) -> set[tuple[tuple[str, ...], str, str]]:
    return {
        (tuple(sorted(right.acts)), right.item, right.region) for right in permissions_of(account(username).officer_id)
    }


def test_three_sheets_make_a_bureau():
    report = load()
    assert report.faults == []
    assert report.counts == {
        (Sheet.ORGANS, Outcome.NEW): 2,
        (Sheet.STAFF, Outcome.NEW): 3,
        (Sheet.GRANTS, Outcome.NEW): 1,
    }
    hall = find_organ(HALL)
    assert (hall.kind, hall.nature, hall.duty, hall.phone) == ("service_hall", "3", "示例某某 12345", "0551-62345678")
    assert in_force("police1") == {
        (("accept", "ask_correction", "grant"), "kstb-1-37", "3401"),
        (("*",), "kstb-1-07", "34"),
    }


def test_a_dry_run_tells_the_same_and_changes_nothing():
    assert load(dry_run=True).counts == {
        (Sheet.ORGANS, Outcome.NEW): 2,
        (Sheet.STAFF, Outcome.NEW): 3,
        (Sheet.GRANTS, Outcome.NEW): 1,
    }
    assert nothing_is_there()


def test_the_same_again_changes_nothing_and_is_not_journalled():
    loaded()
    before = Entry.objects.count()
    report = load()
    assert set(report.counts) == {(sheet, Outcome.SAME) for sheet in Sheet}
    assert Entry.objects.count() == before


def test_one_fault_stops_everything():
    assert told(load(grants=GRANTS + "police1,受理,全部,99\n")) == [("grants", 4, "区域")]
    assert nothing_is_there()


def test_every_fault_is_named_by_sheet_row_and_column():
    organs = ORGANS + "X,,天文台,349999,7,,电话,,,someday\n"
    staff = STAFF + f"a b,示例,处长,{POLICE},\nnew1,示例,承办人员,,\nhall1,示例,窗口人员,{HALL},\n"
    grants = GRANTS + "nobody,受理,全部,34\nhall1,受理,全部,34\npolice1,签收,天文,34\n"
    assert told(load(organs=organs, staff=staff, grants=grants)) == [
        ("organs", 4, "机构名称"),
        ("staff", 5, "岗位"),
        ("staff", 6, "机构代码"),
        ("staff", 7, "账号"),
        ("grants", 4, "账号"),
        ("grants", 5, ""),
        ("grants", 6, "办理环节"),
        ("grants", 6, "事项"),
    ]


def test_all_columns_of_one_row_are_checked_at_once():
    organs = ORGANS + "X,示例,天文台,349999,7,,电话,,,\n"
    assert [column for _, _, column in told(load(organs=organs))] == [
        "机构类别",
        "实施主体性质",
        "电话",
        "统一社会信用代码",
        "行政区划代码",
    ]


def test_a_day_that_is_none_is_a_fault_of_its_column():
    organs = ORGANS + f"{OLD},示例,公证处,340100,9,,,,,someday\n"
    staff = STAFF + f"new1,示例,承办人员,{POLICE},45000\n"
    assert told(load(organs=organs, staff=staff)) == [("organs", 4, "撤销日期"), ("staff", 5, "离岗日期")]


def test_what_hangs_on_a_faulty_row_is_no_fault_of_its_own():
    organs = ORGANS.replace("公安厅,340000", "公安厅,349999")
    assert told(load(organs=organs)) == [("organs", 3, "行政区划代码")]


def test_two_rows_for_one_organ_are_one_too_many():
    faults = load(organs=ORGANS + ORGANS.splitlines()[1] + "\n").faults
    assert [(fault.row, fault.column) for fault in faults] == [(4, "统一社会信用代码")]
    assert "第 2 行" in faults[0].sentence


def test_a_bureau_without_an_operator_is_refused():
    assert told(load(staff=STAFF.replace("运维人员", "监督人员"))) == [("staff", 0, "岗位")]
    assert nothing_is_there()


def test_changes_are_carried_out_and_counted():
    loaded()
    report = load(
        organs=ORGANS.replace("示例路1号", "示例路2号"),
        staff=STAFF.replace("示例承办", "示例承办甲"),
        grants="账号,办理环节,事项,区域\npolice1,受理,全部,340123\n",
    )
    assert report.counts[Sheet.ORGANS, Outcome.CHANGED] == report.counts[Sheet.STAFF, Outcome.CHANGED] == 1
    assert report.counts[Sheet.GRANTS, Outcome.CHANGED] == 1
    assert find_organ(HALL).address == "示例路2号"
    assert in_force("police1") == {(("accept",), "*", "340123")}
    assert Grant.objects.filter(ended_at__isnull=False).count() == 2


def test_who_may_do_nothing_any_more_has_a_row_that_says_so():
    loaded()
    load(grants="账号,办理环节,事项,区域\npolice1,无,全部,34\n")
    assert in_force("police1") == set()


def test_an_organ_closes_and_its_staff_leaves_or_moves_in_the_same_sheets():
    loaded()
    organs = ORGANS.replace("示例某某 12345,", f"示例某某 12345,{TODAY}")
    assert told(load(organs=organs)) == [("organs", 2, "")]
    assert find_organ(HALL).closed_on is None
    staff = STAFF.replace(f"示例窗口,窗口人员,{HALL}", f"示例窗口,窗口人员,{POLICE}")
    assert load(organs=organs, staff=staff).faults == []
    assert find_organ(HALL).closed_on.isoformat() == TODAY
    assert load(organs=organs, staff=staff).faults == []


def test_an_officer_who_has_left_stays_away_when_an_old_sheet_is_loaded():
    loaded()
    gone = STAFF.replace(f"示例承办,承办人员,{POLICE},", f"示例承办,承办人员,{POLICE},{TODAY}")
    no_rights = GRANTS.splitlines()[0] + "\n"
    assert load(staff=gone, grants=no_rights).faults == []
    assert not account("police1").is_active
    assert load(staff=gone, grants=no_rights).counts[Sheet.STAFF, Outcome.SAME] == 3
    assert told(load(grants=no_rights)) == [("staff", 3, "账号")]


def test_what_no_row_names_is_left_alone():
    loaded()
    heads = {sheet: content.splitlines()[0] + b"\n" for sheet, content in sheets().items()}
    report = actions.load(OPERATOR, sheets=heads, dry_run=False)
    assert (report.faults, report.counts) == ([], {})
    assert Account.objects.filter(is_active=True).count() == 3


def test_a_production_node_takes_no_invented_organ(settings):
    settings.DEMO = False
    assert ("organs", 2, "统一社会信用代码") in told(load())
    assert nothing_is_there()


def test_only_operators_load():
    with pytest.raises(Rejected, match="not_allowed"):
        actions.load(CLERK, sheets=sheets(), dry_run=True)
