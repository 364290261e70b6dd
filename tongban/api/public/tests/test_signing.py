import pytest

from tongban.api.public.tests.build import (
    ANSWERS,
    FEIXI,
    a_clerk,
    a_visitor,
    act,
    an_officer,
    begun,
    draft,
    li,
    papers,
    wang,
)
from tongban.applications.tests.build import CO_APPLICANTS, OTHER
from tongban.base.actor import Role
from tongban.base.uuid7 import uuid7
from tongban.cases.tests.build import publish
from tongban.exchange.tests.build import a_federation
from tongban.orgs.tests.build import some_organs
from tongban.people.tests.build import LI, WANG

pytestmark = pytest.mark.django_db

FAMILY = {**ANSWERS, "operation": "family", "business_place": FEIXI, "members": [OTHER]}
EX_OFFICIO = {"source": "示例", "ex_officio": True, "ex_officio_source": "示例"}


@pytest.fixture(autouse=True)
def _ground(settings, tmp_path):
    a_federation(settings, tmp_path)
    some_organs()
    publish(parties={**CO_APPLICANTS, **EX_OFFICIO})


def asked() -> str:
    """A draft of 示例王芳 that waits for 示例李强."""
    case = begun(wang(), answers=FAMILY)
    assert wang().post(f"/applications/{case}/signatures").status_code == 201
    return case


def sign(visitor, matter: str):
    digest = visitor.get(f"/signatures/{matter}").json()["digest"]
    return visitor.post(f"/signatures/{matter}", {"digest": digest})


def signed_by_both() -> str:
    case = asked()
    assert sign(li(), case).status_code == 201
    assert wang().post(f"/applications/{case}/submit").status_code == 201
    return case


def test_who_is_asked_finds_it_reads_the_whole_and_signs():
    case = asked()
    [line] = li().get("/signatures").json()["items"]
    assert (line["matter"], line["state"]) == (case, "waiting")
    shown = li().get(f"/signatures/{case}").json()
    assert (shown["answers"]["scope"], shown["applicant"]) == ("小吃服务", "示例王芳")
    signers = sign(li(), case).json()["signers"]
    assert [(signer["no"], signer["state"], signer["way"]) for signer in signers] == [
        (1, "signed", "log_in"),
        (2, "signed", "log_in"),
    ]


def test_it_is_handed_in_when_all_have_signed():
    case = asked()
    refused = wang().post(f"/applications/{case}/submit")
    assert (refused.status_code, refused.json()["reason"]) == (409, "signatures_missing")
    sign(li(), case)
    assert wang().post(f"/applications/{case}/submit").status_code == 201
    assert [entry["case_id"] for entry in li().all("/cases")] == [case]


def test_a_change_voids_what_was_signed():
    case = asked()
    sign(li(), case)
    wang().put(f"/applications/{case}", draft(answers={**FAMILY, "scope": "早点"}, materials=papers(wang())))
    states = [signer["state"] for signer in wang().get(f"/applications/{case}/signatures").json()["signers"]]
    assert states == ["void", "void"]
    assert li().get(f"/signatures/{case}").json()["reason"] == "being_changed"


def test_who_sees_another_persons_application_to_sign_it_is_seen_to_look():
    asked()
    matter = li().get("/signatures").json()["items"][0]["matter"]
    li().get(f"/signatures/{matter}")
    assert [look["purpose"] for look in wang().all("/looks")] == ["签名前查看申请内容"]


def test_a_stranger_is_told_nothing_of_it():
    case = asked()
    stranger = a_visitor(Role.APPLICANT, person_id=uuid7())
    assert stranger.get(f"/signatures/{case}").status_code == 404
    assert stranger.post(f"/signatures/{case}", {"digest": "0" * 64}).status_code == 404
    assert stranger.get(f"/applications/{case}/signatures").status_code == 404


def test_a_clerk_notes_signatures_at_his_counter():
    clerk = a_clerk()
    shows = {"kind": "natural", "name": "示例王芳", "id_type": "identity_card", "id_number": WANG}
    case = clerk.post("/applications", draft(answers=FAMILY, materials=papers(clerk), applicant=shows)).json()[
        "case_id"
    ]
    clerk.post(f"/applications/{case}/signatures")
    clerk.post(f"/signatures/{case}", {"party": 1, "way": "card_read"})
    answer = clerk.post(f"/signatures/{case}", {"party": 2, "way": "card_seen"})
    assert [signer["way"] for signer in answer.json()["signers"]] == ["card_read", "card_seen"]
    assert clerk.post(f"/applications/{case}/submit").status_code == 201


def test_another_counter_needs_the_number_on_the_card():
    case = asked()
    assert a_clerk().post(f"/signatures/{case}", {"party": 2}).status_code == 404
    assert a_clerk().post(f"/signatures/{case}", {"party": 2, "id_number": LI}).status_code == 201


def test_one_of_two_applicants_asks_to_withdraw_and_then_the_other():
    case = signed_by_both()
    assert act(li(), case, "withdraw").json()["act"] == "record"
    assert act(wang(), case, "withdraw").json()["status"] == "withdrawn"


def test_a_supplement_waits_for_the_others_and_is_then_handed_in():
    case = signed_by_both()
    act(an_officer(), case, "ask_correction", targets=[{"target": "field:scope", "problem": "太笼统"}])
    seen = wang().get(f"/cases/{case}").json()["head"]
    content = {"answers": {"scope": "早点"}, "materials": []}
    waiting = wang().post(f"/cases/{case}/supplements", {"seen": seen, "content": content})
    assert waiting.status_code == 200
    supplement = waiting.json()["supplement"]
    assert wang().get(f"/cases/{case}").json()["supplement"] == supplement
    assert wang().post(f"/supplements/{supplement}/submit").json()["reason"] == "signatures_missing"
    assert li().get(f"/signatures/{supplement}").json()["changed"] == content
    sign(li(), supplement)
    assert wang().post(f"/supplements/{supplement}/submit").json()["status"] == "submitted"


def test_a_supplement_is_given_up():
    case = signed_by_both()
    act(an_officer(), case, "ask_correction", targets=[{"target": "field:scope", "problem": "太笼统"}])
    content = {"answers": {"scope": "早点"}, "materials": []}
    supplement = wang().post(f"/cases/{case}/supplements", {"content": content}).json()["supplement"]
    assert li().delete(f"/supplements/{supplement}").status_code == 204
    assert wang().post(f"/supplements/{supplement}/submit").status_code == 404


def test_an_officer_opens_a_case_by_himself():
    concerned = {"kind": "natural", "name": "示例王芳", "id_type": "identity_card", "id_number": WANG}
    body = {"item": "kstb-1-37", "place": FEIXI, "concerned": concerned, "answers": ANSWERS, "reason": "连续两年未报送"}
    answer = an_officer().post("/cases", body)
    assert (answer.status_code, answer.json()["status"]) == (201, "accepted")
    case = answer.json()["case_id"]
    assert "withdraw" not in wang().get(f"/cases/{case}").json()["allowed_acts"]
    assert wang().post("/cases", body).status_code == 403


def test_the_list_of_what_waits_costs_the_same_however_long(django_assert_num_queries):
    for _ in range(3):
        asked()
    reader = li()
    with django_assert_num_queries(2):
        reader.get("/signatures")
