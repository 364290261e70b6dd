"""The catalogue as programs read it: open to everyone."""

import pytest

from tongban.api.public.tests.build import Visitor, ground
from tongban.cases.tests.build import FEIXI, XUHUI
from tongban.catalogue.models import BaseItem

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _ground(settings, tmp_path):
    ground(settings, tmp_path)


def many_items(count: int) -> None:
    BaseItem.objects.bulk_create(
        BaseItem(key=f"kstb-2-{number:02d}", batch=2, number=number, name="示例", scenario="", lead_unit="示例")
        for number in range(1, count + 1)
    )


def test_a_standard_names_its_version_its_digest_and_where_its_facts_come_from():
    answer = Visitor().get("/items/kstb-1-37", province="31").json()
    assert (answer["key"], answer["province"], answer["version"]) == ("kstb-1-37", "31", 1)
    assert len(answer["digest"]) == 64
    assert answer["definition"]["sources"]
    assert answer["definition"]["examples"]


def test_outside_demo_and_test_a_standard_has_no_examples(settings):
    settings.DEMO = False
    assert "examples" not in Visitor().get("/items/kstb-1-37").json()["definition"]


@pytest.mark.parametrize(
    ("path", "query", "reason"),
    [
        ("/items/kstb-9-99", {}, "item_unknown"),
        ("/items/kstb-1-37", {"province": "11"}, "item_not_defined"),
        ("/items/kstb-1-37", {"version": "9"}, "item_not_defined"),
    ],
)
def test_what_is_not_in_the_catalogue_is_404(path, query, reason):
    answer = Visitor().get(path, **query)
    assert (answer.status_code, answer.json()["reason"]) == (404, reason)


@pytest.mark.parametrize("key", ["A", "a%00b", "键", "a" * 41])
def test_a_key_that_can_be_none_is_422(key):
    assert Visitor().get(f"/items/{key}").status_code == 422


def test_the_list_tells_which_items_a_province_has_defined():
    entries = Visitor().get("/items", province="31").json()["items"]
    assert [(entry["key"], entry["defined"], entry["provinces"]) for entry in entries] == [
        ("kstb-1-37", True, ["31", "34"])
    ]


def test_the_list_has_pages_that_hold_every_item_once():
    many_items(120)
    keys = [entry["key"] for entry in Visitor().all("/items")]
    assert len(keys) == len(set(keys)) == 121


def test_a_list_costs_the_same_number_of_queries_however_long(django_assert_num_queries):
    many_items(60)
    with django_assert_num_queries(2):
        Visitor().get("/items")


def test_the_route_says_whether_how_and_why():
    answer = Visitor().get("/route", item="kstb-1-37", place=FEIXI, authority_place=XUHUI).json()
    assert (answer["allowed"], answer["agreement"]) == (True, "trial")
    assert "online" in answer["modes"]
    assert answer["reason"]


def test_a_route_to_a_province_without_a_standard_is_answered_not_refused():
    answer = Visitor().get("/route", item="kstb-1-37", place=FEIXI, authority_place="110000000000")
    assert (answer.status_code, answer.json()["why"]) == (200, "not_published")


def test_agreements_are_listed_with_who_signed_them():
    [entry] = Visitor().get("/agreements").json()["items"]
    assert (entry["key"], entry["version"], entry["signed"]) == ("trial", 1, ["31", "34"])
    assert entry["content"]["terms"]
