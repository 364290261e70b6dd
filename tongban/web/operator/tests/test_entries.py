"""The page on which a catalogue is taken in, and what people then find."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from tongban.catalogue.models import Entry
from tongban.catalogue.tests.test_importing import row, table
from tongban.exchange.tests.build import a_federation
from tongban.orgs.tests.build import some_divisions
from tongban.web.officer.tests.build import an_operator

pytestmark = pytest.mark.django_db
PAGE = "/ops/catalogue/import/"


@pytest.fixture(autouse=True)
def _ground(settings, tmp_path):
    a_federation(settings, tmp_path)
    some_divisions()


def upload(content, name="items.csv", **options):
    return an_operator().post(PAGE, {"file": SimpleUploadedFile(name, content), **options})


def test_a_file_is_first_only_checked():
    page = upload(table(row("A1"), row("A2", item_type="77")), way="try").text
    assert "共 2 行：新增 1" in page
    assert "不在规定的代码之内" in page
    assert not Entry.objects.exists()


def test_what_is_taken_in_is_found_at_once(client):
    assert "已导入" in upload(table(row("A1", name="公园游船许可")), way="all").text
    assert "公园游船许可" in client.get("/catalogue/?q=游船").text


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
