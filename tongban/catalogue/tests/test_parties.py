from datetime import date
from typing import Any

import pytest

from tongban.base.errors import Rejected
from tongban.base.identifiers import demo_identity_number
from tongban.catalogue.rules import Mode, Outcome, check_answers, outcomes_of, places_named, stage_places
from tongban.catalogue.rules.taking_part import Standing, persons, signers, subject
from tongban.catalogue.tests.build import HERE, SOUTH, THERE, a_content, a_definition, shop_answers

ON = date(2026, 11, 23)
ADULT = {"name": "示例成员", "id_number": "999934199001011010"}
BORN_2012 = {"name": "示例子女", "id_number": demo_identity_number(node="34", birth_date=date(2012, 1, 1), running=101)}
COMPANY = {"name": "示例银行", "id_number": "919999340000000198"}


def a_field(name: str = "partner", **changes: Any) -> dict[str, Any]:
    return {"name": name, "label": "另一方", "type": "people", "required": False, **changes}


def with_parties(*fields: dict[str, Any], **parties: Any) -> dict[str, Any]:
    content = a_content()
    return {**content, "fields": [*content["fields"], *fields], "parties": {"source": "regulation", **parties}}


def defined(*fields: dict[str, Any], **parties: Any):
    return a_definition(**with_parties(*fields, **parties))


def faults(*fields: dict[str, Any], **parties: Any) -> str:
    with pytest.raises(Rejected) as caught:
        defined(*fields, **parties)
    return "; ".join(f"{path}: {what}" for path, what in caught.value.fields.items())


@pytest.mark.parametrize(
    ("field", "parties", "told"),
    [
        ({}, {}, "没有写明是谁"),
        ({}, {"co_applicants": ["address"]}, "address 不是填人员的一项"),
        ({}, {"subject": "partner"}, "most = 1"),
        ({"number": "optional"}, {"consenting": ["partner"]}, "签名的人须有证件号码"),
        ({"most": 51}, {"co_applicants": ["partner"]}, "人数上限太大"),
        ({"most": 501}, {"persons": "partner"}, "人数上限太大"),
        ({}, {"co_applicants": ["partner"], "persons": "partner"}, "只能出现在一处"),
        ({}, {"co_applicants": ["partner"], "together": True}, "不能全程网办"),
        ({}, {"co_applicants": ["partner"], "withdraws_alone": True}, "withdrawal_source"),
        ({}, {"consenting": ["partner"], "withdraws_alone": True, "withdrawal_source": "示例"}, "只有共同申请人"),
        ({}, {"ex_officio": True}, "ex_officio_source"),
    ],
)
def test_parties_that_do_not_fit_are_told(field, parties, told):
    assert told in faults(a_field(**field), **parties)


def test_what_decides_nothing_has_no_outcome_for_each_person():
    with pytest.raises(Rejected) as caught:
        a_definition("kstb-2-19", parties={"source": "示例", "persons": "members"})
    assert "不作决定" in str(caught.value.fields)


def test_every_adult_named_signs_in_the_order_of_the_item():
    item = defined(a_field("owners"), a_field("bank", number="any"), co_applicants=["owners"], consenting=["bank"])
    answers = shop_answers(owners=[ADULT, BORN_2012], bank=[COMPANY])
    assert check_answers(item, answers, demo=True) == {}
    assert [(s.person.path, s.standing, s.is_natural) for s in signers(item, answers, on=ON)] == [
        ("owners.0", Standing.CO_APPLICANT, True),
        ("bank.0", Standing.CONSENTING, False),
    ]


def test_one_is_of_age_on_his_birthday():
    item = defined(a_field(), co_applicants=["partner"])
    answers = shop_answers(partner=[BORN_2012])
    assert signers(item, answers, on=date(2029, 12, 31)) == ()
    assert len(signers(item, answers, on=date(2030, 1, 1))) == 1


def test_a_field_that_is_not_asked_names_nobody():
    item = defined(a_field(when={"operation": "family"}), co_applicants=["partner"])
    assert signers(item, shop_answers(partner=[ADULT]), on=ON) == ()


def test_the_same_person_twice_is_a_fault():
    found = check_answers(
        defined(a_field(), co_applicants=["partner"]), shop_answers(partner=[ADULT, ADULT]), demo=True
    )
    assert found == {"partner.1.id_number": "answer_twice"}


def test_a_subject_may_have_no_number_yet():
    item = defined(a_field("child", most=1, number="optional", options=["child 子女"]), subject="child")
    answers = shop_answers(child=[{"name": "示例新生儿", "relation": "child"}])
    assert check_answers(item, answers, demo=True) == {}
    found = subject(item, answers)
    assert found
    assert (found.name, found.number, found.relation) == ("示例新生儿", "", "child")


def test_an_organisation_is_named_only_where_the_field_allows_it():
    item = defined(a_field(), co_applicants=["partner"])
    assert check_answers(item, shop_answers(partner=[COMPANY]), demo=True) != {}


def test_a_stage_goes_to_the_places_that_the_persons_name():
    stage = {
        "key": "from",
        "name": "迁出",
        "kind": "assist",
        "place": "field:students",
        "organ": "public_security",
        "limit": "5 working",
        "source": "示例",
    }
    content = with_parties(a_field("students", place="迁出地"), persons="students")
    people = [{**ADULT, "place": SOUTH}, {**BORN_2012, "place": HERE}]
    examples = [{"key": "one", "label": "一", "answers": {**shop_answers(), "students": people}}]
    item = a_definition(**{**content, "stages": [stage], "examples": examples})
    answers = shop_answers(students=people)
    assert stage_places(item, item.stages[0], answers) == (SOUTH, HERE)
    assert places_named(item, answers)["students.1.place"] == HERE
    assert [person.place for person in persons(item, answers)] == [SOUTH, HERE]
    assert check_answers(item, shop_answers(students=[ADULT]), demo=True) == {"students.0.place": "answer_missing"}


def test_where_each_person_has_an_outcome_a_case_may_be_granted_in_part():
    item = defined(a_field("students"), persons="students")
    assert Outcome.PARTLY_GRANTED in outcomes_of(item, Mode.COUNTER)
    assert THERE in places_named(item, shop_answers()).values()
