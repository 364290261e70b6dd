"""Several people in one case at its home: who signed, who may withdraw, an outcome for each person."""

from dataclasses import replace
from typing import Any

import pytest

from tongban.base.actor import Actor, Role, Via
from tongban.base.canonical import parse_json
from tongban.base.errors import Rejected
from tongban.cases import letters
from tongban.cases.actions import move
from tongban.cases.actions.initiating import initiate
from tongban.cases.actions.opening import opening_digest
from tongban.cases.models import Ask, Case, Party, Step
from tongban.cases.queries import get_view, my_cases
from tongban.cases.rules.opening import Opening
from tongban.cases.rules.state import from_json
from tongban.cases.rules.table import Act
from tongban.cases.tests.build import (
    FEIXI,
    WANG,
    XUHUI,
    a_case,
    an_officer,
    an_opening,
    do,
    in_force,
    publish,
    received_by,
    stage,
)
from tongban.cases.tests.test_letters import an_ask, ready
from tongban.catalogue.tests.build import an_agreement_content
from tongban.exchange.models import Part as PartRow
from tongban.exchange.rules import LetterRef
from tongban.exchange.tests.build import a_federation
from tongban.exchange.vault import unlock
from tongban.orgs.tests.build import some_organs
from tongban.people.tests.build import LI, a_person

pytestmark = pytest.mark.django_db

LI_NAMED = {"name": "示例李强", "id_number": LI, "relation": "spouse"}
ANSWERS = {"operation": "family", "business_place": FEIXI, "trade_name": "示例小店", "members": [LI_NAMED]}
TWO = {"source": "示例", "co_applicants": ["members"]}
ALONE = {**TWO, "withdraws_alone": True, "withdrawal_source": "示例"}
MANY = {"source": "示例", "persons": "members"}


def a_party(no: int, standing: str, name: str, number: str, digest: str = "0" * 64) -> dict[str, Any]:
    identity = {"kind": "natural", "name": name, "id_type": "identity_card", "id_number": number}
    signed = {"at": "2026-11-23T02:00:00.000Z", "digest": digest, "way": "log_in", "organ": "", "officer": ""}
    return {"no": no, "standing": standing, **identity, "signed": signed}


def both_signed(opening: Opening, *, digest: str = "") -> Opening:
    digest = digest or opening_digest(opening)
    wang = a_party(1, "applicant", "示例王芳", WANG, digest)
    li = a_party(2, "co_applicant", "示例李强", LI, digest)
    return replace(opening, parties=[wang, li])


def signed(**changes) -> Opening:
    return both_signed(an_opening(answers=ANSWERS, **changes))


def li() -> Actor:
    return Actor(role=Role.APPLICANT, node="34", person=a_person(name="示例李强", id_number=LI).id, via=Via.WEB)


def wang() -> Actor:
    return Actor(role=Role.APPLICANT, node="34", person=a_person().id, via=Via.WEB)


def refusal(act, *arguments, **more) -> Rejected:
    with pytest.raises(Rejected) as caught:
        act(*arguments, **more)
    return caught.value


def withdraw(actor: Actor, case: Case) -> None:
    move(actor, case.id, Act.WITHDRAW, seen=None, content={})
    case.refresh_from_db()


def test_both_applicants_have_the_case_among_their_own_and_may_follow_it():
    case = a_case(opening=signed(), parties=TWO)
    for actor in (wang(), li()):
        assert [found.id for found in my_cases(actor)] == [case.id]
        assert Act.WITHDRAW in get_view(actor, case.id).acts
    assert from_json(case.state).applicants == 2


def test_a_paper_is_addressed_to_all_who_apply():
    case = a_case(opening=signed(), parties=TWO)
    do(an_officer(), case, Act.ACCEPT)
    paper = get_view(li(), case.id).timeline[-1].said["document"]["html"]
    assert "示例王芳、示例李强：" in paper


def test_what_travels_says_who_signed_what_and_no_header_names_anybody():
    case = a_case(opening=signed(), parties=TWO)
    said = get_view(wang(), case.id).timeline[0].said
    assert [party["name"] for party in said["parties"]] == ["示例王芳", "示例李强"]
    header = Step.objects.get(case=case).header
    assert header["facts"]["applicants"] == 2
    assert "李强" not in str(header)


def test_a_signature_under_another_content_is_no_signature():
    opening = both_signed(an_opening(answers=ANSWERS), digest="a" * 64)
    found = refusal(a_case, opening=opening, parties=TWO)
    assert found.reason == "malformed"


def test_what_not_all_have_signed_is_opened_but_not_accepted():
    opening = an_opening(answers=ANSWERS)
    case = a_case(opening=opening, parties=TWO)
    found = refusal(do, an_officer(), case, Act.ACCEPT)
    assert (found.reason, found.facts["count"]) == ("signatures_missing", 2)


def test_one_withdraws_alone_where_the_item_says_so():
    case = a_case(opening=signed(), parties=ALONE)
    withdraw(li(), case)
    assert case.status == "withdrawn"
    assert Step.objects.get(case=case, no=2).header["facts"] == {"party": 2}


def test_elsewhere_all_have_to_ask_for_it():
    case = a_case(opening=signed(), parties=TWO)
    withdraw(li(), case)
    assert (case.status, from_json(case.state).withdrawing) == ("submitted", (2,))
    assert refusal(withdraw, li(), case).reason == "withdrawal_asked_already"
    withdraw(wang(), case)
    assert case.status == "withdrawn"


def test_nobody_withdraws_in_the_name_of_the_other():
    case = a_case(opening=signed(), parties=TWO)
    move(wang(), case.id, Act.WITHDRAW, seen=None, content={"party": 2})
    case.refresh_from_db()
    assert from_json(case.state).withdrawing == (1,)


def test_who_has_nothing_to_do_with_it_sees_nothing():
    case = a_case(opening=signed(), parties=TWO)
    stranger = Actor(role=Role.APPLICANT, node="34", person=a_person(name="示例陈立", id_number=a_number()).id)
    assert refusal(get_view, stranger, case.id).reason == "not_found"
    assert not my_cases(stranger).exists()


def a_number() -> str:
    return "999934199001011010"


def test_applicants_of_another_node_are_found_here_by_their_number(settings, tmp_path):
    a_federation(settings, tmp_path)
    ready(parties=TWO)
    letters.hear_ask(an_ask(signed(receiving=received_by("31"))))
    assert my_cases(li()).count() == 1


def test_another_node_says_which_of_its_applicants_withdraws(settings, tmp_path):
    a_federation(settings, tmp_path)
    ready(parties=TWO)
    opening = signed(receiving=received_by("31"))
    letters.hear_ask(an_ask(opening))
    letters.hear_ask(an_ask(opening, act="withdraw", content={"party": 2}))
    case = Case.objects.get(id=opening.case_id)
    assert from_json(case.state).withdrawing == (2,)
    found = refusal(letters.hear_ask, an_ask(opening, act="withdraw", content={"party": 3}))
    assert found.reason == "invalid"


def test_an_ask_to_withdraw_says_which_of_them_it_is(settings, tmp_path):
    a_federation(settings, tmp_path)
    in_force(an_agreement_content())
    case = a_case(opening=signed(), parties=TWO)
    Case.objects.filter(id=case.id).update(is_home=False, home="31")
    move(li(), case.id, Act.WITHDRAW, seen=None, content={})
    assert asked_of() == {"31": {"party": 2}}


def test_who_asked_to_withdraw_sees_that_the_home_refused(settings, tmp_path):
    a_federation(settings, tmp_path)
    in_force(an_agreement_content())
    case = a_case(opening=signed(), parties=TWO)
    Case.objects.filter(id=case.id).update(is_home=False, home="31")
    ask = move(li(), case.id, Act.WITHDRAW, seen=None, content={})
    assert isinstance(ask, Ask)
    letters.answered_ask(LetterRef(ask.letter, "ask", str(case.id), "0" * 64), "31", "rejected", "not_now", {})
    assert [entry.reason for entry in get_view(li(), case.id).waiting] == ["not_now"]


def asked_of() -> dict[str, Any]:
    """Home -> what the last ask to it says."""
    parts = PartRow.objects.filter(audience="home").order_by("id")
    return {part.receiver: parse_json(unlock(part.content))["content"] for part in parts}


def test_a_home_that_hands_the_case_on_hands_the_signatures_on(settings, tmp_path):
    a_federation(settings, tmp_path)
    case = a_case(opening=signed(), parties=TWO)
    do(an_officer(), case, Act.TRANSFER, place="340102000000", reason="由居住地办理")
    successor = Case.objects.get(predecessor=case.id)
    assert Party.objects.filter(case=successor).count() == 2
    do(an_officer(), successor, Act.ACCEPT)
    assert successor.status == "accepted"


def many(**changes) -> Case:
    people = [LI_NAMED, {"name": "示例成员", "id_number": a_number(), "relation": "child"}]
    opening = an_opening(answers={**ANSWERS, "members": people})
    case = a_case(opening=opening, parties=MANY, **changes)
    do(an_officer(), case, Act.ACCEPT)
    return case


def test_all_persons_are_granted_where_none_is_denied():
    case = many()
    step = do(an_officer(), case, Act.GRANT)
    assert from_json(case.state).outcome == "granted"
    assert step.header["facts"]["granted"] == 2
    assert "partial" not in step.header["facts"]


def test_one_person_of_many_is_denied_with_a_reason_and_the_case_is_granted_in_part():
    case = many()
    step = do(an_officer(), case, Act.GRANT, denied=[{"person": "members.1", "reason": "学籍查不到"}])
    assert from_json(case.state).outcome == "partial"
    assert (step.header["facts"]["granted"], step.header["facts"]["denied"]) == (1, 1)
    assert "学籍" not in str(step.header)
    paper = get_view(wang(), case.id).timeline[-1].said["document"]["html"]
    assert "示例成员</td><td>不予</td><td>学籍查不到" in paper
    assert "示例李强</td><td>准予" in paper
    assert "救济途径" in paper


def test_where_all_persons_are_denied_the_case_is_denied():
    case = many()
    denied = [{"person": f"members.{number}", "reason": "学籍查不到"} for number in range(2)]
    assert refusal(do, an_officer(), case, Act.GRANT, denied=denied).reason == "all_denied"
    do(an_officer(), case, Act.DENY, reason="学籍查不到")
    paper = get_view(wang(), case.id).timeline[-1].said["document"]["html"]
    assert paper.count("<td>不予</td>") == 2


@pytest.mark.parametrize(
    ("denied", "field"),
    [
        ([{"person": "members.7", "reason": "x"}], "denied.0.person"),
        ([{"person": "members.1", "reason": " "}], "denied.0.reason"),
    ],
)
def test_a_denial_names_a_person_of_the_application_and_a_reason(denied, field):
    case = many()
    found = refusal(do, an_officer(), case, Act.GRANT, denied=denied)
    assert set(found.fields) == {field}


def test_a_place_is_told_of_its_own_persons_alone(settings, tmp_path):
    a_federation(settings, tmp_path)
    fields = [
        {"name": "business_place", "label": "地区", "type": "place"},
        {"name": "members", "label": "人员", "type": "people", "place": "迁出地"},
    ]
    people = [{**LI_NAMED, "place": XUHUI}, {"name": "示例成员", "id_number": a_number(), "place": "320104000000"}]
    example = {"key": "one", "label": "一", "answers": {"business_place": FEIXI, "members": people}}
    opening = an_opening(answers=example["answers"])
    case = a_case(
        opening=opening,
        parties=MANY,
        situations=[],
        fields=fields,
        materials=[],
        examples=[example],
        stages=[stage("from", kind="assist", place="field:members")],
    )
    do(an_officer(), case, Act.ACCEPT)
    named = {home: [person["name"] for person in said["answers"]["members"]] for home, said in asked_of().items()}
    assert named == {"31": ["示例李强"], "32": ["示例成员"]}


EX_OFFICIO = {"source": "示例", "ex_officio": True, "ex_officio_source": "示例"}
CONCERNED = {"kind": "natural", "name": "示例王芳", "id_type": "identity_card", "id_number": WANG, "phone": None}
SHOP = {
    "operation": "personal",
    "premises": "shop",
    "permit": "no",
    "address": "示例路1号",
    "scope": "小吃服务",
    "employees": "2",
}


def opened_by_itself(officer: Actor | None = None, **changes: Any) -> Case:
    asked = {"item": "kstb-1-37", "place": FEIXI, "concerned": CONCERNED, "answers": SHOP, "reason": "连续两年未报送"}
    step = initiate(officer or an_officer(), **{**asked, **changes})
    return step.case


def ready_ex_officio(parties: dict[str, Any] = EX_OFFICIO) -> None:
    some_organs()
    publish(parties=parties)


def test_an_authority_opens_a_case_by_itself_and_tells_the_person_concerned_why():
    ready_ex_officio()
    case = opened_by_itself()
    assert (case.status, from_json(case.state).ex_officio) == ("accepted", True)
    said = get_view(wang(), case.id).timeline[-1].said["document"]
    assert said["kind"] == "initiation_notice"
    assert "连续两年未报送" in said["html"]


def test_the_person_concerned_cannot_withdraw_what_he_has_not_applied_for():
    ready_ex_officio()
    case = opened_by_itself()
    assert Act.WITHDRAW not in get_view(wang(), case.id).acts
    found = refusal(move, wang(), case.id, Act.WITHDRAW, seen=None, content={})
    assert found.reason == "ex_officio_goes_on"


def test_its_decision_says_what_is_done_and_how_to_oppose_it():
    ready_ex_officio()
    case = opened_by_itself()
    do(an_officer(), case, Act.GRANT, text="自本决定作出之日起停发。")
    said = get_view(wang(), case.id).timeline[-1].said["document"]
    assert (said["kind"], said["title"]) == ("measure_decision", "处理决定书")
    assert "停发" in said["html"]
    assert "救济途径" in said["html"]


def test_only_an_officer_of_the_place_opens_by_himself_what_the_item_allows():
    ready_ex_officio()
    assert refusal(opened_by_itself, wang()).reason == "not_allowed"
    assert refusal(opened_by_itself, an_officer("grant")).reason == "not_allowed"
    assert refusal(opened_by_itself, an_officer(region="3402")).reason == "not_allowed"
    assert refusal(opened_by_itself, place=XUHUI).fields == {"place": "not_a_place"}
    assert refusal(opened_by_itself, reason=" ").fields == {"reason": "required"}
    assert refusal(opened_by_itself, answers={**SHOP, "scope": ""}).fields == {"answers.scope": "answer_missing"}


def test_an_item_for_applications_alone_is_not_opened_by_the_authority():
    ready_ex_officio(TWO)
    assert refusal(opened_by_itself).reason == "not_ex_officio"
