"""Who looked at one's data, for programs."""

import pytest

from tongban.api.public.tests.build import a_clerk, an_officer, ground, handed_in, li, wang
from tongban.cases.models import Case
from tongban.exchange.tests.build import a_federation, another_province
from tongban.looks.tests.build import a_look, a_told_look, an_answer, decided_in_shanghai

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _ground(settings, tmp_path):
    ground(settings, tmp_path)


def test_looks_at_a_case_are_told_over_all_nodes_with_who_answered(settings, tmp_path):
    case = decided_in_shanghai()
    a_look(case, purpose="窗口查看")
    with another_province("31") as shanghai:
        shanghai.tell = lambda question: an_answer(question, a_told_look(1, at="2020-01-01T00:00:00.000Z"))
        a_federation(settings, tmp_path, endpoints={"31": shanghai.endpoint})
        answer = wang().get(f"/cases/{case.id}/looks").json()
    assert [(look["node"], look["purpose"]) for look in answer["items"]] == [("34", "窗口查看"), ("31", "审查本办件")]
    (asked,) = answer["nodes"]
    assert (asked["node"], asked["answered"], asked["more"]) == ("31", True, False)


def test_a_node_that_is_away_is_among_those_that_did_not_answer(settings, tmp_path):
    case = decided_in_shanghai()
    a_federation(settings, tmp_path, endpoints={"31": "http://127.0.0.1:9"})
    answer = wang().get(f"/cases/{case.id}/looks").json()
    assert answer["nodes"] == [{"node": "31", "answered": False, "answered_at": None, "more": False}]


def test_all_looks_can_be_read_page_by_page():
    visitor = wang()
    case = Case.objects.get(id=handed_in(visitor))
    for number in range(53):
        a_look(case, purpose=f"用途{number}")
    found = [look["purpose"] for look in visitor.all(f"/cases/{case.id}/looks")]
    assert found == [f"用途{number}" for number in reversed(range(53))]
    answer = visitor.get(f"/cases/{case.id}/looks", cursor="x")
    assert (answer.status_code, answer.json()["reason"]) == (404, "no_such_page")


def test_they_are_for_the_person_alone():
    case = handed_in(wang())
    for visitor in (li(), an_officer(), a_clerk()):
        assert visitor.get(f"/cases/{case}/looks").status_code == 404
