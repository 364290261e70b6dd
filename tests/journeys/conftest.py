"""What journeys share: one federation of real processes, and one browser, for all that only look at pages."""

import time
import urllib.request

import pytest
from playwright.sync_api import sync_playwright

from launch.federation import temporary
from tests.journeys.browser import CHROMIUM


@pytest.fixture(scope="session")
def federation():
    with temporary(mode="demo") as running:
        for at, home in (("34", "310104000000"), ("31", "340123000000")):
            _wait_until_offered(f"{running.url(at)}/items/kstb-2-68/?from={at}0000000000&at={home}")
        yield running


def _wait_until_offered(address: str, *, seconds: float = 60) -> None:
    """Standards and agreements travel by letter: after the start it takes a moment until all nodes know them."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        with urllib.request.urlopen(address) as answer:
            if "可以办" in answer.read().decode():
                return
        time.sleep(0.5)
    raise TimeoutError(address)


@pytest.fixture(scope="session")
def chromium():
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield browser
        browser.close()
