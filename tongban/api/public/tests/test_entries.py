"""Whole catalogues as programs take them in and read them."""

import pytest

from tongban.api.public.tests.build import Visitor, an_operator, ground
from tongban.catalogue.tests.test_importing import row

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _ground(settings, tmp_path):
    ground(settings, tmp_path)


def take_in(*rows, **options):
    body = {"rows": list(rows), "dry_run": False, **options}
    return an_operator().post("/entries/import", body).json()


def test_rows_are_taken_in_and_each_fault_is_told():
    answer = take_in(row("A1"), row("A2", item_type="77"), per_row=True)
    assert (answer["new"], answer["written"]) == (1, True)
    assert [(fault["row"], fault["column"]) for fault in answer["faults"]] == [(3, "item_type")]


def test_what_was_taken_in_is_found_by_words_and_place():
    take_in(row("A1", name="公园游船许可"), row("A2"))
    assert [entry["code"] for entry in Visitor().get("/entries", q="游船").json()["items"]] == ["A1"]
    assert Visitor().get("/entries", place="31").json() == {"items": [], "next": None}


def test_what_is_not_the_same_on_all_levels_is_listed():
    base = "000116001000"
    take_in(row("A1", base_code=base), row("A2", base_code=base, name="另一种写法"))
    [found] = Visitor().get("/entries/inconsistencies").json()["items"]
    assert (found["base_code"], found["column"], len(found["values"])) == (base, "name", 2)
