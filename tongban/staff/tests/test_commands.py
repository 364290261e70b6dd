"""The engineer's commands, as far as they need no owner of the database: a journey rehearses the whole."""

import csv
import io
import stat
from datetime import date

import pytest
from django.core.management import CommandError, call_command

from tongban.base import keys
from tongban.orgs.models import Organ
from tongban.people.actions import close_account
from tongban.people.models import Account
from tongban.people.tests.build import a_person
from tongban.staff.tests.build import GRANTS, HALL, OPERATOR, ORGANS, STAFF, account, ground, loaded

pytestmark = pytest.mark.django_db


@pytest.fixture
def folder(settings, tmp_path):
    """A node with keys and a directory, and the sheets of its bureau."""
    ground(settings, tmp_path)
    for purpose in keys.PURPOSES:
        keys.write_ring(settings.STATE / "keys", purpose, keys.ring_for_tests("34", purpose).keys)
    (settings.STATE / "keys" / "session").write_text("示例")
    sheets = tmp_path / "sheets"
    sheets.mkdir()
    for name, text in (("organs", ORGANS), ("staff", STAFF), ("grants", GRANTS)):
        (sheets / f"{name}.csv").write_text(text, "utf-8")
    return sheets


def set_up(folder, **options) -> tuple[str, str]:
    out, err = io.StringIO(), io.StringIO()
    call_command("set_up_node", folder, stdout=out, stderr=err, dry_run=True, **options)
    return out.getvalue(), err.getvalue()


def refused(folder) -> tuple[str, str]:
    err = io.StringIO()
    with pytest.raises(CommandError) as refusal:
        call_command("set_up_node", folder, stdout=io.StringIO(), stderr=err, dry_run=True)
    return str(refusal.value), err.getvalue()


def test_a_dry_run_says_what_would_be_done_and_does_nothing(folder):
    out, _ = set_up(folder)
    assert "机构：新增 2，修改 0，不变 0" in out
    assert "现在什么也没有改" in out
    assert not Organ.objects.exists()


def test_every_fault_is_a_line_that_names_file_row_and_column(folder):
    (folder / "staff.csv").write_text(STAFF + "new1,示例,处长,,\n", "utf-8")
    (folder / "grants.csv").write_text(GRANTS + "police1,受理,全部,99\n", "utf-8")
    told, lines = refused(folder)
    assert told == "有 2 处问题，什么也没有改。"
    assert "staff.csv 第 5 行“岗位”：岗位应为" in lines
    assert "grants.csv 第 4 行“区域”：" in lines


def test_a_sheet_that_is_not_there_is_left_out(folder):
    (folder / "grants.csv").unlink()
    assert "授权：新增 0" in set_up(folder)[0]


def test_without_keys_it_says_which(folder, settings):
    (settings.STATE / "keys" / "lookup").unlink()
    assert "lookup" in refused(folder)[0]


def test_without_a_directory_it_says_where_one_belongs(folder, settings):
    settings.DIRECTORY = settings.STATE / "nowhere.json"
    told, _ = refused(folder)
    assert "nowhere.json" in told
    assert "hub.pub" in told


def test_a_node_that_the_hub_does_not_know_is_told_to_ask_it(folder, settings):
    settings.NODE = "33"
    assert "节点目录里没有本节点（33）" in refused(folder)[0]


def test_a_signing_key_that_the_hub_does_not_know_is_told(folder, settings):
    ring = keys.read_ring(settings.STATE / "keys", "signing")
    keys.write_ring(settings.STATE / "keys", "signing", [keys.new_key("34", ring)])
    assert "34-2" in refused(folder)[0]


def test_a_database_that_was_a_demonstration_never_becomes_a_real_node(folder, settings):
    a_person()
    settings.DEMO = False
    assert "演示用的人员" in refused(folder)[0]


def test_tables_are_made_by_their_owner_only(folder):
    with pytest.raises(CommandError, match="DATABASE_OWNER_URL"):
        call_command("set_up_node", folder, stdout=io.StringIO())


def codes(*usernames, **options) -> list[dict[str, str]]:
    out = io.StringIO()
    call_command("give_code", *usernames, stdout=out, **options)
    return list(csv.DictReader(io.StringIO(out.getvalue())))


def test_a_code_is_given_by_user_name(folder):
    loaded()
    (slip,) = codes("ops1")
    assert (slip["姓名"], slip["账号"]) == ("示例运维", "ops1")
    assert account("ops1").check_password(slip["登录码"])


def test_everybody_without_a_password_gets_a_code_of_one_organ_or_of_all(folder):
    loaded()
    person = account("police1")
    person.set_password("a lake in the hills")
    person.save()
    close_account(OPERATOR, account=account("ops1").id, on=date(2026, 1, 1))
    assert [slip["账号"] for slip in codes(waiting=True)] == ["hall1"]
    assert [slip["机构"] for slip in codes(waiting=True, organ=HALL)] == ["肥西县政务服务中心（示例）"]


def test_codes_go_into_a_new_file_that_nobody_else_may_read(folder, tmp_path):
    loaded()
    path = tmp_path / "codes.csv"
    assert codes(waiting=True, file=path) == []
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    rows = list(csv.DictReader(path.read_text("utf-8-sig").splitlines()))
    assert all(account(row["账号"]).check_password(row["登录码"]) for row in rows)
    assert len(rows) == 3
    with pytest.raises(CommandError, match="已经存在"):
        codes(waiting=True, file=path)


def test_an_unknown_name_gives_nobody_a_code(folder):
    loaded()
    with pytest.raises(CommandError, match="nobody"):
        codes("ops1", "nobody")
    assert not Account.objects.exclude(code_until=None).exists()
    with pytest.raises(CommandError, match="--waiting"):
        codes()


def test_who_has_left_gets_no_code(folder):
    loaded()
    close_account(OPERATOR, account=account("police1").id, on=date(2026, 1, 1))
    with pytest.raises(CommandError, match="已经关闭"):
        codes("police1")
