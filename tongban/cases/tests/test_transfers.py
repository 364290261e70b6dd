"""A case handed on to another home: somebody takes it there, or it can be taken up again here."""

import pytest

from tongban.base.actor import Actor, Role
from tongban.base.errors import Rejected
from tongban.base.uuid7 import uuid7
from tongban.cases import letters
from tongban.cases.models import Ask, Case
from tongban.cases.queries import my_cases
from tongban.cases.queries.situations import hindrances
from tongban.cases.rules.state import from_json
from tongban.cases.rules.table import Act, Status
from tongban.cases.tests.build import XUHUI, a_case, an_officer, an_opening, do, stage, the_applicant
from tongban.cases.tests.test_letters import Shanghai
from tongban.exchange.models import Alarm
from tongban.exchange.rules import LetterRef
from tongban.exchange.tests.build import a_federation

pytestmark = pytest.mark.django_db


def transferred(place: str = XUHUI) -> Case:
    case = a_case()
    do(an_officer(), case, Act.TRANSFER, place=place, reason="不属于本机关管辖")
    return case


def refused_there(case: Case) -> None:
    successor = from_json(case.state).successor
    ask = Ask.objects.get(case_id=successor)
    letters.answered_ask(LetterRef(ask.letter, "ask", str(successor), ""), "31", "rejected", "no_organ", {})


@pytest.mark.parametrize("place", ["999999999999", "510000000000"])
def test_a_case_is_not_handed_on_to_where_nobody_takes_it(place, settings, tmp_path):
    a_federation(settings, tmp_path)
    case = a_case()
    with pytest.raises(Rejected) as refusal:
        do(an_officer(), case, Act.TRANSFER, place=place, reason="不属于本机关管辖")
    assert list(refusal.value.fields) == ["place"]
    assert Case.objects.get(id=case.id).status == Status.SUBMITTED


def test_the_person_finds_the_successor_at_another_home():
    case = transferred()
    home = Shanghai()
    home.case_id = from_json(case.state).successor
    old = {"case": str(case.id), "home": "34", "head": case.head_digest, "received_on": "2026-11-23", "at": ""}
    letters.hear_step(home.step("open", "submitted", predecessor=old, answers=None))
    assert {str(found.id) for found in my_cases(the_applicant(case))} == {str(case.id), home.case_id}


def test_a_case_whose_successor_was_refused_can_be_taken_up_again():
    case, officer = transferred(), an_officer()
    assert hindrances(case, (Act.REOPEN,))[Act.REOPEN].reason == "successor_goes_on"
    with pytest.raises(Rejected, match="successor_goes_on"):
        do(officer, case, Act.REOPEN, reason="对方没有接收")
    refused_there(case)
    assert Alarm.objects.get().kind == "successor_rejected"
    assert hindrances(case, (Act.REOPEN,)) == {}
    do(officer, case, Act.REOPEN, reason="对方没有接收")
    assert case.status == Status.SUBMITTED


def test_a_refused_application_is_no_refused_successor():
    person = Actor(role=Role.APPLICANT, node="34", person=uuid7())
    home = Shanghai(applicant=person.person)
    reference = LetterRef(home.ask.letter, "ask", str(home.case_id), "")
    letters.answered_ask(reference, "31", "rejected", "no_agreement", {})
    assert not Alarm.objects.exists()


def test_a_stage_at_a_place_without_a_node_is_noted_by_an_officer_of_the_home(settings, tmp_path):
    a_federation(settings, tmp_path)
    stages = [stage("there", kind="assist", place="field:business_place")]
    case = a_case(opening=an_opening(answers={"business_place": "510104000000"}), stages=stages)
    do(an_officer(), case, Act.ACCEPT)
    part = from_json(case.state).parts[0]
    assert (part.id, part.node, part.co_case) == ("there@510104000000", None, None)
    do(an_officer(), case, Act.PART_DECIDED, part=part.id, outcome="done", text="对方来函同意")
    do(an_officer(), case, Act.GRANT)
    assert case.status == Status.GRANTED


def test_a_place_without_a_node_is_not_informed(settings, tmp_path):
    a_federation(settings, tmp_path)
    a_case(opening=an_opening(answers={"business_place": "510104000000"}), informs=["business_place"])
    assert not Case.objects.get().follower_set.exists()
