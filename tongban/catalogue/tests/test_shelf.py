import csv
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings

from tongban.base.canonical import canonical_json
from tongban.base.errors import Rejected
from tongban.base.words import has
from tongban.catalogue.queries import (
    shipped_agreements,
    shipped_base_items,
    shipped_standard,
    shipped_standards,
    shipped_synonyms,
)
from tongban.catalogue.queries.shelf import SHELF
from tongban.catalogue.rules import Pattern, check_answers, definition_of, fill_example, stage_places, stages_for
from tongban.catalogue.rules.consistency import FILLED
from tongban.catalogue.rules.guide import guide_faults
from tongban.catalogue.rules.provenance import examples_in, provenance
from tongban.catalogue.tests.build import a_content, a_definition, text_of

FILES = sorted(path.stem for path in SHELF.glob("kstb-*.toml"))
BASE = {row["key"]: row for row in shipped_base_items()}
OF_MANY_PEOPLE = (
    "1-01 1-03 1-05 1-06 1-07 1-08 1-13 1-21 1-22 1-23 1-28 1-31 1-37 2-01 2-02 2-03 2-04 2-06 2-07 2-10 2-14 2-16 "
    "2-29 2-45 2-60 2-62 2-68 3-01 3-02 3-03 3-04 3-05 3-07 3-08"
)
WIDELY_USED = [f"kstb-{number}" for number in OF_MANY_PEOPLE.split(" ")]
EXAMPLES = [(key, example.key) for key in FILES for example in a_definition(key).examples]


def test_the_plan_has_its_140_items():
    assert len(BASE) == 140
    assert [sum(row["batch"] == batch for row in BASE.values()) for batch in (1, 2, 3)] == [58, 74, 8]


def test_a_successor_is_an_item_of_the_plan():
    assert {row["successor"] for row in BASE.values() if row["successor"]} <= set(BASE)


@pytest.mark.parametrize("key", FILES)
def test_a_standard_bears_the_name_and_key_of_its_base_item(key):
    definition = a_definition(key)
    assert (definition.key, definition.name) == (key, BASE[key]["name"])


@pytest.mark.parametrize("key", FILES)
def test_a_guide_is_good_enough_to_be_published(key):
    assert guide_faults(a_definition(key)) == {}


@pytest.mark.parametrize("key", FILES)
def test_a_content_can_be_sent_and_read_again(key):
    content = a_content(key)
    assert canonical_json(content)
    assert definition_of(content) == a_definition(key)


@pytest.mark.parametrize("key", FILES)
def test_every_fact_names_a_source_and_some_are_not_invented(key):
    definition = a_definition(key)
    facts = provenance(definition)
    assert len(facts) > 15
    assert 0 < len(examples_in(definition)) < len(facts)


@pytest.mark.parametrize(("key", "example"), EXAMPLES)
def test_an_example_is_complete_and_names_every_place_of_its_stages(key, example):
    definition = a_definition(key)
    given = next(entry for entry in definition.examples if entry.key == example)
    answers = fill_example(given.answers, FILLED)
    assert check_answers(definition, answers, demo=True) == {}
    assert all(stage_places(definition, stage, answers) for stage in stages_for(definition, answers))


def test_every_pattern_that_a_citizen_meets_has_an_item():
    assert {a_definition(key).pattern for key in FILES} == set(Pattern) - {Pattern.ASSIST}


def test_a_permit_to_move_in_comes_before_the_certificate_of_leaving():
    documents = [(stage.document, str(stage.validity)) for stage in a_definition("kstb-2-03").stages]
    assert documents[:2] == [("户口准迁证", "40 natural"), ("户口迁移证", "30 natural")]


PROVINCES = sorted(path.name for path in SHELF.iterdir() if path.name.isdigit())


@pytest.mark.parametrize("province", PROVINCES)
def test_a_provinces_own_standards_can_be_published(province):
    for _, content in shipped_standards(province):
        assert guide_faults(definition_of(content)) == {}


def own_text(key: str) -> set[str]:
    """Every run of eight characters of what a person reads in the item's own file."""
    words = [word for word in quoted(tomllib.loads(text_of(key))) if len(word) > 8]
    return {word[at : at + 8] for word in words for at in range(len(word) - 7)}


def quoted(value) -> Iterator[str]:
    if isinstance(value, str) and not value.isascii():
        yield value
    elif isinstance(value, dict):
        for name, entry in value.items():
            yield from quoted(entry) if name not in ("sources", "examples") else ()
    elif isinstance(value, list):
        for entry in value:
            yield from quoted(entry)


def test_no_two_items_share_more_than_seven_tenths_of_their_own_text():
    texts = {key: own_text(key) for key in FILES}
    alike = [
        (here, there, round(len(texts[here] & texts[there]) / len(texts[here]), 2))
        for here in FILES
        for there in FILES
        if here != there and len(texts[here] & texts[there]) > 0.7 * len(texts[here])
    ]
    assert alike == []


def test_every_organ_of_a_flow_is_of_a_known_kind():
    with (Path(settings.ROOT) / "tongban" / "data" / "organs" / "kinds.csv").open(encoding="utf-8") as file:
        kinds = {row["key"] for row in csv.DictReader(file)}
    for key in FILES:
        definition = a_definition(key)
        assert {definition.authority.organ, *(stage.organ for stage in definition.stages)} <= kinds


def test_the_agreements_can_be_read():
    assert {name for name, _ in shipped_agreements()} >= {"national-1.toml", "national-2.toml", "yangtze-delta.toml"}


def a_shelf(folder, monkeypatch, own):
    monkeypatch.setattr("tongban.catalogue.queries.shelf.SHELF", folder)
    (folder / "kstb-1-37.toml").write_text(text_of("kstb-1-37"), "utf-8")
    (folder / "31").mkdir()
    (folder / "31" / "kstb-1-37.toml").write_text(own, "utf-8")


def test_a_provinces_own_tables_replace_the_common_ones(tmp_path, monkeypatch):
    a_shelf(tmp_path, monkeypatch, 'topics = ["开店"]\n[sources]\nown = "示例办法"\n')
    [(key, content)] = shipped_standards("31")
    assert (key, content["topics"], "own" in content["sources"]) == ("kstb-1-37", ["开店"], True)
    [(_, common)] = shipped_standards("34")
    assert {**content, "topics": common["topics"], "sources": common["sources"]} == common


def test_an_item_takes_over_the_file_that_it_extends(tmp_path, monkeypatch):
    a_shelf(tmp_path, monkeypatch, "")
    (tmp_path / "kstb-1-38.toml").write_text(
        'extends = "kstb-1-37"\nkey = "kstb-1-38"\n[sources]\nown = "示例"\n', "utf-8"
    )
    content = shipped_standard("kstb-1-38")
    common = shipped_standard("kstb-1-37")
    assert content == {**common, "key": "kstb-1-38", "sources": {**common["sources"], "own": "示例"}}


def test_a_fault_of_a_provinces_own_file_stands_in_that_file(tmp_path, monkeypatch):
    a_shelf(tmp_path, monkeypatch, '\n[visits]\ncount = "none"\nsource = "示例"\n')
    with pytest.raises(Rejected) as caught:
        list(shipped_standards("31"))
    assert list(caught.value.fields) == [f"{Path('31') / 'kstb-1-37.toml'}:3"]


def test_synonyms_are_groups_of_at_least_two_words():
    assert all(len(group) > 1 for group in shipped_synonyms())


def test_every_reason_that_an_answer_can_have_has_its_sentence():
    codes = "missing not_asked not_text too_long too_many twice not_list not_option not_date not_integer not_money"
    assert all(has(f"reason.answer_{code}") for code in [*codes.split(), "not_place", "not_person"])


@pytest.mark.parametrize("key", FILES)
def test_the_examples_answer_every_option_of_every_situation(key):
    definition = a_definition(key)
    given = {
        (name, value) for example in definition.examples for name, value in example.answers.items() if value.__hash__
    }
    wanted = {(entry.key, option.value) for entry in definition.situations for option in entry.options}
    assert wanted - given == set()


@pytest.mark.parametrize("key", WIDELY_USED)
def test_of_what_many_people_need_most_facts_have_a_source(key):
    facts = provenance(a_definition(key))
    sourced = sum(not fact.source.is_example for fact in facts)
    assert sourced >= 0.6 * len(facts)


def test_every_open_item_of_the_plan_is_defined():
    wanted = {row["key"] for row in shipped_base_items() if row.get("state", "open") == "open"}
    assert wanted <= set(FILES)
