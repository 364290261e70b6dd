"""A person in Anhui and an officer in Shanghai, each with a real browser on a real node."""

import re

import pytest

from tests.journeys.browser import DESK, NARROW, PHONE, visitor

pytestmark = [pytest.mark.browser, pytest.mark.journey]

FEIXI, XUHUI = "340123000000", "310104000000"
ITEM = "kstb-1-37"
PROMPT = 2.0


@pytest.fixture
def scan(tmp_path):
    path = tmp_path / "scan.pdf"
    path.write_bytes(b"%PDF-1.4\n% example\n")
    return path


def apply(person, scan) -> str:
    """From the guide to the receipt, on the pages alone; gives the case's id."""
    person.go(f"/items/{ITEM}/?from={FEIXI}&at={XUHUI}")
    person.look("guide")
    person.follow("在线办理")
    person.fill_in_log_in("citizen-34-1")
    person.look("begin")
    person.press("开始填写")
    person.press("保存，下一步")
    person.sees("有 3 处需要修改")
    person.look("situations-faulty")
    for choice in ("个人经营", "实体场所", "没有"):
        person.page.get_by_label(choice, exact=True).check()
    person.press("保存，下一步")
    person.page.get_by_label("经营场所详细地址").fill("示例路1号")
    person.page.get_by_label("经营范围").fill("小吃服务")
    person.press("保存，下一步")
    person.sees("从业人数：这一项必须填写")
    person.look("form-faulty")
    person.page.get_by_label("从业人数").fill("2")
    person.press("保存，下一步")
    for material in ("application", "premises_proof"):
        person.page.locator(f"#m-{material}").set_input_files(scan)
    person.press("只上传")
    person.look("materials")
    person.press("保存，下一步")
    person.look("check")
    person.page.get_by_label("我承诺").check()
    person.press("提交申请")
    person.sees("申请已经收到")
    person.look("receipt")
    person.follow("查看进展")
    return re.search(r"/cases/([0-9a-f-]{36})/", person.page.url).group(1)


def act(officer, case: str, name: str, **typed: str) -> None:
    officer.go(f"/office/cases/{case}/acts/{name}/")
    for field, text in typed.items():
        officer.page.locator(f'[name="{field}"]').fill(text)
    officer.page.get_by_role("main").locator("form button[type=submit]").last.click()
    officer.page.wait_for_url(f"**/office/cases/{case}/")


def ask_correction(officer, case: str) -> None:
    officer.go(f"/office/cases/{case}/acts/ask_correction/")
    for target, problem in (("field:address", "请写到门牌号"), ("material:premises_proof", "没有签章")):
        officer.page.locator(f'[name="target"][value="{target}"]').check()
        officer.page.locator(f'[name="problem:{target}"]').fill(problem)
    officer.page.get_by_role("main").locator("form button[type=submit]").last.click()
    officer.page.wait_for_url(f"**/office/cases/{case}/")


@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
def test_each_step_of_the_officer_is_on_the_persons_page_within_two_seconds(federation, chromium, scan, size):
    with (
        visitor(chromium, federation.url("34"), size) as person,
        visitor(chromium, federation.url("31")) as officer,
    ):
        case = apply(person, scan)
        person.sees("待受理")
        person.look("case-submitted")
        officer.log_in("officer-31")
        ask_correction(officer, case)
        person.sees("请补正下面的内容", within=PROMPT)
        person.look("case-correcting")
        person.page.get_by_label("经营场所详细地址").fill("示例路1号101室")
        person.page.locator("input[type=file]").set_input_files(scan)
        person.press("提交补正内容")
        person.sees("您已提交补正内容")
        act(officer, case, "accept")
        person.sees("办理中", within=PROMPT)
        person.look("case-accepted")
        act(officer, case, "grant")
        person.sees("作出准予决定", within=PROMPT)
        person.look("case-granted")
        person.follow("准予决定书")
        frame = person.page.frame_locator("iframe")
        assert "本机关决定准予" in frame.locator("main").inner_text()
        person.look("document")
        person.go("/my/")
        person.look("my")


def test_everything_can_be_done_without_scripts(federation, chromium, scan):
    with visitor(chromium, federation.url("34"), NARROW, scripts=False) as person:
        case = apply(person, scan)
        person.reload_until(f"/cases/{case}/", shows="待受理")
        person.page.locator("summary", has_text="撤回申请").click()
        person.page.locator("#sure").check()
        person.press("撤回申请")
        person.reload_until(f"/cases/{case}/", shows="已撤回")


def test_places_are_chosen_level_by_level_without_scripts(federation, chromium):
    with visitor(chromium, federation.url("34"), NARROW, scripts=False) as person:
        person.go("/")
        for level, name in (("省份", "安徽省"), ("城市", "合肥市"), ("区县", "肥西县")):
            person.page.get_by_label(f"我在哪里：{level}").select_option(label=name)
            if level != "区县":
                person.page.locator('button[name="narrow"][value="from"]').click()
        person.page.get_by_label("办什么事").fill("个体户")
        person.page.get_by_role("button", name="查一查怎么办").click()
        person.sees("我在安徽省合肥市肥西县")
        person.sees("个体工商户设立登记")


@pytest.mark.parametrize("size", [DESK, PHONE, NARROW], ids=["desk", "phone", "narrow"])
def test_the_public_pages_are_accessible_at_every_size(federation, chromium, size):
    with visitor(chromium, federation.url("34"), size) as person:
        for name, path in (
            ("zone", "/"),
            ("items", "/items/?q=社保"),
            ("guide-plain", "/items/kstb-1-01/"),
            ("guide-joint", f"/items/kstb-2-03/?from={FEIXI}&at={XUHUI}"),
            ("login", "/login/"),
            ("not-found", "/nowhere/"),
        ):
            person.go(path)
            person.look(name)


def test_the_selects_follow_each_other_with_scripts(federation, chromium):
    with visitor(chromium, federation.url("34"), PHONE) as person:
        person.go("/")
        for level, name in (("省份", "上海市"), ("区县", "徐汇区")):
            person.page.get_by_label(f"事在哪里办：{level}").select_option(label=name)
        person.look("zone-chosen")
        person.page.get_by_role("button", name="查一查怎么办").click()
        person.sees("事在上海市徐汇区办")


def test_a_query_to_several_places_is_answered_on_one_page(federation, chromium):
    with visitor(chromium, federation.url("34")) as person:
        person.log_in("citizen-34-2")
        person.go(f"/items/kstb-1-06/begin/?from={FEIXI}&at={XUHUI}")
        person.press("开始填写")
        person.press("本人查询，两个参保地")
        person.press("保存，下一步")
        person.press("保存，下一步")
        person.page.get_by_label("我承诺").check()
        person.press("提交申请")
        person.follow("查看进展")
        person.sees("向 2 个地区查询，2 个已答复")
        person.look("query")
        federation.stop("31")
        try:
            person.go(f"/items/kstb-1-06/begin/?from={FEIXI}&at={XUHUI}")
            person.press("开始填写")
            person.press("本人查询，两个参保地")
            person.press("保存，下一步")
            person.press("保存，下一步")
            person.page.get_by_label("我承诺").check()
            person.press("提交申请")
            person.sees("申请已经收到")
            person.follow("查看进展")
            person.sees("1 个已答复，1 个还没有答复")
            person.sees("021-12345")
            person.look("query-silent")
        finally:
            federation.restart("31")
        person.sees("2 个已答复", within=60)
