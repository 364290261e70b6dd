"""The page on which a catalogue is taken in, and what people and programs then find."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from tongban.api.public.tests.build import Visitor, ground
from tongban.api.public.tests.build import an_operator as a_program
from tongban.catalogue.models import Entry
from tongban.catalogue.tests.test_importing import row, table
from tongban.web.officer.tests.build import an_operator

pytestmark = pytest.mark.django_db
PAGE = "/ops/catalogue/import/"


@pytest.fixture(autouse=True)
def _ground(settings, tmp_path):
    ground(settings, tmp_path)


def upload(content, name="items.csv", **options):
    return an_operator().post(PAGE, {"file": SimpleUploadedFile(name, content), **options})


def test_a_file_is_first_only_checked():
    page = upload(table(row("A1"), row("A2", item_type="77")), way="try").text
    assert "共 2 行：新增 1" in page
    assert "不在规定的代码之内" in page
    assert not Entry.objects.exists()


def test_what_is_taken_in_is_found_by_people_and_programs(client):
    assert "已导入" in upload(table(row("A1", name="公园游船许可")), way="all").text
    assert "公园游船许可" in client.get("/catalogue/?q=游船").text
    assert [entry["code"] for entry in Visitor().get("/entries", q="游船").json()["items"]] == ["A1"]


@pytest.mark.parametrize(("content", "name"), [(b"x", "items.pdf"), (b"\x00", "items.xlsx")])
def test_a_file_that_cannot_be_read_is_told(content, name):
    page = upload(content, name, way="all")
    assert page.status_code == 422
    assert "文件读不出来" in page.text


def test_what_differs_between_levels_is_shown():
    base = "000116001000"
    upload(table(row("A1", base_code=base), row("A2", base_code=base, name="另一种写法")), way="all")
    page = an_operator().get("/ops/catalogue/consistency/").text
    assert "另一种写法" in page
    [found] = Visitor().get("/entries/inconsistencies").json()["items"]
    assert (found["base_code"], found["column"]) == (base, "name")


def test_a_program_takes_in_rows_and_is_told_each_fault():
    rows = [row("A1"), row("A2", item_type="77")]
    answer = a_program().post("/entries/import", {"rows": rows, "dry_run": False, "per_row": True}).json()
    assert (answer["new"], answer["written"]) == (1, True)
    assert [(fault["row"], fault["column"]) for fault in answer["faults"]] == [(3, "item_type")]
