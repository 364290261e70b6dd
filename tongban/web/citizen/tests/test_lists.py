"""The public list: what holds today, its changes, its registers."""

import csv
import io
import json
from xml.etree import ElementTree

import pytest

from tongban.catalogue import actions
from tongban.catalogue.tests.build import OPERATOR, a_content, publish

pytestmark = pytest.mark.django_db
ATOM = "{http://www.w3.org/2005/Atom}"


def two_versions():
    publish()
    content = a_content(result={**a_content()["result"], "name": "电子营业执照", "sample": "示例"})
    actions.publish(OPERATOR, content=content, why="改发电子证照")


def test_the_list_shows_today_beside_the_plan(client, django_assert_max_num_queries):
    publish()
    client.get("/list/")
    with django_assert_max_num_queries(4):
        page = client.get("/list/").text
    assert "140 项中 1 项可以办理" in page
    assert "方案原文" in page
    assert "已调整" in page


def test_programs_read_the_list_as_csv_and_json(client):
    publish()
    text = client.get("/list/items.csv").content.decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text)))
    assert (len(rows), rows[36]["今天的状况"], rows[36]["标准版本"]) == (140, "可以办理", "1")
    found = json.loads(client.get("/list/items.json").content)
    assert (found["province"], found["items"][36]["key"]) == ("34", "kstb-1-37")


def test_the_change_log_says_what_and_why(client):
    two_versions()
    page = client.get("/list/changes/").text
    assert "安徽省发布第 2 版标准" in page
    assert "改发电子证照" in page


def test_readers_can_subscribe_to_the_changes(client):
    two_versions()
    root = ElementTree.fromstring(client.get("/list/changes.atom").content)
    entries = root.findall(f"{ATOM}entry")
    assert [entry.find(f"{ATOM}summary").text for entry in entries] == ["改发电子证照", None]
    assert len({entry.find(f"{ATOM}id").text for entry in entries}) == 2


def test_two_versions_are_compared_in_words(client):
    two_versions()
    page = client.get("/items/kstb-1-37/versions/").text
    assert "结果" in page
    assert "电子营业执照" in page
    same = client.get("/items/kstb-1-37/versions/?a=2&b=2").text
    assert "没有区别" in same


def test_the_register_of_what_is_forced_on_site_names_the_article(client):
    publish("kstb-3-02")
    page = client.get("/list/on-site/").text
    assert "首次申领居民身份证" in page
    assert "《中华人民共和国居民身份证法》第三条" in page


def test_what_was_reduced_is_set_beside_the_ordinary_way(client):
    publish()
    page = client.get("/list/reductions/").text
    assert "2 → 0 次" in page
    assert "个体工商户设立登记" in page


def test_every_fact_of_an_item_shows_where_it_comes_from(client):
    publish()
    page = client.get("/list/sources/?item=kstb-1-37")
    assert page.context["one"][1].sourced > 10
    assert "示例" in page.text


@pytest.mark.parametrize(
    "path", ["/list/changes/?before=x", "/list/?province=99", "/items/kstb-1-37/versions/?a=9&b=x"]
)
def test_what_cannot_be_asked_is_passed_over(client, path):
    publish()
    assert client.get(path).status_code == 200
