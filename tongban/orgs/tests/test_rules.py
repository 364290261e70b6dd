from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as some

from tongban.orgs.rules import (
    Level,
    Permission,
    Place,
    ancestors,
    covers,
    demo_counties,
    full_code,
    nearest_first,
    organ_name,
    parent_of,
    parse_kinds,
    parse_places,
    path_of,
    stem,
)
from tongban.orgs.tests.build import ANHUI, FEIXI, HEFEI, VILLAGE, kinds, places

DATA = Path(__file__).resolve().parents[2] / "data"
KNOWN = {place.code for place in places()}
codes = some.from_regex(r"[1-8][0-9]{11}", fullmatch=True)
levels = some.sampled_from([2, 4, 6, 9, 12])


@pytest.mark.parametrize(
    ("code", "begins"),
    [
        (ANHUI, "34"),
        (HEFEI, "3401"),
        (FEIXI, "340123"),
        ("340123100000", "340123100"),
        (VILLAGE, VILLAGE),
    ],
)
def test_all_codes_inside_a_division_begin_alike(code, begins):
    assert stem(code) == begins


def test_the_levels_above_come_nearest_first():
    assert nearest_first(VILLAGE) == [VILLAGE, "340123100000", FEIXI, HEFEI, ANHUI]
    assert ancestors(ANHUI) == []


def test_a_county_of_a_municipality_stands_under_the_province():
    assert parent_of("310104000000", KNOWN) == "310000000000"
    assert path_of("310104000000", KNOWN) == "310000000000/310104000000/"
    assert path_of(FEIXI, KNOWN) == f"{ANHUI}/{HEFEI}/{FEIXI}/"


@pytest.mark.parametrize("text", ["", "3", "34012", "3401231", "34012X", "３４０１２３", "3401231000011"])
def test_what_is_no_code_is_refused(text):
    with pytest.raises(ValueError, match="division code"):
        full_code(text)


@given(code=codes, kept=levels)
def test_every_level_above_begins_a_code_and_is_shorter(code, kept):
    place = full_code(code[:kept])
    above = ancestors(place)
    assert all(place.startswith(stem(other)) for other in above)
    assert [len(stem(other)) for other in above] == sorted((len(stem(other)) for other in above), reverse=True)


@pytest.mark.parametrize(
    ("permission", "allowed"),
    [
        (Permission(frozenset({"accept"}), "*", ""), True),
        (Permission(frozenset({"*"}), "*", "34"), True),
        (Permission(frozenset({"*"}), "kstb-1-07", "340123"), True),
        (Permission(frozenset({"grant"}), "*", ""), False),
        (Permission(frozenset({"*"}), "kstb-1-06", ""), False),
        (Permission(frozenset({"*"}), "*", "31"), False),
        (Permission(frozenset({"*"}), "*", "340123100001"), False),
        (Permission(frozenset(), "*", ""), False),
    ],
)
def test_a_grant_covers_its_acts_item_and_region_only(permission, allowed):
    assert covers([permission], act="accept", item="kstb-1-07", place=FEIXI) is allowed


def test_without_a_grant_nothing_is_allowed():
    assert not covers([], act="accept", item="kstb-1-07", place=FEIXI)


def supplied():
    return parse_places((DATA / "divisions" / "divisions.csv").read_text("utf-8"))


def test_the_supplied_divisions_are_whole():
    found = supplied()
    codes_known = {place.code for place in found}
    in_force = [place for place in found if place.valid_to is None]
    assert len(codes_known) == len(found)
    assert len([place for place in in_force if place.level is Level.PROVINCE]) == 34
    anhui = [place for place in in_force if place.code.startswith("34")]
    assert len([place for place in anhui if place.level is Level.CITY]) == 16
    assert len([place for place in anhui if place.level is Level.COUNTY]) == 104
    assert all(parent_of(place.code, codes_known) for place in found if place.level is not Level.PROVINCE)
    shapes = {2: Level.PROVINCE, 4: Level.CITY, 6: Level.COUNTY}
    assert all(shapes[len(stem(place.code))] is place.level for place in found)
    assert not {place.name for place in found} & {"市辖区", "县", "省直辖县级行政区划", "自治区直辖县级行政区划"}


def test_every_successor_is_a_division_in_force():
    in_force = {place.code for place in supplied() if place.valid_to is None}
    assert {place.successor for place in supplied() if place.successor} <= in_force


@pytest.mark.parametrize(("gone", "now"), [("340221", "340210"), ("340225", "340281"), ("341822", "341882")])
def test_the_abolished_counties_of_anhui_name_their_successors(gone, now):
    found = {place.code: place for place in supplied()}
    assert found[full_code(gone)].successor == full_code(now)
    assert found[full_code(gone)].valid_to is not None


def test_the_villages_of_one_county_stand_under_its_townships():
    found = parse_places((DATA / "divisions" / "340123.csv").read_text("utf-8"))
    townships = {place.code for place in found if place.level is Level.TOWNSHIP}
    villages = [place for place in found if place.level is Level.VILLAGE]
    assert len(townships) == 12
    assert len(villages) > 250
    assert all(ancestors(place.code)[0] in townships for place in villages)


def test_every_kind_of_organ_has_a_number_of_its_own():
    found = parse_kinds((DATA / "organs" / "kinds.csv").read_text("utf-8"))
    assert len({kind.number for kind in found}) == len({kind.key for kind in found}) == len(found)
    assert {"service_hall", "human_resources", "public_security", "data_bureau"} <= {kind.key for kind in found}


def test_no_name_of_a_kind_names_another_kind():
    found = parse_kinds((DATA / "organs" / "kinds.csv").read_text("utf-8"))
    names = [name for kind in found for name in {kind.key, *kind.names.values()}]
    assert len(names) == len(set(names))


def test_a_municipalitys_organs_are_bureaus_and_a_provinces_departments():
    police = next(kind for kind in kinds() if kind.key == "public_security")
    assert organ_name(police, Place(ANHUI, "安徽省", Level.PROVINCE)) == "安徽省公安厅（示例）"
    assert organ_name(police, Place("310000000000", "上海市", Level.PROVINCE)) == "上海市公安局（示例）"


def test_a_kind_that_only_provinces_have_has_a_name_in_a_municipality_too():
    assert all(organ_name(kind, Place("310000000000", "上海市", Level.PROVINCE)) for kind in kinds())


def test_a_demo_gets_two_counties_of_each_city_and_feixi():
    assert demo_counties([place for place in places() if place.code.startswith("34")]) == {
        "340102000000",
        "340103000000",
        FEIXI,
        "340209000000",
        "340210000000",
    }
