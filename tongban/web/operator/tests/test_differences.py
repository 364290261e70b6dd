"""The pages on which standards of several provinces are brought together."""

import pytest

from tongban.cases.tests.build import publish as put
from tongban.catalogue.actions.discrepancies import note_discrepancies
from tongban.catalogue.models import Discrepancy
from tongban.catalogue.tests.build import publish
from tongban.exchange.tests.build import a_federation
from tongban.web.officer.tests.build import an_operator

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _ground(settings, tmp_path):
    a_federation(settings, tmp_path)
    publish()
    put(province="31", item_type="07")
    note_discrepancies("kstb-1-37", "31")


def test_each_difference_is_a_task_with_both_texts():
    page = an_operator().get("/ops/differences/").text
    assert "行政许可" in page
    assert "行政确认" in page
    assert "（四同）" in page


def test_what_is_being_done_is_written_down():
    client, row = an_operator(), Discrepancy.objects.first()
    answer = client.post(f"/ops/differences/{row.pk}/", {"state": "raised", "note": "已发函（示例）"}, follow=True)
    assert "已记下" in answer.text
    assert "已发函" in client.get("/ops/differences/?state=raised").text


def test_without_a_note_nothing_changes():
    client, row = an_operator(), Discrepancy.objects.first()
    answer = client.post(f"/ops/differences/{row.pk}/", {"state": "raised", "note": ""}, follow=True)
    assert "写明联系了谁" in answer.text
    assert Discrepancy.objects.get(pk=row.pk).state == "open"


def test_the_list_asks_as_many_questions_for_many_as_for_one(django_assert_max_num_queries):
    client, row = an_operator(), Discrepancy.objects.first()
    for number in range(30):
        row.pk, row.key = None, f"{number:064d}"
        row.save()
    client.get("/ops/differences/")
    with django_assert_max_num_queries(12):
        page = client.get("/ops/differences/")
    assert page.context["pager"].next


def test_everybody_can_compare_two_places(client):
    page = client.get("/items/kstb-1-37/compare/?a=34&b=31").text
    assert "行政许可" in page
    assert "行政确认" in page
    assert "应当各地一致" in page


def test_where_only_one_province_has_published_there_is_nothing_to_compare(client):
    page = client.get("/items/kstb-1-06/compare/").text
    assert "还不能对比" in page
