"""A person whose part was refused at another place answers on his phone, without scripts; the pages stand the look."""

import pytest

from journey.clients import Cast
from journey.items import Item, Places
from journey.ledger import Ledger
from journey.outcomes import flow, turns
from journey.planning import fetch_items, wait_until_published
from journey.play import Plan, Play
from tests.journeys.browser import DESK, PHONE, visitor

pytestmark = pytest.mark.browser

PLACES = Places(origin="34", home="31", other="34", third="34")


@pytest.fixture
def asked(federation):
    """A case at home in 31, handed in at 34: one of two places has refused, and the person sees the question."""
    cast = Cast({code: federation.url(code) for code in federation.nodes}, patience=60, seed=7)
    [item] = fetch_items(cast, "34", ["kstb-1-07"])
    wait_until_published(cast, ["34", "31"], [item], seconds=60)
    play = Play(Plan(item, "online", "asked", PLACES, _with_two_places(item), "1"), cast, Ledger(), 60)
    for turn in (turns.hand_in, turns.received, turns.accept):
        turn(play)
    for _ in flow.refused_elsewhere("ask_applicant")(play):
        pass
    play.until(play.applicant, lambda view: bool(view.asked), "the question")
    yield play
    cast.close()


def _with_two_places(item: Item) -> int:
    return next(number for number, example in enumerate(item.examples) if len(example["answers"]["from_places"]) == 2)


@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
def test_the_question_is_answered_without_scripts_and_nobody_waits_any_more(asked, federation, chromium, size):
    page = f"/cases/{asked.case}/"
    with visitor(chromium, federation.url("34"), size) as person:
        person.log_in("citizen-34-1", page)
        person.sees("请您选择")
        person.look("citizen-asked")
    with visitor(chromium, federation.url("31"), size) as officer:
        officer.log_in("officer-31", f"/office{page}")
        officer.sees("正在等申请人选择")
        officer.look("officer-asked")
    with visitor(chromium, federation.url("34"), size, scripts=False) as person:
        person.log_in("citizen-34-1", page)
        person.press("提交我的选择")
        person.sees("请选择一项后再提交")
        person.page.get_by_label("继续办理其余部分").check()
        person.press("提交我的选择")
        person.sees("您的选择已经提交")
    asked.until(asked.officer, lambda view: not view.asked, "the choice")
    with visitor(chromium, federation.url("31"), size) as officer:
        officer.log_in("officer-31", f"/office{page}")
        officer.sees("继续办理其余部分")
        officer.look("officer-answered")
