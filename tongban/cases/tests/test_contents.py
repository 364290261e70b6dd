"""What an act may say: its members and their forms, whoever says them."""

import pytest

from tongban.base.errors import Rejected
from tongban.cases.actions import move, take
from tongban.cases.actions.parts import parts_of
from tongban.cases.models import Case
from tongban.cases.queries import get_view
from tongban.cases.rules.contents import FORMS, check_known, known_members, read_material
from tongban.cases.rules.opening import as_content, read_opening
from tongban.cases.rules.table import Act
from tongban.cases.tests.build import a_case, an_officer, an_opening, do, item, stage, the_applicant

SCAN = {"key": "application", "digest": "0" * 64, "name": "申请书.pdf", "size": 9, "media_type": "application/pdf"}
FORGED = {"kind": "grant_decision", "number": "示例-1", "html": "<p>准予</p>"}


@pytest.mark.parametrize("name", sorted(FORMS))
def test_a_member_of_another_form_is_refused_by_name(name):
    with pytest.raises(Rejected) as refusal:
        known_members({name: 1.5})
    assert refusal.value.fields == {name: "wrong_form"}


@pytest.mark.parametrize(
    "content",
    [
        {"targets": 1},
        {"targets": ["field:scope"]},
        {"targets": [{"target": ["field:scope"], "problem": "示例"}]},
        {"records": 5},
        {"materials": [{"key": "application"}]},
        {"materials": [{**SCAN, "digest": "0" * 65}]},
        {"materials": [{**SCAN, "key": 1}]},
        {"answers": []},
        {"days": True},
        {"partial": "yes"},
    ],
)
def test_a_form_is_checked_to_its_depth(content):
    with pytest.raises(Rejected, match="invalid"):
        known_members(content)


def test_what_is_not_known_is_not_carried_into_a_step():
    assert known_members({"reason": "示例", "document": FORGED, "applicant": {}}) == {"reason": "示例"}


def test_what_is_typed_in_here_is_not_passed_over_in_silence():
    with pytest.raises(Rejected) as refusal:
        check_known({"reason": "示例", "document": FORGED})
    assert refusal.value.fields == {"document": "not_expected"}


def test_a_material_keeps_what_is_known_of_it():
    assert read_material({**SCAN, "more": 1}) == {**SCAN, "compared": False, "compared_by": None}


@pytest.mark.django_db
@pytest.mark.parametrize(
    "change",
    [
        {"materials": [{**SCAN, "digest": "x"}]},
        {"materials": [{}]},
        {"custody": [{"material": "application"}]},
        {"predecessor": {"case": "x"}},
        {"predecessor": {"case": "01a209ca-0046-7012-b25c-7884ec9b3d96"}},
    ],
)
def test_an_opening_of_another_form_is_malformed(change):
    opening = an_opening()
    with pytest.raises(Rejected, match="malformed"):
        read_opening(opening.case_id, {**as_content(opening), **change})


@pytest.mark.django_db
def test_nobody_hands_in_a_document_of_his_own_making():
    case = a_case()
    officer = an_officer()
    do(officer, case, Act.ASK_CORRECTION, targets=[{"target": "field:scope", "problem": "示例"}])
    take(
        the_applicant(case), case.id, Act.SUPPLY, seen=None, content={"answers": {"scope": "示例"}, "document": FORGED}
    )
    assert all("准予" not in str(entry.said) for entry in get_view(officer, case.id).timeline)


@pytest.mark.django_db
def test_a_supplement_is_an_answer_of_the_item_in_its_form():
    case = a_case()
    do(an_officer(), case, Act.ASK_CORRECTION, targets=[{"target": "field:scope", "problem": "示例"}])
    answers = {"scope": "示例", "employees": "many", "unheard_of": "1", "business_place": ["x"]}
    with pytest.raises(Rejected) as refusal:
        move(the_applicant(case), case.id, Act.SUPPLY, seen=None, content={"answers": answers})
    assert set(refusal.value.fields) == {"answers.employees", "answers.unheard_of", "answers.business_place"}


@pytest.mark.django_db
@pytest.mark.parametrize("named", ["x", [{}], ["34", "x"], 5, [None]])
def test_a_stage_whose_place_is_none_stays_with_the_home(named):
    stages = [stage("there", kind="assist", place="field:business_place")]
    case = a_case(opening=an_opening(answers={"operation": "personal", "business_place": named}), stages=stages)
    (part,) = parts_of(case, item(stages=stages))
    assert (part.id, part.node) == ("there", "34")


@pytest.mark.django_db
@pytest.mark.parametrize(
    "amount", ["NaN", "sNaN", "Infinity", "-1.00", "0.00", "1e3", "10", "１０.００", "1000000000000.00"]
)
def test_a_sum_is_written_with_two_places(amount):
    case = a_case(pattern="money", closing="money_arrived")
    officer = an_officer()
    do(officer, case, Act.ACCEPT)
    with pytest.raises(Rejected, match="invalid"):
        do(officer, case, Act.GRANT, amount=amount)
    assert Case.objects.get(id=case.id).status == "accepted"
