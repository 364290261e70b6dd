"""A person in Anhui sees who opened his papers in Shanghai, also when Shanghai is away for a while."""

import re

import pytest

from tests.journeys.browser import DESK, PHONE, visitor

pytestmark = [pytest.mark.browser, pytest.mark.journey]

FEIXI, XUHUI = "340123000000", "310104000000"
SECONDS = 60
SILENT = "上海市没有答复"


def hand_in(person) -> str:
    """A query to Shanghai and Anhui, which needs no papers; gives the id of the case in Shanghai."""
    person.log_in("citizen-34-3")
    person.go(f"/items/kstb-1-06/begin/?from={FEIXI}&at={XUHUI}")
    person.press("开始填写")
    person.press("本人查询，两个参保地")
    person.press("保存，下一步")
    person.press("保存，下一步")
    person.page.get_by_label("我承诺").check()
    person.press("提交申请")
    person.follow("查看进展")
    person.sees("2 个已答复", within=SECONDS)
    person.go("/my/looks/")
    shown = person.page.get_by_role("main").locator("article", has_text="归上海市").first
    address = shown.get_by_role("link").first.get_attribute("href")
    return re.search(r"/cases/([0-9a-f-]{36})/", address).group(1)


def open_dossier(officer, case: str) -> None:
    officer.go(f"/office/cases/{case}/dossier/")
    officer.press("登记并查看")
    officer.sees("申请人")


def reload_until(person, text: str, *, gone: bool = False) -> None:
    """What was told a moment ago is shown again; what is older is asked for anew."""
    for _ in range(SECONDS):
        person.go("/my/looks/")
        if (text in person.page.get_by_role("main").inner_text()) is not gone:
            return
        person.page.wait_for_timeout(2000)
    raise AssertionError(f"the page {'still shows' if gone else 'never showed'} {text}")


def test_a_look_in_shanghai_is_on_the_persons_page_in_anhui(federation, chromium):
    with (
        visitor(chromium, federation.url("34"), DESK) as person,
        visitor(chromium, federation.url("34"), PHONE) as phone,
        visitor(chromium, federation.url("31")) as officer,
    ):
        case = hand_in(person)
        phone.log_in("citizen-34-3")
        person.sees("没有查看记录")
        officer.log_in("officer-31")
        open_dossier(officer, case)
        reload_until(person, "用于：审查本办件")
        look(person, phone, "/my/looks/", "looks")
        look(person, phone, f"/cases/{case}/looks/", "case-looks")
        federation.stop("31")
        try:
            reload_until(person, SILENT)
            person.sees("上海市上次答复是")
            person.sees("用于：审查本办件")
            look(person, phone, "/my/looks/", "looks-silent")
        finally:
            federation.restart("31")
        reload_until(person, SILENT, gone=True)


def look(person, phone, path: str, name: str) -> None:
    for window in (person, phone):
        window.go(path)
        window.sees("查看记录")
        window.look(name)
