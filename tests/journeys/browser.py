"""A person with a browser: phone or desk, with scripts or without, watched for whatever a page does wrong."""

import json
import re
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, Page, expect

ROOT = Path(__file__).resolve().parents[2]
AXE = ROOT / "node_modules" / "axe-core"
ARTIFACTS = ROOT / "artifacts" / "pages"
CHROMIUM = "/usr/bin/chromium"
PASSWORD = "tongban-demo"
PHONE, DESK, NARROW = (390, 844), (1280, 900), (320, 640)
RELOADS = 120
EXPECTED = re.compile(r"the server responded with a status of (403|404|409|422|429)")

LOOK = """async (locale) => {
  axe.configure({ locale });
  const found = await axe.run(document, { resultTypes: ["violations"] });
  return found.violations.map((one) => one.id + ": " + one.help + " " + one.nodes.map((node) => node.html).join(" | "));
}"""
PLACEHOLDER_ONLY = """() => [...document.querySelectorAll("input, select, textarea")]
  .filter((one) => one.type !== "hidden" && !one.labels?.length && !one.getAttribute("aria-label"))
  .map((one) => one.outerHTML)"""
SMALL = """() => [...document.querySelectorAll("button, .btn, select, input:not([type=hidden]), summary, nav a")]
  .filter((one) => one.offsetParent && !one.closest(".visually-hidden") && !one.matches(".skip"))
  .map((one) => [one.closest("label") || one, one])
  .filter(([target]) => target.getBoundingClientRect().height < 43.5)
  .map(([target]) => target.outerHTML.slice(0, 120))"""


class Visitor:
    """One browser window. A script error or an unexpected complaint of the browser fails the test that ends it."""

    def __init__(self, page: Page, base: str, *, label: str, scripts: bool) -> None:
        self.page, self.base, self.label, self.scripts = page, base, label, scripts
        self.complaints: list[str] = []
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("console", self._hear)
        page.set_default_timeout(20_000)

    def _hear(self, message) -> None:
        if message.type in ("error", "warning") and not EXPECTED.search(message.text):
            self.complaints.append(f"{self.page.url}: {message.text}")

    def go(self, path: str) -> None:
        self.page.goto(self.base + path)

    def log_in(self, username: str, next_path: str = "/") -> None:
        self.go(f"/login/?next={next_path}")
        self.fill_in_log_in(username)

    def fill_in_log_in(self, username: str) -> None:
        self.page.get_by_label("账号", exact=True).fill(username)
        self.page.get_by_label("密码", exact=True).fill(PASSWORD)
        self.press("登录")

    def press(self, name: str) -> None:
        self.page.get_by_role("main").get_by_role("button", name=name).first.click()

    def follow(self, name: str) -> None:
        self.page.get_by_role("main").get_by_role("link", name=name).first.click()

    def sees(self, text: str, *, within: float = 10) -> None:
        expect(self.page.get_by_role("main")).to_contain_text(text, timeout=within * 1000)

    def reload_until(self, path: str, *, shows: str = "", hides: str = "") -> None:
        """Pages of an office, and all pages without scripts, do not move by themselves."""
        for _ in range(RELOADS):
            self.go(path)
            text = self.page.get_by_role("main").inner_text()
            if shows in text and (not hides or hides not in text):
                return
            self.page.wait_for_timeout(500)
        raise AssertionError(f"{path} never showed {shows or 'the end of ' + hides}")

    def look(self, name: str) -> None:
        """Keep a picture; nothing runs over the edge; axe, labels and the size of targets find nothing wrong."""
        ARTIFACTS.mkdir(parents=True, exist_ok=True)
        self.page.screenshot(path=ARTIFACTS / f"{name}-{self.label}.png", full_page=True)
        if not self.scripts:
            return
        width = self.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert width <= 0, f"{name} runs {width} px over the edge"
        self.page.evaluate((AXE / "axe.min.js").read_text("utf-8"))
        assert self.page.evaluate(LOOK, json.loads((AXE / "locales" / "zh_CN.json").read_text("utf-8"))) == []
        assert self.page.evaluate(PLACEHOLDER_ONLY) == []
        assert self.page.evaluate(SMALL) == []


@contextmanager
def visitor(chromium: Browser, base: str, size: tuple[int, int] = DESK, *, scripts: bool = True):
    context = chromium.new_context(
        viewport={"width": size[0], "height": size[1]}, java_script_enabled=scripts, locale="zh-CN", bypass_csp=False
    )
    label = {PHONE: "phone", DESK: "desk", NARROW: "narrow"}[size] + ("" if scripts else "-plain")
    found = Visitor(context.new_page(), base, label=label, scripts=scripts)
    try:
        yield found
        assert found.complaints == []
    finally:
        context.close()
