from datetime import date

import pytest
from django.db import ProgrammingError

from tongban.base.errors import Rejected
from tongban.catalogue import actions, letters, queries
from tongban.catalogue.models import Implementation
from tongban.catalogue.rules.implementation import implementation_of, local, tightening
from tongban.catalogue.tests.build import HERE, OPERATOR, THERE, a_definition, heard, publish
from tongban.exchange.models import Letter

CITY, TOWNSHIP, VILLAGE = "340100000000", "340123100000", "340123100200"


def said(**changes):
    return {
        "item": "kstb-1-37",
        "place": HERE,
        "version": 1,
        "starts": "2026-01-01",
        "source": "示例",
        "sources": {},
        **changes,
    }


def at(*rows, definition=None):
    return local(definition or a_definition(), [implementation_of(row) for row in rows])


def test_an_authority_may_promise_a_shorter_limit():
    assert str(at(said(promised="0 working")).definition.limits.promised) == "0 working"


def test_an_authority_may_waive_a_paper_and_add_a_way_of_delivery():
    waived = a_definition().materials[0].key
    found = at(said(waived=[waived], ways=["home_counter"])).definition
    assert waived not in {material.key for material in found.materials}
    assert "home_counter" in found.delivery.ways


@pytest.mark.parametrize(
    ("changes", "key"),
    [({"promised": "9 working"}, "promised"), ({"visits": 1}, "visits"), ({"waived": ["x"]}, "waived")],
)
def test_nobody_may_ask_for_more_than_the_standard(changes, key):
    row = implementation_of(said(**changes))
    assert set(tightening(a_definition(), row)) == {key}


def test_what_would_ask_for_more_is_passed_over_and_the_rest_stands():
    found = at(said(promised="9 working", office="甲"), said(place=TOWNSHIP, office="乙"))
    assert str(found.definition.limits.promised) == "1 working"
    assert found.office == "乙"


def test_the_nearest_place_has_the_last_word():
    found = at(said(item="*", place=CITY, office="市", hours="九点"), said(item="*", place=HERE, office="县"))
    assert (found.office, found.definition.contact.hours) == ("县", "九点")


@pytest.mark.parametrize(
    ("changes", "path"),
    [({"place": "3401"}, "place"), ({"until": "2025-01-01"}, "until"), ({"promised": "1 years"}, "promised")],
)
def test_a_row_with_this_fault_is_not_read(changes, path):
    with pytest.raises(Rejected) as caught:
        implementation_of(said(**changes))
    assert list(caught.value.fields) == [path]


@pytest.mark.django_db
class TestAtANode:
    def test_a_village_takes_over_what_stands_above_it(self, django_assert_num_queries):
        publish()
        for place, office in ((CITY, "市中心"), (TOWNSHIP, "镇中心")):
            actions.publish_implementation(OPERATOR, content=said(item="*", place=place, office=office))
        standard = queries.get_definition("kstb-1-37", "34")[1]
        queries.local_standard(standard, VILLAGE)
        with django_assert_num_queries(1):
            found = queries.local_standard(standard, VILLAGE, on=date(2026, 5, 1))
        assert (found.office, len(found.rows)) == ("镇中心", 2)
        assert queries.local_standard(standard, THERE).rows == ()

    def test_of_several_versions_the_newest_that_has_begun_holds(self):
        publish()
        for version, starts in ((1, "2026-01-01"), (2, "2026-06-01"), (3, "2030-01-01")):
            content = said(version=version, starts=starts, office=f"第{version}版")
            actions.publish_implementation(OPERATOR, content=content)
        standard = queries.get_definition("kstb-1-37", "34")[1]
        assert queries.local_standard(standard, HERE, on=date(2026, 7, 1)).office == "第2版"
        assert queries.local_standard(standard, HERE, on=date(2026, 3, 1)).office == "第1版"

    def test_it_is_sent_once_and_another_text_needs_another_version(self):
        publish()
        before = Letter.objects.count()
        actions.publish_implementation(OPERATOR, content=said())
        actions.publish_implementation(OPERATOR, content=said())
        assert Letter.objects.count() == before + 1
        with pytest.raises(Rejected, match="implementation_differs"):
            actions.publish_implementation(OPERATOR, content=said(office="另一处"))

    def test_what_tightens_the_standard_is_not_published(self):
        publish()
        with pytest.raises(Rejected, match="implementation_tightens"):
            actions.publish_implementation(OPERATOR, content=said(promised="9 working"))
        assert not Implementation.objects.exists()

    def test_a_province_speaks_for_its_own_places_only(self):
        publish()
        with pytest.raises(Rejected, match="item_not_theirs"):
            actions.publish_implementation(OPERATOR, content=said(place=THERE))
        data = {"content": said()}
        with pytest.raises(Rejected, match="item_not_theirs"):
            letters.hear_implementation(heard("implementation", f"implementation-kstb-1-37@{HERE}", data, sender="31"))

    def test_what_another_province_adds_is_kept(self):
        data = {"content": said(item="*", place=THERE, office="示例大厅")}
        letters.hear_implementation(heard("implementation", f"implementation-every@{THERE}", data, sender="31"))
        assert queries.local_standard(a_definition(), THERE).office == "示例大厅"

    def test_a_row_once_published_is_never_changed(self):
        publish()
        actions.publish_implementation(OPERATOR, content=said())
        with pytest.raises(ProgrammingError):
            Implementation.objects.update(item="*")


def test_every_city_and_county_of_anhui_has_its_office_and_one_county_down_to_its_villages():
    places = {row["place"] for row in queries.shipped_implementations("34") if row["item"] == "*"}
    assert len({place for place in places if place[4:] == "0" * 8}) == 16
    assert len({place for place in places if place[6:] == "0" * 6 and place[4:6] != "00"}) == 104
    assert len({place for place in places if place.startswith("340123") and place[9:] != "000"}) > 250


def test_every_shipped_row_eases_its_standard():
    for content in queries.shipped_implementations("34"):
        row = implementation_of(content)
        if row.item != "*":
            assert tightening(a_definition(row.item), row) == {}, row
