"""Every kind of field, drawn and read back."""

import pytest
from django.http import QueryDict
from django.template.loader import render_to_string

from tongban.catalogue.rules import Field, FieldType, NumberKind, Option
from tongban.orgs.tests.build import FEIXI, some_divisions
from tongban.web.boxes import box_of, faults_of, read_field

pytestmark = pytest.mark.django_db

OPTIONS = (Option("a", "甲"), Option("b", "乙"))
CASES = [
    (FieldType.TEXT, "示例", {"f": " 示例 "}),
    (FieldType.LONG_TEXT, "一行\n二行", {"f": "一行\r\n二行"}),
    (FieldType.DATE, "2026-03-01", {"f": "2026-03-01"}),
    (FieldType.INTEGER, "12", {"f": "12"}),
    (FieldType.MONEY, "1200.50", {"f": "1,200.50"}),
    (FieldType.CHOICE, "a", {"f": "a"}),
    (FieldType.CHOICES, ["a", "b"], {"f": ["a", "b"]}),
    (FieldType.YES_NO, "yes", {"f": "yes"}),
    (FieldType.PLACE, FEIXI, {"f": ["340000000000", "340100000000", FEIXI]}),
    (FieldType.PLACES, [FEIXI], {"f.0": [FEIXI], "f.1": [""]}),
    (FieldType.PHONE, "0551-62345678", {"f": "0551-62345678"}),
    (FieldType.IDENTITY_NUMBER, "99993419900101001X", {"f": "999934 19900101 001x"}),
    (FieldType.CREDIT_CODE, "91340000MA2EXAMPLE", {"f": "91340000MA2EXAMPLE"}),
    (
        FieldType.PEOPLE,
        [{"name": "示例", "id_number": "999934199001010018", "relation": "a"}],
        {"f.0.name": "示例", "f.0.id_number": "999934199001010018", "f.0.relation": "a", "f.1.name": ""},
    ),
]


def field(kind: FieldType, **more) -> Field:
    return Field("f", "某项", kind, options=OPTIONS, help="怎么填", **more)


def sent(data: dict) -> QueryDict:
    query = QueryDict(mutable=True)
    for name, value in data.items():
        query.setlist(name, value if isinstance(value, list) else [value])
    return query


def drawn(box) -> str:
    return render_to_string("web/parts/box.html", {"box": box})


@pytest.mark.parametrize(("kind", "value", "data"), CASES, ids=[str(case[0]) for case in CASES])
def test_each_kind_is_read_as_the_rules_want_it(kind, value, data):
    assert read_field(field(kind), sent(data)) == value


def test_no_kind_is_forgotten():
    assert {case[0] for case in CASES} == set(FieldType)


@pytest.mark.parametrize("kind", list(FieldType))
def test_each_kind_is_drawn_with_label_hint_and_fault(kind):
    some_divisions()
    page = drawn(box_of(field(kind), None, {"f": "不对。"}))
    assert "某项" in page
    assert "怎么填" in page
    assert 'id="q-f-wrong"' in page
    assert "不对。" in page
    assert 'aria-describedby="q-f-hint q-f-wrong"' in page


def test_a_place_shows_the_levels_chosen_and_the_next():
    some_divisions()
    page = drawn(box_of(field(FieldType.PLACE), "340100000000", {}))
    assert page.count("<select") == 3
    assert '<option value="340100000000" selected>合肥市</option>' in page
    assert "肥西县" in page


def test_a_municipality_has_no_city_level():
    some_divisions()
    page = drawn(box_of(field(FieldType.PLACE), "310000000000", {}))
    assert page.count("<select") == 2
    assert "区县…" in page
    assert "城市…" not in page


def test_one_more_entry_is_offered_until_there_are_enough():
    people = [{"name": "甲"}, {"name": "乙"}]
    assert len(box_of(field(FieldType.PEOPLE), people, {}, grow=True).entries) == 3
    full = box_of(field(FieldType.PEOPLE, most=2), people, {}, grow=True)
    assert len(full.entries) == 2
    assert not full.grow


def test_a_fault_inside_a_list_leads_to_its_own_box():
    box = box_of(field(FieldType.PEOPLE), [{"name": "甲"}], {"f.0.id_number": "不对。"})
    (fault,) = faults_of([box])
    assert (fault.id, fault.label) == ("q-f-0-id_number", "第 1 人的公民身份号码")


def test_what_a_person_typed_is_never_markup():
    page = drawn(box_of(field(FieldType.TEXT), '"><script>alert(1)</script>', {}))
    assert "<script>" not in page


MANY = {"most": 500, "place": "迁出地"}
ROSTER = (
    "示例学生一\t999934199001011010\t配偶\t安徽省合肥市肥西县\n"
    "示例学生二，999934199001011029，子女，340123\n"
    "\n"
    "示例学生三 999934199001011037 邻居 某地"
)
RELATIONS = (Option("spouse", "配偶"), Option("child", "子女"))


def a_roster() -> Field:
    return Field("f", "学生", FieldType.PEOPLE, options=RELATIONS, **MANY)


def test_a_roster_is_read_as_a_spreadsheet_or_a_list_gives_it():
    some_divisions()
    people = read_field(a_roster(), sent({"f": ROSTER}))
    assert [list(person.values())[2:] for person in people] == [["spouse", FEIXI], ["child", FEIXI], ["邻居", "某地"]]


def test_a_roster_is_shown_again_as_it_was_typed_and_tells_the_line_that_is_wrong():
    some_divisions()
    people = read_field(a_roster(), sent({"f": ROSTER.splitlines()[0]}))
    page = drawn(box_of(a_roster(), people, {"f.0.id_number": "不对。"}))
    assert "示例学生一\t999934199001011010\t配偶\t安徽省合肥市肥西县</textarea>" in page
    assert "第 1 人：不对。" in page
    assert "姓名、公民身份号码、关系、迁出地" in page


def test_each_person_may_name_a_place():
    some_divisions()
    wanted = Field("f", "人员", FieldType.PEOPLE, place="迁出地")
    data = {"f.0.name": "示例", "f.0.id_number": "999934199001011010", "f.0.place": ["340000000000", FEIXI]}
    assert read_field(wanted, sent(data))[0]["place"] == FEIXI
    assert "迁出地" in drawn(box_of(wanted, None, {}))


def test_a_number_that_need_not_be_is_marked_so():
    wanted = Field("f", "孩子", FieldType.PEOPLE, number=NumberKind.OPTIONAL)
    assert "没有的不填" in drawn(box_of(wanted, None, {}))
