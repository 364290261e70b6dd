"""What the end of an assist case says to its lead, and what of it the person may see."""

from datetime import timedelta

import pytest

from tongban.base.actor import system
from tongban.base.canonical import digest
from tongban.calendar.queries import now
from tongban.cases import letters
from tongban.cases.actions.erasing import erase_contents
from tongban.cases.models import Case, Link, Step
from tongban.cases.queries import find_document, get_view
from tongban.cases.rules.table import Act, Status
from tongban.cases.tests.build import (
    XUHUI,
    a_case,
    a_clerk,
    an_officer,
    an_opening,
    another_applicant,
    do,
    received_by,
    stage,
    the_applicant,
)
from tongban.cases.tests.test_letters import Shanghai
from tongban.exchange.models import Part

pytestmark = pytest.mark.django_db

HERE = "340121000000"
PAGE = "<html><body>户口迁移证</body></html>"
NUMBER = "31202611240000001-03"


def a_leaving(place: str = HERE, *, opening=None, **changes) -> Case:
    stages = [stage("leave", kind="assist", place="field:business_place", document="户口迁移证", **changes)]
    opening = opening or an_opening()
    opening.answers["business_place"] = place
    case = a_case(opening=opening, stages=stages)
    do(an_officer(), case, Act.ACCEPT)
    return case


def granted_here(case: Case) -> Step:
    assist = Case.objects.get(lead=case.id)
    do(an_officer(), assist, Act.ACCEPT)
    step = do(an_officer(), assist, Act.GRANT)
    case.refresh_from_db()
    return step


def granted_in_shanghai(case: Case, document: dict, *, listed: str, **facts) -> dict:
    """The assist case elsewhere, heard to its end; returns the facts of the lead's step."""
    home = Shanghai()
    home.case_id = Link.objects.get(case=case).co_case
    lead = {"case": str(case.id), "node": "34", "part": f"leave@{XUHUI}"}
    letters.hear_step(home.step("open", "submitted", **{**home.beginning(), "pattern": "assist", "lead": lead}))
    letters.hear_step(home.step("accept", "accepted"))
    documents = [{"kind": "stage_document", "number": NUMBER, "digest": listed}]
    bodies = {"deciding": {"document": document}}
    letters.hear_step(home.step("grant", "granted", bodies=bodies, documents=documents, facts=facts))
    letters.hear_step(home.step("close", "closed"))
    return Step.objects.get(case=case, act=Act.PART_DECIDED).header["facts"]


def a_document(html: str = PAGE) -> dict:
    return {"kind": "stage_document", "title": "户口迁移证", "number": NUMBER, "html": html}


def test_the_person_opens_the_document_of_the_other_place_on_the_leads_page():
    case = a_leaving(notice_to_applicant=True)
    granted = granted_here(case)
    [listed] = granted.header["documents"]
    shown = get_view(the_applicant(case), case.id).timeline[-1]
    assert shown.facts["co_document"] == listed
    assert listed in shown.documents
    page = find_document(the_applicant(case), case.id, listed["number"])
    assert digest(page.encode()) == listed["digest"]
    assert "户口迁移证" in page


def test_without_notice_the_document_stays_between_the_organs():
    case = a_leaving()
    [listed] = granted_here(case).header["documents"]
    assert "co_document" not in Step.objects.get(case=case, act=Act.PART_DECIDED).header["facts"]
    assert find_document(the_applicant(case), case.id, listed["number"]) is None


def test_the_document_travels_with_the_leads_step_to_whoever_follows_for_the_person():
    case = a_leaving(notice_to_applicant=True, opening=an_opening(receiving=received_by("31")))
    granted_here(case)
    step = Step.objects.get(case=case, act=Act.PART_DECIDED)
    assert list(Part.objects.filter(letter=step.letter).values_list("receiver", "audience")) == [("31", "applicant")]


def test_the_counter_that_received_opens_it_for_the_person_and_no_stranger_does():
    receiving = received_by("34", organ="hall", channel="counter")
    case = a_leaving(notice_to_applicant=True, opening=an_opening(mode="joint", receiving=receiving))
    number = granted_here(case).header["documents"][0]["number"]
    assert find_document(a_clerk("hall"), case.id, number)
    for stranger in (a_clerk("other"), another_applicant()):
        with pytest.raises(Exception, match="not_found"):
            find_document(stranger, case.id, number)


def test_what_another_node_has_put_out_is_carried_with_its_digest_and_last_day():
    case = a_leaving(XUHUI, notice_to_applicant=True)
    listed = digest(PAGE.encode())
    facts = granted_in_shanghai(case, a_document(), listed=listed, valid_until="2026-12-23")
    assert facts["co_document"] == {"kind": "stage_document", "number": NUMBER, "digest": listed}
    assert facts["valid_until"] == "2026-12-23"
    assert find_document(the_applicant(case), case.id, NUMBER) == PAGE


@pytest.mark.parametrize(
    "document",
    [a_document("<html>anders</html>"), {"kind": 1}, a_document("x" * 200_001), "户口迁移证"],
    ids=["another page than was signed for", "another form", "too long", "no object"],
)
def test_a_document_that_is_not_what_its_organ_signed_is_not_carried(document):
    case = a_leaving(XUHUI, notice_to_applicant=True)
    facts = granted_in_shanghai(case, document, listed=digest(PAGE.encode()), valid_until="morgen")
    assert {"co_document", "valid_until"} & set(facts) == set()
    assert facts["outcome"] == "done"


def test_an_officer_of_the_lead_cannot_claim_a_document_of_another_organ():
    case = a_case(stages=[stage("here")])
    do(an_officer(), case, Act.ACCEPT)
    content = {"co_document": a_document(), "valid_until": "2030-01-01"}
    step = do(an_officer(), case, Act.PART_DECIDED, part="here", outcome="done", **content)
    assert step.header["facts"] == {"part": "here", "outcome": "done"}
    assert "co_document" not in get_view(an_officer(), case.id).timeline[-1].said


def test_the_reason_of_a_refusal_elsewhere_reaches_the_person():
    case = a_leaving(on_refusal="continue")
    assist = Case.objects.get(lead=case.id)
    do(an_officer(), assist, Act.SEND_BACK, reason="本地查无此人")
    assert get_view(the_applicant(case), case.id).timeline[-1].said["reason"] == "本地查无此人"


def test_an_erased_document_of_the_other_place_says_so():
    case = a_leaving(notice_to_applicant=True)
    number = granted_here(case).header["documents"][0]["number"]
    do(the_applicant(case), case, Act.WITHDRAW)
    assert case.status == Status.WITHDRAWN
    erase_contents(system("34"), home=True, before=now() + timedelta(days=1), most=10)
    with pytest.raises(Exception, match="erased"):
        find_document(the_applicant(case), case.id, number)
