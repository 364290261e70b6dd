"""What a bundle is, what it asks, in which order its parts go: without a database."""

from functools import cache

import pytest

from tongban.base.errors import Rejected
from tongban.base.limits import Limit, Unit
from tongban.bundles.queries.shelf import SHELF
from tongban.bundles.rules.asking import all_papers, answers_for, asked_first, faults, groups, papers
from tongban.bundles.rules.consistency import read_bundle
from tongban.bundles.rules.definition import Bundle, Part
from tongban.bundles.rules.following import Verdict, verdict
from tongban.bundles.rules.planning import Fate, Prospect, longest, opened, visits, waits_for
from tongban.catalogue.queries.shelf import SHELF as ITEMS
from tongban.catalogue.queries.shelf import shipped_standard
from tongban.catalogue.rules import Definition, definition_of
from tongban.catalogue.rules.form import Source

FILES = sorted(SHELF.glob("*.toml"))
PROVINCES = sorted(path.name for path in ITEMS.iterdir() if path.name.isdigit())
HERE, THERE = "340123000000", "310104000000"
LIST = {
    "newborn",
    "graduate",
    "unemployed",
    "new_job",
    "retirement",
    "open_business",
    "close_business",
    "house",
    "medical",
    "disability",
    "marriage",
}
EXAMPLE = Source("示例")


@cache
def standard(item: str, province: str = "") -> Definition:
    return definition_of(shipped_standard(item, province))


@cache
def items(province: str = "") -> dict[str, Definition]:
    return {path.stem: standard(path.stem, province) for path in ITEMS.glob("kstb-*.toml")}


@cache
def bundle(key: str) -> Bundle:
    return read_bundle((SHELF / f"{key}.toml").read_text("utf-8"), file=f"{key}.toml")


def prospects(key: str, **answers) -> list[Prospect]:
    """All parts open, but for those that the answers make needless; all homes in Shanghai."""
    return [
        Prospect(
            part,
            Fate.OPEN if part.when is None or part.when.holds(answers) else Fate.SKIPPED,
            THERE,
            standard(part.item),
        )
        for part in bundle(key).parts
    ]


def ready(key: str, **answers):
    return opened(prospects(key, **answers), HERE)


@pytest.mark.parametrize("province", ["", *PROVINCES])
@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_every_file_fits_the_items_of_every_province(path, province):
    read_bundle(path.read_text("utf-8"), file=path.name, items=items(province))


def test_the_events_are_all_there():
    assert {path.stem for path in FILES} == LIST
    assert all(bundle(key).key == key for key in LIST)


@pytest.mark.parametrize("key", sorted(LIST))
def test_every_bundle_says_what_belongs_to_it_and_is_done_elsewhere(key):
    assert bundle(key).elsewhere
    assert all(entry.where and entry.how for entry in bundle(key).elsewhere)


def edited(old: str, new: str, *, key: str = "unemployed") -> dict[str, str]:
    """What is found wrong once a line of the file reads otherwise, each with its line."""
    text = (SHELF / f"{key}.toml").read_text("utf-8")
    assert text.count(old) >= 1
    changed = text.replace(old, new, 1)
    with pytest.raises(Rejected) as refusal:
        read_bundle(changed, file="x.toml", items=items())
    lines = [str(number) for number, line in enumerate(changed.splitlines(), 1) if new.splitlines()[0] in line]
    assert any(f"x.toml:{line}" in refusal.value.fields for line in lines), refusal.value.fields
    return refusal.value.fields


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('last_employer = "employer"', 'last_boss = "employer"'),
        ('last_employer = "employer"', 'last_employer = "boss"'),
        ('identity = "identity"', 'passport = "identity"'),
        ('identity = "identity"', 'identity = "passport"'),
        ('before = "=employed"', 'before = "=fired"'),
        ('ended_on = "ended_on"', 'ended_on = "employer"'),
        ('after = "registration"', 'after = "claim"'),
        ('home = "register_place"', 'home = "employer"'),
        ('home = "register_place"', 'home = "paying_place"'),
        ('item = "kstb-1-05"', 'item = "kstb-9-99"'),
        ('when = { check = "yes" }', 'when = { check = "maybe" }'),
        ('name = "ended_on"', 'name = "Ended On"'),
        ('key = "check"', 'key = "benefit"'),
        ('last_employer = "employer"', 'last_employer = "@after"'),
    ],
)
def test_what_does_not_fit_is_told_with_its_line(old, new):
    edited(old, new)


def test_an_order_without_a_source_is_a_fault():
    text = (SHELF / "unemployed.toml").read_text("utf-8").replace('after_source = "insurance 第四十五条"\n', "")
    with pytest.raises(Rejected) as refusal:
        read_bundle(text, file="x.toml")
    assert list(refusal.value.fields.values()) == ["an order has a source (after_source)"]


def test_an_example_that_is_not_complete_is_a_fault():
    text = (SHELF / "unemployed.toml").read_text("utf-8").replace('claim = "household"\n', "")
    with pytest.raises(Rejected) as refusal:
        read_bundle(text, file="x.toml", items=items())
    assert any("claim.reason: answer_missing" in fault for fault in refusal.value.fields.values())


def test_first_is_asked_what_decides_which_parts_apply_and_where_they_lie():
    asked = asked_first(bundle("unemployed"), {"benefit": "no", "check": "no"})
    assert asked.names == ["benefit", "check", "register_place"]
    assert "paying_place" in asked_first(bundle("unemployed"), {"benefit": "yes"}).names


def test_a_question_of_several_parts_is_asked_once_and_what_is_peculiar_under_its_part():
    answers = {"benefit": "yes", "check": "yes"}
    found = groups(bundle("unemployed"), ready("unemployed", **answers), answers)
    assert found[0].part is None
    assert found[0].names == ["ended_on", "employer"]
    names = [name for group in found for name in group.names]
    assert len(names) == len(set(names))
    assert "registration.education" in names
    assert not {"registration.last_employer", "claim.employer", "claim.registered", "claim.registered_on"} & set(names)


def test_the_day_of_the_part_before_is_asked_for_where_none_comes_before():
    found = prospects("unemployed", benefit="yes")
    alone = [
        Prospect(e.part, Fate.APART if e.part.key == "registration" else e.fate, e.place, e.definition) for e in found
    ]
    entry = next(one for one in opened(alone, HERE) if one.part.key == "claim")
    assert not entry.waits
    names = [name for group in groups(bundle("unemployed"), [entry], {"benefit": "yes"}) for name in group.names]
    assert "claim.registered_on" in names


def test_one_place_answers_a_question_for_a_list_of_places():
    entry = next(one for one in ready("unemployed", check="yes") if one.part.key == "record")
    assert answers_for(entry, {"insured_place": THERE})["insured_places"] == [THERE]


def test_what_an_item_finds_wrong_is_told_by_the_question_that_was_asked():
    answers = {"benefit": "no", "check": "no", "register_place": THERE, "ended_on": "soon"}
    wrong = faults(
        bundle("unemployed"), ready("unemployed", **answers), {"answers": answers, "materials": {}}, demo=True
    )
    assert wrong["answers.ended_on"] == "answer_not_date"
    assert wrong["answers.employer"] == "answer_missing"
    assert wrong["answers.registration.relation"] == "answer_missing"


def test_a_paper_of_several_parts_is_uploaded_once():
    answers = {"loan": "yes", "withdraw": "yes", "marriage": "single", "withdrawal.house": "new"}
    found = {paper.key: paper for paper in papers(bundle("house"), ready("house", **answers), answers)}
    assert [part.key for part in found["contract"].parts] == ["certificate", "withdrawal"]
    assert found["contract"].required
    listed = [
        paper for paper in all_papers(bundle("house"), [(part, standard(part.item)) for part in bundle("house").parts])
    ]
    assert [paper.parts for paper in listed if paper.name == "购房合同"] == [
        ("开具公积金缴存使用证明", "提取公积金", "预购商品房的预告登记")
    ]


def test_a_paper_that_no_answer_of_the_bundle_calls_for_is_not_listed():
    listed = all_papers(bundle("newborn"), [(part, standard(part.item)) for part in bundle("newborn").parts])
    names = {paper.name for paper in listed}
    assert "居民户口簿（持卡人页）" in names
    assert not {"指定监护文件", "持卡人居民身份证"} & names


def test_what_cannot_be_known_before_the_earlier_part_is_not_asked_yet():
    answers = {"paper": "none", "support": "yes"}
    names = [
        name for group in groups(bundle("disability"), ready("disability", **answers), answers) for name in group.names
    ]
    assert "allowance.certificate_number" not in names
    here = {"paper": "here", "support": "yes"}
    names = [name for group in groups(bundle("disability"), ready("disability", **here), here) for name in group.names]
    assert "allowance.certificate_number" in names


def test_a_part_waits_only_for_what_is_handed_in_with_it():
    found = prospects("unemployed", benefit="yes")
    assert waits_for(found[2].part, found) == "registration"
    assert waits_for(found[1].part, found) == ""
    skipped = prospects("disability", paper="here", support="yes")
    assert waits_for(skipped[2].part, skipped) == ""


def a_part(key: str, after: str = "") -> Part:
    return Part(key=key, item="kstb-1-05", name=key, home="@here", source=EXAMPLE, after=after)


def test_the_longest_way_goes_over_the_parts_that_wait_for_each_other():
    limits = {
        "a": Limit(5, Unit.WORKING),
        "b": Limit(20, Unit.WORKING),
        "c": Limit(15, Unit.NATURAL),
        "d": Limit(48, Unit.HOURS),
    }
    parts = [a_part("a"), a_part("b"), a_part("c", "a"), a_part("d", "c")]
    assert longest(parts, limits).parts == ("b",)
    span = longest([parts[0], *parts[2:]], limits)
    assert (span.parts, span.working, span.natural) == (("a", "c", "d"), 5, 17)
    assert longest([], {}).parts == ()


def test_what_comes_after_something_done_elsewhere_begins_at_once():
    assert longest([a_part("a", "seal")], {"a": Limit(3, Unit.WORKING)}).working == 3


def test_visits_are_those_of_the_parts_that_apply():
    assert visits([standard("kstb-2-68"), standard("kstb-2-10")]) == 1


@pytest.mark.parametrize(
    ("status", "outcome", "expected"),
    [
        ("submitted", None, Verdict.OPEN),
        ("correcting", None, Verdict.OPEN),
        ("accepted", None, Verdict.OPEN),
        ("granted", "granted", Verdict.DONE),
        ("granted", "partial", Verdict.DONE),
        ("answered", "answered", Verdict.DONE),
        ("closed", "granted", Verdict.DONE),
        ("closed", "denied", Verdict.FAILED),
        ("closed", "revoked", Verdict.FAILED),
        ("denied", "denied", Verdict.FAILED),
        ("declined", "declined", Verdict.FAILED),
        ("sent_back", "sent_back", Verdict.FAILED),
        ("withdrawn", "withdrawn", Verdict.FAILED),
        ("transferred", "transferred", Verdict.FAILED),
    ],
)
def test_what_waits_goes_on_only_after_a_good_end(status, outcome, expected):
    assert verdict(status, outcome) is expected
