"""The zone, the list and the guide: whether, how and why something can be done from here."""

import pytest

from tongban.cases.tests.build import FEIXI, ITEM, XUHUI, item_content, publish
from tongban.catalogue.models import Agreement, BaseItem
from tongban.web.citizen.tests.build import a_visitor, some_ground

pytestmark = pytest.mark.django_db
HEFEI = "340100000000"


@pytest.fixture(autouse=True)
def _ground(settings, tmp_path):
    some_ground(settings, tmp_path)


def guide(**places: str):
    return a_visitor().get(f"/items/{ITEM}/", places)


def test_the_zone_shows_what_can_be_done_now():
    page = a_visitor().get("/")
    assert page.status_code == 200
    assert f'href="/items/{ITEM}/"' in page.text
    assert "2 个地区已开通" in page.text


def test_the_zone_asks_the_database_a_fixed_number_of_questions(django_assert_num_queries):
    for number in range(40, 80):
        BaseItem.objects.create(key=f"kstb-2-{number}", batch=2, number=number, name="示例", scenario="", lead_unit="")
    with django_assert_num_queries(4):
        a_visitor().get("/")


def test_without_scripts_a_place_is_chosen_level_by_level():
    page = a_visitor().get("/", {"from": "340000000000", "narrow": "from"}).text
    assert '<option value="340100000000">合肥市</option>' in page
    page = a_visitor().get("/", {"from": ["340000000000", HEFEI], "narrow": "from"}).text
    assert f'<option value="{FEIXI}">肥西县</option>' in page


def test_a_city_left_over_from_another_province_is_not_meant():
    page = a_visitor().get("/items/", {"from": ["310000000000", HEFEI, FEIXI]})
    assert page.context["where"].here == "310000000000"


def test_the_selects_can_ask_for_the_places_under_one():
    assert a_visitor().get("/places/", {"under": "310000000000"}).json() == [[XUHUI, "徐汇区"]]
    assert a_visitor().get("/places/", {"under": "x"}).status_code == 422


def test_an_item_is_found_by_its_words():
    page = a_visitor().get("/items/", {"q": "个体工商户"}).text
    assert "个体工商户设立登记" in page
    assert "没有找到相关事项" not in page


def test_a_search_without_result_says_what_to_do():
    assert "拨打 12345" in a_visitor().get("/items/", {"q": "飞碟"}).text


def test_the_guide_names_both_places_the_modes_and_the_agreement():
    page = guide(**{"from": FEIXI, "at": XUHUI}).text
    assert "可以办" in page
    assert "安徽省合肥市肥西县" in page
    assert "上海市徐汇区" in page
    assert "全程网办" in page
    assert Agreement.objects.get().name in page
    assert f"/items/{ITEM}/begin/?from={FEIXI}&amp;at={XUHUI}" in page


def test_without_an_agreement_the_guide_says_no_and_where_to_ask():
    Agreement.objects.all().delete()
    page = guide(**{"from": FEIXI, "at": XUHUI}).text
    assert "现在还不能跨省办" in page
    assert "拨打办理地 12345" in page
    assert "/begin/" not in page


def test_the_guide_marks_what_is_invented_and_says_how_old_the_copy_is():
    page = guide(at=XUHUI).text
    assert '<span class="source-example">示例</span>' in page
    assert "以下是<strong>上海市</strong>的办理标准" in page
    assert "第 1 版" in page


def test_without_a_place_the_guide_asks_for_one_and_shows_this_provinces_standard():
    page = guide().text
    assert "还没有选择办理地" in page
    assert "<strong>安徽省</strong>" in page


def test_an_item_without_a_standard_says_whom_to_ask():
    BaseItem.objects.create(key="kstb-9-1", batch=3, number=9, name="某事", scenario="某场景", lead_unit="某厅")
    page = a_visitor().get("/items/kstb-9-1/").text
    assert "各地还没有发布" in page
    assert "某场景" in page


def test_an_unknown_item_is_a_page_that_is_not_there():
    assert a_visitor().get("/items/kstb-0-0/").status_code == 404


def test_the_hub_hands_a_person_over_to_the_node_where_he_is(settings):
    settings.NODE = "00"
    page = guide(**{"from": FEIXI, "at": XUHUI}).text
    assert "到所在地的专区办理" in page
    assert "/begin/" not in page


def test_a_countys_matter_needs_a_county():
    page = guide(**{"from": FEIXI, "at": "310000000000"}).text
    assert "选到区县，才能确定由哪个机关办理" in page
    assert "/begin/" not in page


def test_what_is_received_nowhere_near_is_not_offered():
    page = guide(**{"from": XUHUI, "at": XUHUI}).text
    assert "/begin/" not in page
    assert "到所在地的专区办理" in page


def test_what_a_city_decides_needs_a_city_and_what_a_county_decides_a_county(settings):
    publish("kstb-1-24", authority={**item_content("kstb-1-24")["authority"], "level": 3})

    def next_step(place: str, key: str) -> str:
        return a_visitor().get(f"/items/{key}/", {"from": place, "at": place}).context["way"].next

    assert next_step("340000000000", "kstb-1-24") == "deeper"
    assert next_step(HEFEI, "kstb-1-24") == "begin"
    assert next_step(HEFEI, ITEM) == "deeper"


def test_who_signs_and_who_may_withdraw_alone_stands_in_the_guide():
    publish("kstb-3-04")
    page = a_visitor().get("/items/kstb-3-04/", {"from": FEIXI, "at": FEIXI}).text
    assert "各自签名" in page
    assert "签名的人须同一天到窗口" in page
    assert "任何一方都可以单独撤回申请" in page
