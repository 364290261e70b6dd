"""Cases over HTTP: who sees what, who may do what, and what is written down of the looks."""

import pytest

from tongban.api.public.tests.build import (
    SHOWN_AT_COUNTER,
    XUHUI,
    a_clerk,
    act,
    an_auditor,
    an_officer,
    an_operator,
    draft,
    ground,
    handed_in,
    li,
    papers,
    wang,
)
from tongban.base.canonical import digest
from tongban.cases.models import Ask, Case
from tongban.cases.tests.build import copies_of
from tongban.files.models import Claim
from tongban.journal.models import Entry

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _ground(settings, tmp_path):
    ground(settings, tmp_path)


def decided(case: str, officer) -> None:
    for name, content in (
        ("accept", {"opinion": "内部意见"}),
        ("grant", {"opinion": "内部意见"}),
        ("issue", {"certificate": "示例执照", "number": "1"}),
        ("deliver", {"event": "delivery", "way": "online"}),
    ):
        assert act(officer, case, name, **content).status_code == 201, name


def looks_at(case: str) -> int:
    return Entry.objects.filter(event="look", case=case).count()


def test_from_receipt_to_delivery_the_person_sees_every_step():
    visitor = wang()
    case = handed_in(visitor)
    decided(case, an_officer())
    shown = visitor.get(f"/cases/{case}").json()
    acts = ["open", "accept", "grant", "issue", "deliver", "close"]
    assert [step["act"] for step in shown["timeline"]] == acts
    assert (shown["status"], shown["status_name"], shown["head"]) == ("closed", "已办结", 6)
    assert shown["timeline"][0]["received"]["node"] == "34"


def test_what_is_said_inside_the_home_is_not_told_to_the_person():
    visitor, officer = wang(), an_officer()
    case = handed_in(visitor)
    decided(case, officer)
    assert "内部意见" not in visitor.get(f"/cases/{case}").content.decode()
    assert "内部意见" in officer.get(f"/cases/{case}").content.decode()
    assert visitor.get(f"/cases/{case}").json()["dossier"] is None


def test_each_document_is_read_by_its_number():
    visitor = wang()
    case = handed_in(visitor)
    decided(case, an_officer())
    steps = visitor.get(f"/cases/{case}").json()["timeline"]
    documents = [document for step in steps for document in step["documents"]]
    assert len(documents) == 4
    for document in documents:
        page = visitor.get(f"/cases/{case}/documents/{document['number']}")
        assert document["number"] in page.content.decode()
        assert "sandbox" in page["Content-Security-Policy"]


def test_strangers_are_told_that_there_is_no_such_case():
    case = handed_in(wang())
    for other in (li(), a_clerk(), an_operator(), an_officer(region="3402")):
        for answer in (other.get(f"/cases/{case}"), act(other, case, "accept")):
            assert (answer.status_code, answer.json()["reason"]) in {(404, "not_found"), (403, "not_allowed")}
        assert other.get(f"/cases/{case}").status_code == 404
    assert looks_at(case) == 0


def test_an_auditor_sees_the_chain_but_not_what_was_said():
    case = handed_in(wang())
    shown = an_auditor().get(f"/cases/{case}").json()
    assert [step["act"] for step in shown["timeline"]] == ["open"]
    assert all(step["said"] == {} for step in shown["timeline"])
    assert (shown["allowed_acts"], shown["dossier"]) == ([], None)


def test_each_look_of_an_officer_is_on_record_and_the_person_sees_it():
    visitor, officer = wang(), an_officer()
    case = handed_in(visitor)
    officer.get(f"/cases/{case}")
    officer.get(f"/cases/{case}")
    visitor.get(f"/cases/{case}")
    found = visitor.get("/looks").json()["items"]
    assert [(look["role"], look["case_id"], look["what"]) for look in found] == [("officer", case, "case")] * 2


def test_an_act_on_an_older_sight_is_told_what_came_between():
    case, officer = handed_in(wang()), an_officer()
    act(officer, case, "accept")
    answer = act(officer, case, "grant", seen=1)
    assert (answer.status_code, answer.json()["reason"]) == (409, "stale")
    assert (answer.json()["head"], answer.json()["changed"]) == (2, "受理")


def test_an_officer_without_a_grant_for_the_act_is_refused():
    case = handed_in(wang())
    answer = act(an_officer(acts=["accept"]), case, "decline", reason="示例")
    assert (answer.status_code, answer.json()["reason"]) == (403, "not_allowed")


def test_the_person_does_not_decide():
    visitor = wang()
    answer = act(visitor, handed_in(visitor), "grant")
    assert (answer.status_code, answer.json()["reason"]) == (409, "not_now")
    answer = act(visitor, handed_in(visitor), "accept")
    assert (answer.status_code, answer.json()["reason"]) == (403, "not_allowed")


def test_what_is_missing_in_an_act_is_named():
    answer = act(an_officer(), handed_in(wang()), "ask_correction", targets=[{"target": "field:scope", "problem": ""}])
    assert answer.status_code == 422
    assert [error["field"] for error in answer.json()["errors"]] == ["targets.0.problem"]


def test_an_act_at_a_case_elsewhere_becomes_an_ask():
    visitor = wang()
    case = handed_in(visitor, place=XUHUI)
    answer = visitor.post(f"/cases/{case}/acts", {"act": "withdraw", "content": {"reason": "示例"}})
    assert answer.status_code == 202
    assert answer.json()["home"] == "31"
    assert Ask.objects.get(letter=answer.json()["ask"]).act == "withdraw"


def test_a_supplement_for_elsewhere_names_files_that_the_home_may_fetch():
    visitor = wang()
    case = handed_in(visitor, place=XUHUI)
    paper = papers(visitor, "application")[0]
    answer = visitor.post(f"/cases/{case}/acts", {"act": "supply", "content": {"materials": [paper]}})
    assert answer.status_code == 202
    assert Claim.objects.get(digest=paper["digest"], case=case).nodes == ["31"]


def test_a_supplement_with_a_paper_that_was_not_uploaded_is_refused():
    visitor, officer = wang(), an_officer()
    case = handed_in(visitor)
    act(officer, case, "ask_correction", targets=[{"target": "material:application", "problem": "不清楚"}])
    material = {"key": "application", "digest": "0" * 64, "name": "x.pdf"}
    answer = act(visitor, case, "supply", materials=[material])
    assert [error["reason"] for error in answer.json()["errors"]] == ["file_unknown"]


def test_a_supplement_takes_the_place_of_the_paper_and_the_old_one_stays_with_the_case():
    visitor, officer = wang(), an_officer()
    case = handed_in(visitor)
    act(officer, case, "ask_correction", targets=[{"target": "material:application", "problem": "不清楚"}])
    old = {entry["key"]: entry["digest"] for entry in officer.get(f"/cases/{case}").json()["dossier"]["materials"]}
    new = papers(visitor, "application")[0]
    assert act(visitor, case, "supply", materials=[new]).status_code == 201
    dossier = officer.get(f"/cases/{case}").json()["dossier"]
    assert {entry["key"]: entry["digest"] for entry in dossier["materials"]}["application"] == new["digest"]
    assert [entry["digest"] for entry in dossier["replaced"]] == [old["application"]]
    assert digest(officer.read(f"/cases/{case}/files/{old['application']}")) == old["application"]


def test_a_counter_sees_what_it_received_but_not_what_the_person_filled_in():
    clerk = a_clerk()
    body = draft(mode="counter", applicant=SHOWN_AT_COUNTER, materials=papers(clerk))
    case = clerk.post("/applications", body).json()["case_id"]
    clerk.post(f"/applications/{case}/submit")
    shown = clerk.get(f"/cases/{case}")
    assert "recall" in shown.json()["allowed_acts"]
    assert "小吃服务" not in shown.content.decode()
    assert [entry["case_id"] for entry in clerk.get("/cases").json()["items"]] == [case]
    assert a_clerk().get("/cases").json()["items"] == clerk.get("/cases").json()["items"]


def test_the_list_is_ones_own_work_or_ones_own_matter():
    visitor = wang()
    case = handed_in(visitor)
    assert [entry["case_id"] for entry in visitor.get("/cases").json()["items"]] == [case]
    assert [entry["case_id"] for entry in an_officer().get("/cases").json()["items"]] == [case]
    assert li().get("/cases").json()["items"] == []
    assert an_officer(region="3402").get("/cases").json()["items"] == []
    for other in (an_operator(), an_auditor()):
        assert other.get("/cases").status_code == 403


def test_lists_have_pages_that_hold_every_case_once():
    visitor, officer = wang(), an_officer()
    first = Case.objects.get(id=handed_in(visitor))
    copies_of(first, 120)
    for reader in (visitor, officer):
        found = list(reader.all("/cases"))
        assert len(found) == len({entry["case_id"] for entry in found}) == 121


@pytest.mark.parametrize(("who", "queries"), [(wang, 3), (an_officer, 4), (a_clerk, 3)])
def test_a_list_costs_the_same_number_of_queries_however_long(who, queries, django_assert_num_queries):
    first = Case.objects.get(id=handed_in(wang()))
    reader = who()
    copies_of(first, 20)
    with django_assert_num_queries(queries):
        reader.get("/cases")
