from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tongban.base.errors import Rejected
from tongban.catalogue.rules import (
    Mode,
    Outcome,
    check_answers,
    home_place,
    home_places,
    needed_materials,
    outcomes_of,
    stage_places,
    stages_for,
    tidy_answers,
    visible_fields,
)
from tongban.catalogue.rules.form import Field
from tongban.catalogue.rules.kinds import FieldType
from tongban.catalogue.rules.tables import lines_of
from tongban.catalogue.rules.values import field_faults
from tongban.catalogue.tests.build import HERE, THERE, a_definition, read_text, shop_answers, text_of


def faults(text: str) -> dict[str, str]:
    with pytest.raises(Rejected) as caught:
        read_text(text)
    assert caught.value.reason == "definition_faults"
    return caught.value.fields


def line(text: str, part: str) -> str:
    return f"item.toml:{text[: text.index(part)].count(chr(10)) + 1}"


@pytest.mark.parametrize(
    ("right", "wrong", "what"),
    [
        ('pattern = "approval"', 'pattern = "aproval"', "不在可选的范围之内：instant"),
        ("level = 4", 'level = "4"', "应是整数"),
        ('statutory = "3 working"', 'statutory = "3 weeks"', "单位为 working"),
        ('when = { permit = "yes" }', 'when = { permit = "perhaps" }', "没有 perhaps 这个选项"),
        ('when = { operation = "family" }', 'when = { operations = "family" }', "不是前面的情形"),
        ('source = "regulation 第十五条"', 'source = "regulations 第十五条"', "没有列在 [sources] 里"),
        ('field = "business_place"', 'field = "trade_name"', "既不是填地点的一项"),
        ('employees = "1"', 'employees = "one"', "employees："),
        ('key = "kstb-1-37"', 'key = "kstb-137"', "事项编号写成"),
        ("[[conditions]]", "[[conditions]", "写法有误"),
    ],
)
def test_a_fault_is_told_with_its_line(right, wrong, what):
    text = text_of("kstb-1-37").replace(right, wrong, 1)
    assert any(where == line(text, wrong) and what in told for where, told in faults(text).items())


def test_a_missing_key_is_told_at_the_head_of_its_table():
    text = text_of("kstb-1-37").replace('type = "place"\n', "", 1)
    assert faults(text) == {line(text, '[[fields]]\nname = "business_place"'): "缺少 type 这一项"}


@pytest.mark.parametrize(
    ("changes", "answer", "reason"),
    [
        ({"type": "integer", "least": 1, "most": 9}, "0", "answer_too_small"),
        ({"type": "integer", "least": 1, "most": 9}, "10", "answer_too_large"),
        ({"type": "money", "least": 1}, "0.99", "answer_too_small"),
        ({"type": "text", "least": 4}, "三个字", "answer_too_short"),
        ({"type": "text", "most": 4}, "一共五个字", "answer_too_long"),
        ({"type": "people", "least": 2}, [{}], "answer_too_few"),
        ({"type": "date", "past": True}, "2026-11-25", "answer_in_future"),
    ],
)
def test_an_answer_out_of_bounds_is_told(changes, answer, reason):
    field = Field(**{"name": "x", "label": "x", "required": True, **changes, "type": FieldType(changes["type"])})
    assert field_faults(field, answer, demo=True, on=date(2026, 11, 24)) == {"x": reason}


def test_a_mode_may_have_limits_of_its_own():
    own = {"mode": "counter", "statutory": "30 working", "promised": "10 working", "source": "示例"}
    definition = a_definition(mode_limits=[own])
    assert str(definition.under("counter").limits.promised) == "10 working"
    assert definition.under("counter").limits.notice == definition.limits.notice
    assert definition.under("online") is definition


def test_a_limit_to_act_is_not_counted_in_months():
    text = text_of("kstb-1-37").replace('statutory = "3 working"', 'statutory = "3 months"', 1)
    assert faults(text)


def test_an_unknown_key_is_told():
    text = text_of("kstb-1-37").replace('label = "从业人数"', 'lable = "从业人数"')
    assert "没有 lable 这一项" in faults(text)[line(text, "lable")]


def test_every_fault_of_a_file_is_told_at_once():
    text = text_of("kstb-1-37").replace("level = 4", "level = true").replace("most = 60", 'most = "60"')
    assert len(faults(text)) == 2


def test_a_name_that_stands_twice_is_a_fault():
    text = (
        text_of("kstb-1-37").replace('name = "platform_name"', 'name = "address"').replace("platform_name", "address")
    )
    assert any("出现了两次" in told for told in faults(text).values())


def test_a_stage_that_no_example_reaches_is_a_fault():
    text = text_of("kstb-2-45").replace('spouse_draws = "yes"\ndeposit', 'spouse_draws = "no"\ndeposit')
    assert any("没有一个示例会走到环节" in told for told in faults(text).values())


def test_lines_of_text_blocks_are_not_taken_for_keys():
    text = 'a = """\nb = 1\n"""\nc = 2\n[[t]]\nd = 1\n[[t]]\nd = 2\n[t.u]\ne = 3\n'
    found = lines_of(text)
    assert ("b",) not in found
    assert (found[("c",)], found[("t", 1, "d")], found[("t", 1, "u", "e")]) == (4, 8, 10)


def test_complete_answers_have_no_fault():
    assert check_answers(a_definition(), shop_answers()) == {}


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"scope": None}, {"scope": "answer_missing"}),
        ({"permit": None}, {"permit": "answer_missing"}),
        ({"business_place": "3101"}, {"business_place": "answer_not_place"}),
        ({"employees": "2.5"}, {"employees": "answer_not_integer"}),
        ({"capital": "1,000"}, {"capital": "answer_not_money"}),
        ({"capital": "1000.005"}, {"capital": "answer_not_money"}),
        ({"premises": "roof"}, {"premises": "answer_not_option"}),
        ({"trade_name": "长" * 61}, {"trade_name": "answer_too_long"}),
        ({"address": ["示例路"]}, {"address": "answer_not_text"}),
        ({"shop_link": "https://shop.example.com"}, {"shop_link": "answer_not_asked"}),
        ({"colour": "red"}, {"colour": "answer_not_asked"}),
    ],
)
def test_a_wrong_answer_is_named_by_its_path(changes, expected):
    found = check_answers(a_definition(), shop_answers(**changes))
    assert expected.items() <= found.items()


def test_each_person_of_a_list_is_checked():
    members = [
        {"name": "示例", "id_number": "999934199001011010", "relation": "spouse"},
        {"name": "", "id_number": "1"},
    ]
    answers = shop_answers(operation="family", members=members)
    assert check_answers(a_definition(), answers, demo=True) == {
        "members.1.name": "answer_missing",
        "members.1.id_number": "identity_number_length",
        "members.1.relation": "answer_missing",
    }


def test_an_invented_number_is_refused_outside_demo_mode():
    members = [{"name": "示例", "id_number": "999934199001011010", "relation": "spouse"}]
    answers = shop_answers(operation="family", members=members)
    assert check_answers(a_definition(), answers) == {"members.0.id_number": "identity_number_demo"}


def test_a_place_named_twice_is_told():
    answers = {"use": "keep", "insured_places": [HERE, HERE], "insurances": ["pension"]}
    assert check_answers(a_definition("kstb-1-06"), answers) == {"insured_places": "answer_twice"}


def test_the_situation_decides_which_fields_are_asked():
    names = {field.name for field in visible_fields(a_definition(), {"premises": "network", "operation": "family"})}
    assert {"platform_name", "members"} <= names
    assert "address" not in names


def test_a_question_under_a_question_that_is_not_asked_is_not_asked():
    single = {"marriage": "single", "spouse_draws": "yes"}
    assert "spouse_place" not in {field.name for field in visible_fields(a_definition("kstb-2-45"), single)}


def test_tidying_drops_what_is_empty_or_not_asked():
    answers = shop_answers(trade_name="", shop_link="https://shop.example.com", capital="")
    assert tidy_answers(a_definition(), answers) == shop_answers()


def test_the_situation_decides_which_materials_are_needed():
    keys = {material.key for material in needed_materials(a_definition(), shop_answers(permit="yes"))}
    assert keys == {"application", "identity", "premises_proof", "permit"}


def test_a_minor_is_not_publicised():
    definition = a_definition("kstb-2-68")
    assert [stage.key for stage in stages_for(definition, {"minor": "yes"})] == ["assessment", "approve", "print"]
    assert [stage.key for stage in stages_for(definition, {"minor": "no"})] == [
        "assessment",
        "publicity",
        "approve",
        "print",
    ]


def test_a_stage_over_several_places_fans_out():
    definition = a_definition("kstb-1-07")
    answers = {"new_place": HERE, "from_places": [THERE, "320102000000"], "age": "under"}
    contact, hand_over, _ = definition.stages
    assert stage_places(definition, contact, answers) == (HERE,)
    assert stage_places(definition, hand_over, answers) == (THERE, "320102000000")


def test_the_home_is_the_place_that_the_rule_names():
    assert home_place(a_definition(), shop_answers()) == THERE
    assert home_places(a_definition("kstb-1-06"), {"insured_places": [HERE, THERE]}) == (HERE, THERE)


def test_a_home_that_is_not_named_is_looked_up_in_vain():
    assert home_places(a_definition("kstb-1-06"), {}) == ()
    with pytest.raises(LookupError):
        home_place(a_definition(), {})


@pytest.mark.parametrize(
    ("key", "mode", "has", "has_not"),
    [
        ("kstb-1-06", Mode.ONLINE, {Outcome.ANSWERED}, {Outcome.DENIED}),
        ("kstb-1-37", Mode.COUNTER, {Outcome.RECALLED, Outcome.DEEMED_ACCEPTED}, {Outcome.ANSWERED}),
        ("kstb-1-37", Mode.ONLINE, {Outcome.TRANSFERRED}, {Outcome.RECALLED}),
        ("kstb-1-07", Mode.JOINT, {Outcome.PARTLY_GRANTED}, {Outcome.DEEMED_ACCEPTED}),
        ("kstb-2-45", Mode.ONLINE, {Outcome.BOUNCED_PAID}, set()),
        ("kstb-2-19", Mode.COUNTER, {Outcome.CORRECTED_ANSWERED}, {Outcome.DENIED, Outcome.GRANTED}),
        ("kstb-2-62", Mode.ONLINE, {Outcome.HANDED_OFF}, {Outcome.ANSWERED}),
    ],
)
def test_the_pattern_and_mode_decide_how_a_case_can_end(key, mode, has, has_not):
    possible = set(outcomes_of(a_definition(key), mode))
    assert has <= possible
    assert not has_not & possible


def test_a_mode_that_the_item_does_not_allow_has_no_outcomes():
    with pytest.raises(LookupError):
        outcomes_of(a_definition("kstb-1-24"), Mode.COUNTER)


@given(
    st.dictionaries(
        st.text(),
        st.none() | st.text() | st.integers() | st.lists(st.text() | st.dictionaries(st.text(), st.text())),
        max_size=6,
    )
)
def test_answers_of_any_form_are_judged_without_a_crash(answers):
    assert all(isinstance(reason, str) for reason in check_answers(a_definition(), answers).values())


@given(
    st.sampled_from(["members", "scope", "business_place", "operation"]),
    st.recursive(
        st.none() | st.booleans() | st.text(),
        lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
        max_leaves=5,
    ),
)
def test_a_known_question_takes_any_value_without_a_crash(name, value):
    check_answers(a_definition(), shop_answers(operation="family") | {name: value})
