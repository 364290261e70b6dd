"""The operator's pages: letters per peer, alarms, the test clock."""

from datetime import timedelta

import pytest
from django.utils import timezone

from tongban.base.actor import Actor, Role
from tongban.base.uuid7 import uuid7
from tongban.calendar.queries import today
from tongban.exchange.actions import raise_alarm
from tongban.exchange.models import Delivery
from tongban.exchange.tests.build import a_federation, a_letter
from tongban.web.officer.tests.build import an_operator, logged_in

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _ground(settings, tmp_path):
    a_federation(settings, tmp_path)


def an_auditor():
    return logged_in(Actor(role=Role.AUDITOR, node="34", person=uuid7()))


def test_every_peer_is_shown_with_the_letters_that_wait():
    a_letter()
    page = an_operator().get("/ops/")
    waiting = {line.peer.code: line.peer.waiting for line in page.context["peers"]}
    assert waiting == {"00": 0, "31": 1, "32": 0}
    assert "上海市" in page.text


def test_a_letter_that_waits_too_long_is_told_in_words():
    letter = a_letter()
    Delivery.objects.filter(letter=letter).update(asked_at=timezone.now() - timedelta(hours=2))
    page = an_operator().get("/ops/").text
    assert "需要处理" in page
    assert "2 小时" in page


def test_alarms_say_what_to_do():
    raise_alarm("silent", peer="31")
    assert "请电话联系对方运维人员" in an_operator().get("/ops/").text


def test_another_try_is_made_at_once():
    letter = a_letter()
    Delivery.objects.filter(letter=letter).update(next_try_at=timezone.now() + timedelta(hours=1))
    client = an_operator()
    answer = client.post("/ops/peers/31/retry/", follow=True)
    assert "1 封信函已重新安排" in answer.text
    assert Delivery.objects.get(letter=letter).next_try_at <= timezone.now()


def test_an_auditor_reads_but_changes_nothing():
    client = an_auditor()
    assert client.get("/ops/").status_code == 200
    assert client.get("/ops/peers/31/").status_code == 200
    assert client.post("/ops/peers/31/retry/").status_code == 403
    assert client.post("/ops/clock/", {"step": "day"}).status_code == 403


def test_the_letters_of_a_peer_show_no_content():
    a_letter(data={"text": "不给运维人员看"})
    page = an_operator().get("/ops/peers/31/").text
    assert "还没有" in page
    assert "不给运维人员看" not in page


def test_letters_are_paged_without_a_gap():
    for number in range(35):
        a_letter(subject=f"s-{number}")
    client = an_operator()
    first = client.get("/ops/peers/31/")
    second = client.get(first.context["pager"].next)
    seen = [line.row.pk for page in (first, second) for line in page.context["letters"]]
    assert len(seen) == len(set(seen)) == 35


def test_an_unknown_peer_is_not_there():
    assert an_operator().get("/ops/peers/99/").status_code == 404


def test_the_clock_goes_forward_in_a_demonstration():
    before = today()
    client = an_operator()
    client.post("/ops/clock/", {"step": "day"})
    assert today() == before + timedelta(days=1)


def test_the_clock_stands_in_production(settings):
    settings.DEMO = False
    before = today()
    client = an_operator()
    assert "演示时钟" not in client.get("/ops/").text
    client.post("/ops/clock/", {"step": "day"})
    assert today() == before


@pytest.mark.parametrize("role", [Role.APPLICANT, Role.CLERK, Role.OFFICER])
def test_it_is_for_nobody_else(role):
    client = logged_in(Actor(role=role, node="34", person=uuid7(), organ="X" * 18))
    assert client.get("/ops/").status_code == 403


def test_an_alarm_that_was_put_right_is_settled_by_hand():
    raise_alarm("differs", peer="31")
    client = an_operator()
    alarm = client.get("/ops/").context["alarms"][0].alarm
    assert an_auditor().post(f"/ops/alarms/{alarm.pk}/settle/").status_code == 403
    client.post(f"/ops/alarms/{alarm.pk}/settle/")
    assert "没有需要处理的告警" in client.get("/ops/").text
