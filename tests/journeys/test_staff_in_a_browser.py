"""A counter in Anhui, an office in Shanghai and an operator, each with a real browser on a real node."""

import re
from datetime import date

import pytest

from tests.journeys.browser import DESK, NARROW, PASSWORD, PHONE, visitor
from tongban.base.identifiers import demo_identity_number

pytestmark = [pytest.mark.browser, pytest.mark.journey]

XUHUI = "310104000000"


@pytest.fixture
def scan(tmp_path):
    path = tmp_path / "scan.pdf"
    path.write_bytes(b"%PDF-1.4\n% example\n")
    return path


def number_of(node: str = "34") -> str:
    return demo_identity_number(node=node, birth_date=date(1986, 3, 12), running=102)


def begin_intake(clerk, *, look: bool = True) -> str:
    """Find the item for Shanghai and begin; gives the intake's id."""
    clerk.log_in("clerk-34", "/counter/")
    clerk.go(f"/counter/new/?q=个体工商户&place={XUHUI}")
    if look:
        clerk.look("counter-new")
    clerk.page.get_by_role("button", name=re.compile("异地代收代办.*个体工商户设立登记")).click()
    clerk.sees("上海市标准第 1 版")
    if look:
        clerk.look("counter-intake")
    return re.search(r"/intakes/([0-9a-f-]{36})/", clerk.page.url).group(1)


def press(clerk, name: str) -> None:
    """A button of the bar at the end of the intake."""
    clerk.page.locator(".finish").get_by_role("button", name=name, exact=True).click()
    clerk.page.wait_for_load_state("networkidle")


def choose(clerk, label: str) -> None:
    clerk.page.get_by_label(label, exact=True).check()
    if clerk.scripts:
        clerk.page.wait_for_load_state("networkidle")


def fill_intake(clerk, scan) -> None:
    for label in ("个人经营", "实体场所", "没有"):
        choose(clerk, label)
    clerk.page.get_by_label("姓名或名称").fill("示例王芳")
    clerk.page.get_by_label("证件号码").fill(number_of())
    clerk.page.locator("#file-application").set_input_files(scan)
    clerk.page.locator('[name="compared.application"]').check()
    press(clerk, "保存")
    clerk.sees("查验证件原件，人证一致")
    clerk.page.get_by_label("经营场所详细地址").fill("示例路1号")
    clerk.page.get_by_label("经营范围").fill("小吃服务")
    clerk.page.get_by_label("从业人数").fill("2")
    clerk.page.locator("#file-premises_proof").set_input_files(scan)


def send(window) -> None:
    """The last button of the form of an act."""
    window.page.get_by_role("main").locator("form button[type=submit]").last.click()
    window.page.wait_for_load_state("networkidle")


@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
def test_a_counter_receives_while_hub_and_home_are_away_and_the_rest_follows_by_itself(
    federation, chromium, scan, size
):
    with (
        visitor(chromium, federation.url("34"), size) as clerk,
        visitor(chromium, federation.url("31"), size) as officer,
    ):
        intake = begin_intake(clerk)
        press(clerk, "提交并出具收件凭证")
        clerk.sees("处需要修改")
        clerk.look("counter-intake-faulty")
        fill_intake(clerk, scan)
        clerk.look("counter-intake-filled")
        try:
            federation.stop("00")
            federation.stop("31")
            press(clerk, "提交并出具收件凭证")
            clerk.sees("待对方登记")
            clerk.look("counter-waiting")
            clerk.go(f"/counter/intakes/{intake}/papers/receipt/")
            assert "收件凭证" in clerk.page.inner_text("main")
            clerk.go("/counter/")
            clerk.sees("待对方登记")
            clerk.look("counter-desk")
        finally:
            federation.restart("31")
            federation.restart("00")
        case = f"/counter/cases/{intake}/"
        clerk.reload_until(case, shows="待受理")
        officer.log_in("officer-31", "/office/")
        officer.look("office-work")
        decide(officer, clerk, intake, scan)


def decide(officer, clerk, intake: str, scan) -> None:
    """A correction, its supplement from the counter, acceptance, the decision, and the result handed out."""
    home, case = f"/office/cases/{intake}/", f"/counter/cases/{intake}/"
    officer.go(home)
    officer.look("office-case")
    officer.follow("查看申请内容和材料")
    officer.look("office-purpose")
    officer.press("登记并查看")
    officer.sees(number_of())
    officer.look("office-dossier")
    officer.go(f"{home}acts/ask_correction/")
    officer.page.locator('[name="problem:field:scope"]').fill("写得太宽")
    officer.page.locator('[name="problem:material:premises_proof"]').fill("看不清")
    officer.look("office-correction")
    send(officer)
    clerk.reload_until(case, shows="请转告申请人补正")
    clerk.look("counter-correction")
    clerk.follow("替申请人提交补正")
    clerk.page.get_by_label("经营范围").fill("面点")
    clerk.page.locator("#m-premises_proof").set_input_files(scan)
    clerk.look("counter-supply")
    send(clerk)
    officer.reload_until(home, shows="提交补正")
    officer.reload_until(home, shows="现在可以办理")
    officer.go(f"{home}acts/accept/")
    officer.page.wait_for_timeout(2000)
    send(officer)
    officer.sees("办理中")
    officer.look("office-accepted")
    officer.go(f"{home}acts/transfer/")
    officer.look("office-transfer")
    officer.go(f"{home}acts/grant/")
    send(officer)
    clerk.reload_until(case, shows="已准予")
    clerk.follow("登记窗口发放结果")
    clerk.page.get_by_label("领取情况").fill("本人领取")
    send(clerk)
    clerk.reload_until(case, shows="已办结")
    clerk.look("counter-closed")


def test_an_intake_works_without_scripts(federation, chromium, scan):
    with visitor(chromium, federation.url("34"), NARROW, scripts=False) as clerk:
        begin_intake(clerk)
        for label in ("个人经营", "网络经营场所", "没有"):
            choose(clerk, label)
        press(clerk, "保存")
        clerk.sees("电子商务平台出具的网络经营场所证明")
        press(clerk, "保存，申请人稍后再来")
        clerk.sees("未登记")
        clerk.page.get_by_role("link", name="个体工商户设立登记").first.click()
        press(clerk, "当场退回，一次性告知")
        clerk.page.get_by_label("说明", exact=True).fill("缺平台证明")
        clerk.press("当场退回并出具告知单")
        clerk.sees("当场退回")
        clerk.look("counter-returned")


def test_two_officers_at_one_case_lose_nothing(federation, chromium, scan):
    with (
        visitor(chromium, federation.url("34")) as clerk,
        visitor(chromium, federation.url("31")) as first,
        visitor(chromium, federation.url("31"), PHONE) as second,
    ):
        intake = begin_intake(clerk, look=False)
        fill_intake(clerk, scan)
        press(clerk, "提交并出具收件凭证")
        home = f"/office/cases/{intake}/"
        clerk.reload_until(f"/counter/cases/{intake}/", shows="待受理")
        first.log_in("officer-31", home)
        second.log_in("officer2-31", f"{home}acts/decline/")
        second.page.get_by_label("理由").fill("经营场所不在本区")
        first.go(f"{home}acts/record/")
        first.page.get_by_label("备注", exact=True).check()
        first.page.get_by_label("说明").fill("已电话联系申请人")
        send(first)
        send(second)
        second.sees("有了新进展")
        assert second.page.get_by_label("理由").input_value() == "经营场所不在本区"
        second.look("office-overtaken")
        send(second)
        second.sees("不予受理")


def test_helping_a_person_shows_who_helps_whom(federation, chromium):
    with visitor(chromium, federation.url("34")) as clerk:
        clerk.log_in("clerk-34", "/counter/help/")
        clerk.look("counter-help")
        clerk.page.get_by_label("申请人的账号").fill("citizen-34-1")
        clerk.page.get_by_label("申请人的密码").fill(PASSWORD)
        clerk.press("开始帮办")
        clerk.page.get_by_text("帮办中").wait_for()
        clerk.look("counter-helping")
        clerk.go("/counter/")
        clerk.sees("您正在帮助申请人办理")
        clerk.look("counter-busy")
        clerk.press("结束帮办")
        clerk.sees("帮办已结束")
        clerk.go("/counter/partners/")
        clerk.look("counter-partners")


@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
def test_an_operator_sees_the_letters_of_every_peer(federation, chromium, size):
    with visitor(chromium, federation.url("34"), size) as operator:
        operator.log_in("operator-34", "/ops/")
        operator.reload_until("/ops/", shows="全部送达", hides="正在送达")
        operator.look("ops")
        operator.follow("上海市")
        operator.look("ops-peer")
        operator.press("马上再送一次")
        operator.sees("没有等待回执的信函")
