from tongban.catalogue.rules.comparing import Difference, differences
from tongban.catalogue.tests.build import a_content, a_definition


def test_equal_standards_do_not_differ():
    assert differences(a_definition(), a_definition()) == ()


def test_another_promise_is_a_difference():
    there = a_definition(limits={**a_content()["limits"], "promised": "2 working"})
    assert differences(a_definition(), there) == (Difference("promised", "1 个工作日", "2 个工作日"),)


def test_another_type_breaks_what_must_be_the_same():
    [found] = differences(a_definition(), a_definition(item_type="07"))
    assert (found.path, found.breaks_four_same) == ("item_type", True)


def test_a_paper_that_only_one_asks_for_is_told():
    materials = [entry for entry in a_content()["materials"] if entry["key"] != "identity"]
    [found] = differences(a_definition(), a_definition(materials=materials))
    assert (found.path, found.there) == ("materials.identity", "")
    assert found.here == "经营者身份证件 · 必交 · 核原件 · 共享核验"


def test_a_condition_that_only_one_has_is_told_on_its_side():
    conditions = [*a_content()["conditions"], {"text": "本地条件。", "source": "示例"}]
    assert differences(a_definition(), a_definition(conditions=conditions)) == (
        Difference("conditions", "", "本地条件。"),
    )
