"""An operator registers an organ and an officer; the officer comes in with his code and chooses a password."""

import pytest

from tests.journeys.browser import DESK, PHONE, visitor
from tongban.base.identifiers import demo_credit_code

pytestmark = [pytest.mark.browser, pytest.mark.journey]

OWN = "a lake in the hills"


def fill(window, **boxes) -> None:
    for label, text in boxes.items():
        window.page.get_by_label(label).first.fill(text)


def send(window) -> None:
    window.page.get_by_role("main").locator("form button[type=submit]").last.click()
    window.page.wait_for_load_state("networkidle")


def register_an_organ(operator, code: str, kind: str) -> None:
    operator.go("/ops/organs/")
    operator.look("ops-organs")
    operator.follow("登记机构")
    operator.press("保存")
    operator.sees("处需要修改")
    operator.look("ops-organ-faulty")
    fill(operator, 统一社会信用代码=code, 机构名称="示例公证处", 电话="0551-62345678", 值班联系人="示例某某")
    operator.page.get_by_label("机构类别").select_option(kind)
    operator.page.get_by_label("所在地区：省份").select_option("340000000000")
    operator.page.get_by_label("所在地区：城市").select_option("340800000000")
    operator.page.get_by_label("所在地区：区县").select_option("340882000000")
    operator.page.get_by_label("其他", exact=True).check()
    operator.press("保存")
    operator.sees("机构已经登记")
    operator.look("ops-organ")


def register_an_officer(operator, username: str, name: str) -> None:
    operator.follow("在本机构登记人员")
    operator.look("ops-member-new")
    fill(operator, 账号=username, 姓名=name)
    operator.page.get_by_label("承办人员", exact=True).check()
    operator.press("保存")
    operator.sees("现在没有授权")
    operator.look("ops-member-bare")
    operator.follow("增加授权")
    operator.page.get_by_label("事项", exact=True).select_option("kstb-1-37")
    for act in ("受理", "准予", "不予"):
        operator.page.get_by_label(act, exact=True).check()
    operator.look("ops-right")
    operator.press("授权")
    operator.sees("在安徽省，办理个体工商户设立登记")


@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
def test_an_officer_is_registered_comes_in_with_his_code_and_is_gone_again(federation, chromium, size):
    here, running, kind = federation.url("34"), size[0], "notary" if size == DESK else "justice"
    username, name = f"sun-{running}", "示例孙明" if size == DESK else "示例孙亮"
    with visitor(chromium, here, size) as operator, visitor(chromium, here, size) as officer:
        operator.log_in("operator-34", "/ops/")
        register_an_organ(operator, demo_credit_code(node="34", kind="12", running=running), kind)
        register_an_officer(operator, username, name)
        operator.press("发放登录码")
        code = operator.page.locator(".code-large").inner_text()
        operator.look("ops-code")
        come_in(officer, username, code)
        operator.follow("已经交给本人")
        operator.sees("在用")
        operator.look("ops-member")
        operator.go("/ops/staff/")
        fill(operator, **{"姓名或账号的开头": "示例孙"})
        operator.press("查找")
        operator.sees(name)
        operator.look("ops-staff")
        operator.follow(name)
        fill(operator, 离岗日期="2026-01-31")
        operator.press("办理离岗")
        operator.sees("已离岗")
        operator.look("ops-member-gone")
        officer.go("/office/")
        officer.sees("登录")


def come_in(officer, username: str, code: str) -> None:
    officer.go("/login/?next=/office/")
    fill(officer, 账号=username, 密码=code)
    officer.press("登录")
    officer.sees("设置密码")
    fill(officer, 新密码="1234567890", 再输入一遍新密码="1234567891")
    send(officer)
    officer.sees("处需要修改")
    officer.look("choose-password")
    fill(officer, 新密码=OWN, 再输入一遍新密码=OWN)
    send(officer)
    officer.sees("待办办件")
    officer.go("/password/")
    officer.look("change-password")


@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
def test_after_wrong_passwords_the_page_says_when_to_come_back(federation, chromium, size):
    with visitor(chromium, federation.url("34"), size) as guest:
        for _ in range(6):
            guest.go("/login/")
            fill(guest, 账号=f"nobody-{size[0]}", 密码="wrong")
            guest.press("登录")
        guest.sees("以后再试")
        guest.look("log-in-paused")
