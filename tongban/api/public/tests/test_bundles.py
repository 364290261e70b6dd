"""一件事 for programs: what it asks, one handing in, a case for each part."""

import pytest

from tongban.api.public.tests.build import Visitor, a_clerk, li, wang
from tongban.bundles.actions.following import follow_bundles
from tongban.bundles.queries import shipped
from tongban.bundles.tests.build import answers_of, decide, ground
from tongban.calendar.queries import now
from tongban.cases.models import Case
from tongban.cases.rules.table import Act
from tongban.cases.tests.build import FEIXI

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _ground(settings, tmp_path):
    ground(settings, tmp_path)


def begun(visitor: Visitor, **changes) -> dict:
    answers = answers_of(paying_place=FEIXI, **changes)
    return visitor.post("/bundles", {"event": "unemployed", "place": FEIXI, "answers": answers}).json()


def complete(visitor: Visitor, **changes) -> str:
    made = begun(visitor, **changes)
    digest = visitor.upload().json()["digest"]
    papers = [{"key": entry["key"], "digest": digest, "name": "a.pdf"} for entry in made["papers"] if entry["required"]]
    answers = answers_of(paying_place=FEIXI, **changes)
    kept = visitor.put(f"/bundles/{made['bundle_id']}", {"answers": answers, "papers": papers}).json()
    assert kept["faults"] == {}
    return str(made["bundle_id"])


def test_the_events_are_open_to_everyone():
    keys = [entry["key"] for entry in Visitor().get("/events").json()["items"]]
    assert keys == sorted(shipped())
    definition = Visitor().get("/events/unemployed").json()["definition"]
    assert definition["parts"][2]["after"] == "registration"
    assert Visitor().get("/events/nothing").json()["reason"] == "bundle_unknown"


def test_a_draft_says_which_papers_are_wanted_and_what_is_missing():
    made = begun(wang())
    assert made["faults"] == {"materials.claim.application": "material_missing"}
    assert [(entry["part"], entry["fate"]) for entry in made["prospects"]] == [
        ("record", "open"),
        ("registration", "open"),
        ("claim", "open"),
    ]
    identity = next(entry for entry in made["papers"] if entry["key"] == "identity")
    assert (identity["parts"], identity["shared"]) == (["registration", "claim"], True)


def test_one_handing_in_makes_a_case_for_each_part_and_the_rest_follows():
    visitor = wang()
    bundle = complete(visitor)
    shown = visitor.post(f"/bundles/{bundle}/submit", {}).json()
    parts = {entry["part"]: entry for entry in shown["parts"]}
    assert {key: entry["state"] for key, entry in parts.items()} == {
        "record": "made",
        "registration": "made",
        "claim": "waiting",
    }
    assert parts["claim"]["after"] == "registration"
    decide(Case.objects.get(id=parts["registration"]["case_id"]), Act.ACCEPT, Act.GRANT)
    follow_bundles(now())
    claim = visitor.get(f"/bundles/{bundle}").json()["parts"][2]
    assert (claim["state"], claim["application"], claim["status"]) == ("made", "submitted", "submitted")
    assert visitor.get(f"/cases/{claim['case_id']}").status_code == 200


def test_handing_in_again_under_the_same_key_is_answered_alike():
    visitor = wang()
    bundle = complete(visitor)
    first = visitor.post(f"/bundles/{bundle}/submit", {}, key="k").json()
    assert visitor.post(f"/bundles/{bundle}/submit", {}, key="k").json() == first
    assert visitor.post(f"/bundles/{bundle}/submit", {}).json()["reason"] == "submitted_already"


def test_what_is_missing_is_told_at_one_time():
    visitor = wang()
    made = begun(visitor, employer=None)
    answer = visitor.post(f"/bundles/{made['bundle_id']}/submit", {}).json()
    assert {entry["field"] for entry in answer["errors"]} == {"answers.employer", "materials.claim.application"}


def test_she_decides_on_a_part_whose_earlier_one_failed():
    visitor = wang()
    bundle = complete(visitor)
    parts = visitor.post(f"/bundles/{bundle}/submit", {}).json()["parts"]
    decide(Case.objects.get(id=parts[1]["case_id"]), Act.DECLINE, reason="示例")
    follow_bundles(now())
    assert [entry["to_decide"] for entry in visitor.get("/bundles").json()["items"]] == [True]
    shown = visitor.post(f"/bundles/{bundle}/parts/claim", {"do": "let_go"}).json()
    assert shown["parts"][2]["state"] == "let_go"
    assert visitor.post(f"/bundles/{bundle}/parts/claim", {"do": "go_on"}).json()["reason"] == "part_not_open"


def test_only_she_herself_sees_it():
    bundle = complete(wang())
    assert li().get(f"/bundles/{bundle}").status_code == 404
    assert a_clerk().get(f"/bundles/{bundle}").status_code == 403
    assert Visitor().get("/bundles").status_code == 401


def test_a_draft_is_dropped():
    visitor = wang()
    bundle = begun(visitor)["bundle_id"]
    assert visitor.delete(f"/bundles/{bundle}").status_code == 204
    assert visitor.get(f"/bundles/{bundle}").status_code == 404


def test_the_list_asks_the_database_equally_often_for_one_and_for_many(django_assert_num_queries):
    visitor = wang()
    begun(visitor)
    with django_assert_num_queries(2):
        visitor.get("/bundles")
    begun(visitor)
    with django_assert_num_queries(2):
        assert len(visitor.get("/bundles").json()["items"]) == 2
