"""Whole catalogues at a node: imported, searched, exported, held against each other."""

import io

import pytest
from django.core.management import CommandError, call_command

from tongban.base.actor import Actor, Role
from tongban.base.errors import Rejected
from tongban.catalogue import queries
from tongban.catalogue.actions.importing import import_entries
from tongban.catalogue.models import Entry as EntryRow
from tongban.catalogue.rules.entries import ColumnMap
from tongban.catalogue.sheets import write_table
from tongban.catalogue.tests.build import OPERATOR
from tongban.catalogue.tests.test_entries import GOOD
from tongban.orgs.tests.build import some_divisions

pytestmark = pytest.mark.django_db
PLACE = "340123000000"


@pytest.fixture(autouse=True)
def _places():
    some_divisions()


def table(*rows):
    lines = [",".join(row.get(name, "") for name in (*GOOD, "base_code")) for row in rows]
    return "\n".join([",".join((*GOOD, "base_code")), *lines]).encode()


def row(code, **changes):
    return {**GOOD, "code": code, "place": PLACE, **changes}


def take_in(*rows, province="34", actor=OPERATOR, **options):
    options = {"dry_run": False, "per_row": False, **options}
    return import_entries(actor, province=province, content=table(*rows), form="csv", mapping=ColumnMap(), **options)


def stored():
    return list(EntryRow.objects.order_by("code").values_list("code", "name"))


def test_what_is_imported_is_found_at_once():
    report = take_in(row("A1"), row("A2", name="公园游船许可"))
    assert (report.rows, report.new, report.written) == (2, 2, True)
    assert [entry.code for entry in queries.find_entries("游船")] == ["A2"]
    assert [entry.code for entry in queries.find_entries("许可", place="340123")] == ["A1", "A2"]


def test_a_dry_run_says_what_would_happen_and_writes_nothing():
    take_in(row("A1"), row("A2"))
    report = take_in(row("A1"), row("A2", name="改名"), row("A3"), dry_run=True)
    assert (report.new, report.changed, report.same, report.written) == (1, 1, 1, False)
    assert stored() == [("A1", "排污许可"), ("A2", "排污许可")]


def test_one_bad_row_stops_all_or_only_itself_as_was_chosen():
    rows = [row("A1"), row("A2", item_type="77")]
    assert (take_in(*rows).written, stored()) == (False, [])
    report = take_in(*rows, per_row=True)
    assert (report.written, stored(), report.rows) == (True, [("A1", "排污许可")], 2)
    assert [(fault.row, fault.column) for fault in report.faults] == [(3, "item_type")]


def test_the_same_table_again_changes_nothing():
    take_in(row("A1"))
    report = take_in(row("A1"))
    assert (report.same, report.written) == (1, False)


def test_a_place_that_is_none_or_another_provinces_is_told():
    report = take_in(row("A1", place="349999000000"), row("A2", place="310104000000"))
    assert [(fault.row, fault.reason) for fault in report.faults] == [(2, "known_elsewhere"), (3, "not_theirs")]


def test_a_node_takes_in_its_own_catalogue_only():
    with pytest.raises(Rejected, match="not_allowed"):
        take_in(row("A1"), province="31")
    with pytest.raises(Rejected, match="not_allowed"):
        take_in(row("A1"), actor=Actor(role=Role.CLERK, node="34"))


def test_what_is_not_the_same_on_all_levels_is_reported():
    base = "000116001000"
    take_in(
        row("A1", base_code=base),
        row("A2", base_code=base, name="排污许可证核发"),
        row("A3", base_code="000117001000"),
        row("A4", base_code="000117001000"),
    )
    [found] = queries.inconsistent()
    assert (found.base_code, found.column) == (base, "name")
    assert queries.inconsistent(after=base) == ()


def test_commands_import_and_export_the_same(tmp_path, capsys):
    take_in(row("A1"), row("A2"))
    call_command("export_entries", tmp_path / "out.xlsx")
    EntryRow.objects.all().delete()
    call_command("import_entries", tmp_path / "out.xlsx")
    assert "2 rows, 2 new, 0 changed, 0 the same, 0 faults, written" in capsys.readouterr().out
    assert stored() == [("A1", "排污许可"), ("A2", "排污许可")]


def test_the_command_tells_every_fault_and_fails(tmp_path):
    path, told = tmp_path / "in.csv", io.StringIO()
    path.write_bytes(table(row("A1", item_type="77")))
    with pytest.raises(CommandError, match="nothing written"):
        call_command("import_entries", path, stderr=told)
    assert "第 2 行“item_type”：不在规定的代码之内" in told.getvalue()


def test_ten_thousand_rows_come_in_by_few_statements(django_assert_max_num_queries):
    rows = [row(f"A{number:05d}", name=f"示例事项{number}") for number in range(10_000)]
    with django_assert_max_num_queries(20):
        report = take_in(*rows)
    assert report.new == 10_000
    exported = write_table(queries.all_entries("34"), form="csv")
    assert exported.count(b"\n") == 10_001
