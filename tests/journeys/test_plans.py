"""What the journey intends before any node runs."""

from journey.items import Item, Places, days_of, holds
from journey.outcomes import outcomes_of, signing, turns
from journey.parties import with_demo_people
from journey.people import check_digit, shown_at_counter
from journey.planning import plans

CONTENT = {
    "key": "kstb-9-01",
    "pattern": "approval",
    "modes": ["online", "counter"],
    "closing": "delivery",
    "limits": {"silence_accepts": True, "notice": "5 working", "extension": "3 working"},
    "served": ["1"],
    "home": {"field": "where"},
    "fields": [{"name": "where", "type": "place"}, {"name": "remark", "type": "text"}],
    "materials": [
        {"key": "form", "name": "申请书"},
        {"key": "identity", "name": "身份证", "shared": True},
        {"key": "permit", "name": "批准文件", "when": {"kind": "food"}},
        {"key": "photo", "name": "照片", "required": False},
    ],
    "examples": [
        {"answers": {"where": "{home_place}", "remark": "示例", "kind": "food"}},
        {"answers": {"where": "{home_place}", "remark": "示例", "kind": "tea"}},
    ],
}
NODES = ["00", "34", "31"]
ITEM = Item("kstb-9-01", CONTENT)
PLACES = Places(origin="34", home="31", other="34", third="34")


def test_an_example_is_filled_with_places_of_the_two_nodes():
    assert ITEM.answers(0, PLACES)["where"] == "310101000000"
    assert ITEM.home_places(ITEM.answers(0, PLACES), PLACES) == ["310101000000"]


def test_only_papers_that_somebody_must_hand_in_are_handed_in():
    assert [paper["key"] for paper in ITEM.materials(ITEM.answers(0, PLACES))] == ["form", "permit"]
    assert [paper["key"] for paper in ITEM.materials(ITEM.answers(1, PLACES))] == ["form"]


def test_a_condition_holds_when_every_answer_is_one_of_its_values():
    assert holds({"kind": ["food", "tea"], "size": "big"}, {"kind": "tea", "size": "big"})
    assert not holds({"kind": "food"}, {"kind": "tea"})
    assert holds({"kind": "food"}, {"kind": ["tea", "food"]})
    assert holds(None, {})


def test_a_limit_of_working_days_is_covered_with_holidays():
    assert days_of("5 working") == 20
    assert days_of("20 natural") == 21
    assert days_of("48 hours") == 4


def test_only_a_counter_recalls():
    answers = ITEM.answers(0, PLACES)
    assert "recalled" in outcomes_of(ITEM, "counter", answers)
    assert "recalled" not in outcomes_of(ITEM, "online", answers)


def test_the_same_seed_makes_the_same_plans():
    def made(seed):
        return [(plan.title, plan.places, plan.person) for plan, _ in plans([ITEM], NODES, seed=seed)]

    assert made(1) == made(1)
    assert made(1) != made(2)


def test_an_item_done_where_one_stands_has_its_home_there():
    item = Item("kstb-9-02", {**CONTENT, "pattern": "anywhere"})
    assert all(plan.places.origin == plan.places.home != plan.places.other for plan, _ in plans([item], NODES, seed=3))


def test_where_applications_are_taken_in_windows_every_script_waits_for_the_opening():
    item = Item("kstb-9-03", {**CONTENT, "windows": [{"opens": "04-01", "closes": "06-30"}]})
    assert all(
        script[0] is turns.window_opens for script in outcomes_of(item, "online", ITEM.answers(0, PLACES)).values()
    )


def test_an_item_that_informs_another_place_is_filed_at_either_of_both():
    item = Item("kstb-9-03", {**CONTENT, "informs": ["where"]})
    homes = {plan.places.home == plan.places.origin for plan, _ in plans([item], NODES, seed=3)}
    assert homes == {True, False}


def test_the_check_digit_is_that_of_the_standard():
    assert check_digit("11010519491231002") == "X"


def test_who_is_filed_for_with_others_is_filed_for_by_an_organisation():
    fields = [{"name": "kind", "type": "choice"}, {"name": "staff", "type": "people"}]
    examples = [
        {"key": "self", "answers": {"kind": "food"}},
        {
            "key": "many",
            "answers": {"kind": "food", "staff": [{"name": "示例职工", "id_number": "999934199002013050"}]},
        },
    ]
    content = {**CONTENT, "fields": fields, "examples": examples, "parties": {"persons": "staff"}}

    def who(served):
        item = Item("kstb-9-04", {**content, "served": served})
        return {plan.person for plan, _ in plans([item], NODES, seed=4) if plan.example == 1}

    assert who(["1", "2", "3"]) == {"company"}
    assert who(["1", "3", "5"]) == {"school"}


SIGNED = {
    **CONTENT,
    "parties": {"co_applicants": ["others"], "withdraws_alone": True},
    "fields": [*CONTENT["fields"], {"name": "others", "type": "people"}],
    "examples": [
        {
            "answers": {
                "where": "{home_place}",
                "remark": "示例",
                "others": [{"name": "示例", "id_number": "999934199001011010", "relation": "spouse"}],
            }
        }
    ],
}


def test_who_signs_is_a_demo_citizen_with_a_log_in_of_his_own_and_never_the_applicant():
    item = Item("kstb-9-04", SIGNED)
    answers, others = with_demo_people(item, item.answers(0, PLACES), node="34", applicant="1")
    assert [(other.key, other.applies) for other in others] == [("2", True)]
    shown = shown_at_counter("34", "2")
    assert answers["others"] == [{"name": shown["name"], "id_number": shown["id_number"], "relation": "spouse"}]


def test_where_several_apply_a_change_is_played_and_one_withdraws_alone():
    item = Item("kstb-9-04", SIGNED)
    assert {"signed_again", "withdrawn_by_one"} <= set(outcomes_of(item, "online", item.answers(0, PLACES)))
    assert "signed_again" not in outcomes_of(ITEM, "online", ITEM.answers(0, PLACES))


def test_an_organisation_files_for_many_and_one_of_them_is_denied():
    [example] = SIGNED["examples"]
    named = [*example["answers"]["others"], {"name": "示例", "id_number": "999934199001021024", "relation": "child"}]
    content = {
        **SIGNED,
        "parties": {"persons": "others"},
        "examples": [{"answers": {**example["answers"], "others": named}}],
    }
    made = list(plans([Item("kstb-9-05", content)], NODES, seed=1))
    assert {plan.person for plan, _ in made} == {"school"}
    assert any(plan.outcome == "partly_granted" and signing.deny_one in script for plan, script in made)


def test_of_one_person_alone_nobody_is_denied_beside_others():
    made = plans([Item("kstb-9-05", {**SIGNED, "parties": {"persons": "others"}})], NODES, seed=1)
    assert "partly_granted" not in {plan.outcome for plan, _ in made}
