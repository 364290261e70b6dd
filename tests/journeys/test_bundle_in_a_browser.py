"""一件事 with a real browser: from the event to the page of all parts, at a desk, on a phone, without scripts."""

import pytest

from tests.journeys.browser import DESK, NARROW, PHONE, visitor

pytestmark = [pytest.mark.browser, pytest.mark.journey]

FEIXI = "340123000000"


@pytest.fixture
def scan(tmp_path):
    path = tmp_path / "scan.pdf"
    path.write_bytes(b"%PDF-1.4\n% example\n")
    return path


@pytest.mark.parametrize("size", [DESK, PHONE, NARROW], ids=["desk", "phone", "narrow"])
def test_the_events_are_accessible_at_every_size(federation, chromium, size):
    with visitor(chromium, federation.url("34"), size) as person:
        for path, name in (
            ("/bundles/", "events"),
            ("/bundles/newborn/", "event"),
            (f"/bundles/marriage/?from={FEIXI}&at={FEIXI}", "event-at"),
        ):
            person.go(path)
            person.sees("一件事")
            person.look(name)


def walk(person, scan) -> None:
    """From the front door to one handing in, on the pages alone."""
    person.go("/")
    person.follow("失业登记和失业保险金")
    person.follow("开始办理")
    person.fill_in_log_in("citizen-34-2")
    if not person.scripts:
        person.page.goto(f"{person.base}/bundles/unemployed/begin/?from={FEIXI}")
    else:
        for depth, code in enumerate(("340000000000", "340100000000", FEIXI)):
            person.page.locator('select[name="from"]').nth(depth).select_option(code)
    person.press("开始填写")
    person.look("bundle-situations")
    person.press("登记失业，再领失业保险金")
    person.sees("已填入示例")
    person.press("保存，下一步")
    person.sees("按您的情形，要办这几项")
    person.look("bundle-parts")
    person.press("接着填写")
    person.look("bundle-form")
    person.press("保存，下一步")
    for number in range(person.page.locator('input[type="file"]').count()):
        person.page.locator('input[type="file"]').nth(number).set_input_files(scan)
    person.look("bundle-papers")
    person.press("保存，下一步")
    person.sees("承诺与提交")
    person.look("bundle-check")
    person.page.get_by_label("我承诺").check()
    person.press("一次提交")
    person.sees("各项办到哪一步")
    person.look("bundle-made")


@pytest.mark.parametrize(
    ("size", "scripts"), [(DESK, True), (PHONE, True), (DESK, False)], ids=["desk", "phone", "no-scripts"]
)
def test_one_handing_in_and_one_page_for_all_parts(federation, chromium, scan, size, scripts):
    with visitor(chromium, federation.url("34"), size, scripts=scripts) as person:
        walk(person, scan)
        address = person.page.url.removeprefix(person.base)
        person.reload_until(address, shows="已答复")
        person.sees("“失业登记”办成以后，系统会自动提交这一项")
        person.look("bundle-answered")
        person.press("不办这一项")
        person.sees("已不再办理：申领失业保险金")
        person.go("/my/")
        person.sees("失业登记和失业保险金一件事")
        person.look("bundle-mine")
