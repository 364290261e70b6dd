"""A standard is drafted, reviewed, answered and published by three offices of a province, each with a real browser."""

import pytest

from tests.journeys.browser import DESK, PHONE, visitor

pytestmark = [pytest.mark.browser, pytest.mark.journey]


def begin(drafter, item: str) -> str:
    """A draft of the item, with the text of its version in force; gives its address."""
    drafter.log_in("drafter-34", "/drafts/")
    drafter.follow("起草标准")
    drafter.page.get_by_label("事项", exact=True).select_option(item)
    drafter.look("drafts-new")
    drafter.press("开始起草")
    drafter.sees("文本取自现行版本")
    return drafter.page.url.removeprefix(drafter.base).removesuffix("text/")


def write(drafter) -> None:
    """First with a fault, which is told by its line, then without."""
    box = drafter.page.get_by_label("标准的文本")
    text = box.input_value()
    box.fill(text.replace('pattern = "', 'pattern = "un'))
    drafter.press("保存并检查")
    drafter.sees("第 3 行")
    drafter.look("drafts-text")
    drafter.page.get_by_label("标准的文本").fill(text.replace("topics = [", 'topics = ["示例主题", '))
    drafter.press("保存并检查")
    drafter.sees("没有发现需要修改的地方")


def send(drafter, address: str) -> None:
    drafter.go(address)
    drafter.follow("送审")
    drafter.page.get_by_label("修改的原因和主要内容").fill("增加主题词（示例）")
    drafter.look("drafts-send")
    drafter.press("送审")
    drafter.sees("待牵头单位审核")


def ask_units(lead, address: str) -> None:
    lead.log_in("lead-34", "/drafts/")
    lead.sees("等您办理")
    lead.look("drafts-list")
    lead.go(address)
    lead.page.locator("summary", has_text="逐字改动").click()
    lead.sees("示例主题")
    lead.look("drafts-review")
    lead.go(address + "guide/")
    lead.look("drafts-guide")
    lead.go(address)
    lead.follow("通过初审，征求意见")
    lead.look("drafts-consult")
    lead.press("通过初审，征求意见")
    lead.sees("征求意见中")


def say(unit, address: str) -> None:
    unit.log_in("unit-34", address)
    unit.follow("反馈意见")
    unit.page.get_by_label("同意，有修改意见").check()
    unit.look("drafts-opine")
    unit.press("反馈意见")
    unit.sees("必须填写")
    unit.page.get_by_label("意见内容").fill("请核对主题词（示例）")
    unit.press("反馈意见")
    unit.sees("意见已反馈")


def settle(lead, address: str) -> None:
    lead.go(address)
    lead.follow("答复意见")
    lead.sees("请核对主题词")
    lead.page.get_by_label("不采纳", exact=True).check()
    lead.page.get_by_label("答复", exact=True).fill("已核对（示例）")
    lead.look("drafts-answer")
    lead.press("答复意见")
    lead.look("drafts-settled")
    lead.follow("通过审核，确定公布日期")
    lead.look("drafts-schedule")
    lead.press("通过审核，确定公布日期")
    lead.sees("到期由系统公布")


@pytest.mark.parametrize(("size", "item"), [(DESK, "kstb-1-34"), (PHONE, "kstb-1-35")], ids=["desk", "phone"])
def test_a_standard_is_drafted_together_and_published_on_its_day(federation, chromium, size, item):
    here = federation.url("34")
    with (
        visitor(chromium, here, size) as drafter,
        visitor(chromium, here, size) as lead,
        visitor(chromium, here, size) as unit,
    ):
        address = begin(drafter, item)
        write(drafter)
        send(drafter, address)
        ask_units(lead, address)
        say(unit, address)
        settle(lead, address)
        drafter.reload_until(address, shows="已公布")
        drafter.look("drafts-published")
        drafter.go(f"/items/{item}/versions/?province=34")
        drafter.sees("增加主题词（示例）（安徽省数据资源管理局")
