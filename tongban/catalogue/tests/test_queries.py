from datetime import date

import pytest
from django.core.management import call_command

from tongban.base.actor import Actor, Role
from tongban.base.errors import Rejected
from tongban.catalogue import actions, queries
from tongban.catalogue.models import Agreement, ItemVersion
from tongban.catalogue.tests.build import (
    HERE,
    OPERATOR,
    THERE,
    an_agreement_content,
    load_base_items,
    publish,
)

pytestmark = pytest.mark.django_db
SOMEONE = Actor(role=Role.ANYONE, node="34")


def names(text, **more):
    return [found.item.name for found in queries.search(SOMEONE, text, **more)]


def test_a_word_of_two_characters_finds_the_items_that_bear_it():
    load_base_items()
    assert set(names("医保", most=50)) >= {"医保电子凭证申领", "医保定点医疗机构基础信息变更"}


def test_the_name_weighs_more_than_the_scenario():
    load_base_items()
    assert names("个体工商户设立")[0] == "个体工商户设立登记"


def test_an_everyday_word_finds_the_official_name():
    load_base_items()
    assert names("开店")[0] == "个体工商户设立登记"
    assert names("残疾证")[0].startswith("残疾人证")


def test_a_sentence_finds_what_shares_most_words_with_it():
    load_base_items()
    assert names("社保卡丢了怎么办")[0] in ("社会保障卡补领、换领、换发", "社会保障卡临时挂失")


def test_topics_of_this_provinces_standard_are_searched():
    publish("kstb-2-03", topics=["随军家属"])
    actions.index_items(OPERATOR, synonyms=[])
    assert names("随军家属") == ["工作调动户口迁移"]


def test_signs_that_mean_nothing_find_nothing_and_harm_nothing():
    load_base_items()
    assert names("？？？") == []
    assert "门诊费用跨省直接结算" in names("'; \\ -- '直接结算'")


def test_an_empty_search_lists_the_plan_in_order():
    load_base_items()
    assert names("", most=2) == ["学历公证", "学位公证"]
    assert names("", most=1, batch=3) == ["新生儿入户"]
    assert len(names("", most=200, skip=100)) == 40


def test_a_found_item_tells_whose_standard_is_known():
    publish("kstb-1-37")
    found = queries.search(SOMEONE, "个体工商户设立登记")[0]
    assert found.provinces == ("34",)


def test_a_page_of_results_takes_two_statements(django_assert_num_queries):
    load_base_items()
    with django_assert_num_queries(2):
        queries.search(SOMEONE, "登记")


def test_the_newest_version_that_has_begun_applies():
    publish("kstb-1-37", effective_from=date(2026, 1, 1))
    publish("kstb-1-37", topics=["新"], effective_from=date(2026, 6, 1))
    assert queries.get_definition("kstb-1-37", "34", on=date(2026, 5, 31))[0] == 1
    assert queries.get_definition("kstb-1-37", "34", on=date(2026, 6, 1))[0] == 2
    assert queries.get_definition("kstb-1-37", "34", version=1)[1].topics != ("新",)


def test_an_item_that_a_province_has_not_published_is_refused():
    load_base_items()
    with pytest.raises(Rejected, match="item_not_defined"):
        queries.get_definition("kstb-1-37", "31")


def test_a_withdrawn_version_holds_for_what_was_received_before():
    publish("kstb-1-37", effective_from=date(2026, 1, 1))
    actions.withdraw(OPERATOR, item="kstb-1-37", version=1, on=date(2026, 7, 1))
    assert queries.is_valid_on("kstb-1-37", "34", 1, date(2026, 6, 30))
    assert not queries.is_valid_on("kstb-1-37", "34", 1, date(2026, 7, 1))


def test_the_route_answers_for_an_item_that_is_not_published():
    load_base_items()
    found = queries.find_route(item="kstb-1-37", place=HERE, authority_place=THERE)
    assert (found.allowed, found.why) == (False, "not_published")


def test_the_route_of_an_ended_item_names_the_reason():
    load_base_items()
    found = queries.find_route(item="kstb-2-50", place=HERE, authority_place=THERE)
    assert (found.why, "生育登记" in found.facts["note"]) == ("ended_item", True)


def test_every_version_of_an_agreement_is_known_with_who_signed_it():
    actions.publish_agreement(OPERATOR, content=an_agreement_content())
    actions.publish_agreement(OPERATOR, content=an_agreement_content(version=2, starts="2030-01-01"))
    found = queries.agreements()
    assert [(entry.agreement.version, entry.signed) for entry in found] == [(1, {"34"}), (2, {"34"})]
    assert found[0].missing == {"31"}


def test_the_route_asks_the_database_two_questions(django_assert_num_queries):
    publish()
    asked = {"item": "kstb-1-37", "place": HERE, "authority_place": HERE, "on": date(2030, 1, 1)}
    queries.find_route(**asked)
    with django_assert_num_queries(2):
        assert queries.find_route(**asked).allowed


def test_loading_the_shelf_twice_changes_nothing(capsys):
    call_command("load_items")
    before = list(ItemVersion.objects.order_by("id").values_list("id", "digest"))
    call_command("load_items")
    assert list(ItemVersion.objects.order_by("id").values_list("id", "digest")) == before
    assert "140 base items" in capsys.readouterr().out


def test_the_hub_loads_agreements_and_no_standards(settings):
    settings.NODE = "00"
    call_command("load_items", verbosity=0)
    assert not ItemVersion.objects.exists()
    assert set(Agreement.objects.values_list("key", flat=True)) == {"national-1", "national-2", "national-3"}
