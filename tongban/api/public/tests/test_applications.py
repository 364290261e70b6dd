"""Applications over HTTP: begun, saved, handed in, given up; by a person and by a clerk."""

import pytest

from tongban.api.public.tests.build import (
    ANSWERS,
    SHOWN_AT_COUNTER,
    Visitor,
    a_clerk,
    an_auditor,
    an_officer,
    an_operator,
    begun,
    draft,
    ground,
    handed_in,
    li,
    papers,
    wang,
)
from tongban.applications.models import Application, Custody
from tongban.base.uuid7 import uuid7
from tongban.cases.models import Ask, Case
from tongban.cases.tests.build import FEIXI, XUHUI
from tongban.exchange.models import Letter
from tongban.journal.models import Entry

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _ground(settings, tmp_path):
    ground(settings, tmp_path)


def intake(clerk: Visitor, **changes) -> str:
    body = draft(mode="counter", channel="counter", applicant=SHOWN_AT_COUNTER, materials=papers(clerk), **changes)
    answer = clerk.post("/applications", body)
    assert answer.status_code == 201, answer.content
    return answer.json()["case_id"]


def test_what_is_handed_in_for_here_is_answered_by_the_first_step():
    visitor = wang()
    case = begun(visitor)
    answer = visitor.post(f"/applications/{case}/submit")
    assert answer.status_code == 201
    assert answer.json()["no"] == 1
    assert answer.json()["digest"] == Case.objects.get(id=case).head_digest
    assert answer.json()["receipt_number"].startswith("S34")


def test_what_is_handed_in_for_elsewhere_is_answered_by_the_ask():
    visitor = wang()
    case = begun(visitor, place=XUHUI)
    answer = visitor.post(f"/applications/{case}/submit")
    assert answer.status_code == 202
    assert answer.json()["ask"] == str(Ask.objects.get(case_id=case).letter)
    assert Letter.objects.get(subject=case).kind == "ask"


def test_a_draft_is_saved_as_far_as_it_has_come_and_says_what_is_missing():
    visitor = wang()
    made = visitor.post("/applications", draft(answers={})).json()
    assert made["faults"]["answers.operation"] == "answer_missing"
    saved = visitor.put(f"/applications/{made['case_id']}", draft(materials=papers(visitor))).json()
    assert saved["faults"] == {}
    assert saved["revision"] > made["revision"]


def test_saving_puts_the_new_papers_in_the_place_of_the_old():
    visitor = wang()
    case = begun(visitor)
    visitor.put(f"/applications/{case}", draft(materials=papers(visitor, "application")))
    shown = visitor.get(f"/applications/{case}").json()
    assert [entry["key"] for entry in shown["materials"]] == ["application"]
    assert shown["faults"] == {"materials.premises_proof": "material_missing"}


def test_a_change_on_an_older_sight_of_the_draft_is_refused():
    visitor = wang()
    case = begun(visitor)
    answer = visitor.put(f"/applications/{case}", draft(seen=1))
    assert (answer.status_code, answer.json()["reason"]) == (409, "draft_changed")


def test_the_matter_lies_where_the_answers_say():
    visitor = wang()
    made = visitor.post("/applications", draft(place=FEIXI, answers={})).json()["case_id"]
    visitor.put(f"/applications/{made}", draft(answers={**ANSWERS, "business_place": XUHUI}))
    shown = visitor.get(f"/applications/{made}").json()
    assert (shown["place"], shown["province"]) == (XUHUI, "31")


def test_what_was_begun_cannot_become_another_thing():
    visitor = wang()
    case = begun(visitor)
    answer = visitor.put(f"/applications/{case}", draft(item="kstb-1-01", version=7, mode="counter"))
    assert {error["field"] for error in answer.json()["errors"]} == {"item", "version", "mode"}


def test_an_incomplete_application_is_not_taken_and_everything_is_told_at_once():
    visitor = wang()
    case = visitor.post("/applications", draft(answers={"operation": "personal"})).json()["case_id"]
    answer = visitor.post(f"/applications/{case}/submit")
    fields = {error["field"] for error in answer.json()["errors"]}
    assert answer.status_code == 422
    assert {"answers.scope", "materials.application"} <= fields
    assert Application.objects.get(id=case).state == "draft"


def test_a_paper_that_was_not_uploaded_is_refused():
    visitor = wang()
    material = {"key": "application", "digest": "0" * 64, "name": "x.pdf"}
    answer = visitor.post("/applications", draft(materials=[material]))
    assert (answer.status_code, answer.json()["reason"]) == (409, "file_unknown")
    assert not Application.objects.exists()


def test_what_is_given_up_is_gone():
    visitor = wang()
    case = begun(visitor)
    assert visitor.delete(f"/applications/{case}").status_code == 204
    assert visitor.get(f"/applications/{case}").status_code == 404
    assert visitor.delete(f"/applications/{case}").status_code == 404
    assert visitor.get("/applications").json()["items"] == []


def test_what_is_handed_in_cannot_be_changed_or_given_up():
    visitor = wang()
    case = handed_in(visitor)
    for answer in (
        visitor.put(f"/applications/{case}", draft()),
        visitor.delete(f"/applications/{case}"),
        visitor.post(f"/applications/{case}/submit"),
    ):
        assert (answer.status_code, answer.json()["reason"]) == (409, "submitted_already")


def test_nobody_else_sees_or_touches_an_application():
    case = begun(wang())
    for other in (li(), a_clerk(), an_officer(), an_operator(), an_auditor()):
        assert other.get(f"/applications/{case}").status_code == 404
        assert other.put(f"/applications/{case}", draft()).status_code == 404
        assert other.post(f"/applications/{case}/submit").status_code == 404
        assert other.delete(f"/applications/{case}").status_code == 404


def test_those_who_make_no_applications_have_no_list_of_them():
    for other in (an_officer(), an_operator(), an_auditor()):
        assert other.get("/applications").status_code == 403
        assert other.post("/applications", draft()).status_code == 403


def test_a_clerk_takes_in_for_the_person_before_him_and_his_look_is_on_record():
    clerk = a_clerk()
    case = intake(clerk, place=XUHUI)
    shown = clerk.get(f"/applications/{case}").json()
    assert (shown["channel"], shown["mode"]) == ("counter", "counter")
    assert Entry.objects.filter(event="look", case=case, what="application").count() == 1
    assert clerk.post(f"/applications/{case}/submit").status_code == 202
    assert "收件凭证" in clerk.get(f"/applications/{case}/papers/receipt").content.decode()


def test_an_intake_without_an_applicant_is_not_handed_in():
    clerk = a_clerk()
    body = draft(place=XUHUI, mode="counter", materials=papers(clerk))
    case = clerk.post("/applications", body).json()["case_id"]
    answer = clerk.post(f"/applications/{case}/submit")
    assert (answer.status_code, answer.json()["reason"]) == (422, "no_applicant")


def test_a_clerk_gives_back_at_once_what_cannot_be_taken():
    clerk = a_clerk()
    case = intake(clerk, place=XUHUI)
    assert clerk.post(f"/applications/{case}/return", {"reason": "缺少原件"}).status_code == 201
    assert "缺少原件" in clerk.get(f"/applications/{case}/papers/returned").content.decode()
    assert clerk.post(f"/applications/{case}/submit").status_code == 409


def test_an_original_is_kept_only_where_the_item_demands_it():
    clerk = a_clerk()
    case = intake(clerk, place=XUHUI)
    body = {"event": "custody_taken", "material": "application"}
    answer = clerk.post(f"/applications/{case}/custody", body)
    assert (answer.status_code, answer.json()["reason"]) == (409, "no_original")
    assert not Custody.objects.exists()


def test_a_list_costs_the_same_number_of_queries_however_long(django_assert_num_queries):
    visitor = wang()
    for _ in range(5):
        visitor.post("/applications", draft())
    with django_assert_num_queries(2):
        assert len(visitor.get("/applications").json()["items"]) == 5


def test_the_list_has_pages_that_hold_every_application_once():
    visitor = wang()
    first = Application.objects.get(id=visitor.post("/applications", draft()).json()["case_id"])
    values = {field.attname: getattr(first, field.attname) for field in Application._meta.fields}
    Application.objects.bulk_create(Application(**{**values, "id": uuid7()}) for _ in range(120))
    found = list(visitor.all("/applications"))
    assert len(found) == len({entry["case_id"] for entry in found}) == 121
