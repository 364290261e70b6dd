"""Several people in one case, as the counter, the officer and the person see them; the pages stand the look."""

import pytest

from journey.clients import Cast
from journey.items import Places
from journey.ledger import Ledger
from journey.outcomes import flow, signing, turns
from journey.planning import fetch_items, wait_until_published
from journey.play import SCHOOL, Plan, Play
from tests.journeys.browser import DESK, PHONE, visitor

pytestmark = [pytest.mark.browser, pytest.mark.journey]

ELSEWHERE = Places(origin="34", home="31", other="34", third="34")
HERE = Places(origin="34", home="34", other="31", third="31")
MARRIAGE, ENROLLED, PENSION = "kstb-3-03", "kstb-2-04", "kstb-1-14"


@pytest.fixture
def cast(federation):
    made = Cast({code: federation.url(code) for code in federation.nodes}, patience=60, seed=9)
    yield made
    made.close()


def a_play(cast: Cast, key: str, mode: str, places: Places, *, person: str, example: int = 0) -> Play:
    [item] = fetch_items(cast, "34", [key])
    wait_until_published(cast, ["34", "31"], [item], seconds=60)
    return Play(Plan(item, mode, "looked at", places, example, person), cast, Ledger(), 60)


@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
def test_both_sign_before_the_clerk_and_the_officer_sees_who_has(cast, federation, chromium, size):
    play = a_play(cast, MARRIAGE, "counter", HERE, person="1")
    play.fill_in()
    play.receiver.post(f"/api/v1/applications/{play.case}/signatures", {})
    with visitor(chromium, federation.url("34"), size) as clerk:
        clerk.log_in("clerk-34", f"/counter/intakes/{play.case}/")
        clerk.sees("签名")
        clerk.look("counter-intake-signers")
        clerk.go(f"/counter/signatures/{play.case}/")
        clerk.look("counter-signing")
    for number in range(1, len(play.others) + 2):
        play.receiver.post(f"/api/v1/signatures/{play.case}", {"party": number, "way": "card_seen"})
    play.submit()
    turns.received(play)
    with visitor(chromium, federation.url("34"), size) as officer:
        officer.log_in("officer-34", f"/office/cases/{play.case}/dossier/")
        officer.press("登记并查看")
        officer.sees("签名")
        officer.look("officer-signers")
    with visitor(chromium, federation.url("34"), size) as person:
        person.log_in("citizen-34-1", f"/cases/{play.case}/")
        person.sees("当事人")
        person.look("citizen-parties")


@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
def test_of_many_persons_one_is_denied_and_the_school_reads_whom(cast, federation, chromium, size):
    play = a_play(cast, ENROLLED, "joint", ELSEWHERE, person=SCHOOL, example=_for_many(cast))
    for turn in (turns.hand_in, turns.received, turns.accept):
        turn(play)
    for _ in flow.stages(play):
        pass
    with visitor(chromium, federation.url("31"), size) as officer:
        officer.log_in("officer-31", f"/office/cases/{play.case}/")
        officer.look("officer-roster")
        officer.go(f"/office/cases/{play.case}/acts/grant/")
        officer.look("officer-grant-each")
    signing.deny_one(play)
    play.until(play.applicant, lambda view: view.status == "granted", "the decision")
    with visitor(chromium, federation.url("34"), size) as school:
        school.log_in(play.applicant.username, f"/cases/{play.case}/")
        school.sees("学籍没有查到")
        school.look("school-outcomes")


@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
def test_an_authority_begins_by_itself(federation, chromium, size):
    with visitor(chromium, federation.url("34"), size) as officer:
        officer.log_in("officer-34", "/office/new/")
        officer.look("officer-ex-officio-items")
        officer.go(f"/office/new/{PENSION}/")
        officer.sees("依职权")
        officer.look("officer-ex-officio")


def _for_many(cast: Cast) -> int:
    [item] = fetch_items(cast, "34", [ENROLLED])
    return next(number for number in range(len(item.examples)) if item.is_for_many(number))
