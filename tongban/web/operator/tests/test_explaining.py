"""Codes in the words of an operator: what it means, what to do next, the code beside it."""

import tomllib

import pytest
from django.conf import settings as configured

from tongban.base.uuid7 import uuid7
from tongban.base.words import holes
from tongban.exchange import actions
from tongban.exchange.models import Alarm, Delivery
from tongban.exchange.rules import Outcome
from tongban.exchange.tests.build import a_federation, a_letter, a_receipt
from tongban.web.officer.tests.build import an_operator
from tongban.web.operator.explaining import tell_reason, tell_trouble, warned_of

EXCHANGE = tomllib.loads((configured.ROOT / "tongban" / "words" / "zh" / "exchange.toml").read_text("utf-8"))


@pytest.mark.parametrize("reason", EXCHANGE["reason"])
def test_a_refusal_that_left_no_facts_reads_without_a_hole(reason):
    told = tell_trouble(reason)
    assert "（）" not in told.sentence
    assert "{" not in told.sentence
    assert told.code == reason


@pytest.mark.parametrize("sentence", EXCHANGE["trouble"])
def test_no_sentence_of_trouble_needs_a_fact(sentence):
    assert holes(f"trouble.{sentence}") == frozenset()


@pytest.mark.parametrize(
    ("left", "meaning"),
    [
        ("ConnectionError", "连不上对方的服务器"),
        ("ReadTimeout", "没有在规定时间内答复"),
        ("SSLError", "安全证书不可信"),
        ("502", "对方的服务器出错"),
        ("422", "对方没有收取"),
        ("not JSON", "不符合节点协议"),
        ("gap", "补取"),
        ("wrong_receipt unknown_key", "回执与信函不符"),
        ("a_reason_of_the_future", "对方没有收取"),
    ],
)
def test_whatever_an_attempt_left_behind_is_told_in_words(left, meaning):
    assert meaning in tell_trouble(left).sentence


def test_a_reason_is_told_with_its_facts():
    assert "2027年1月1日" in tell_reason("from_the_future", {"time": "2027-01-01"}).sentence


@pytest.mark.django_db
class TestPages:
    @pytest.fixture(autouse=True)
    def _ground(self, settings, tmp_path):
        a_federation(settings, tmp_path)

    def test_a_letter_that_does_not_get_through_says_why(self):
        a_letter()
        (parcel,) = actions.claim(["31"])
        actions.release([parcel], trouble="ConnectTimeout")
        page = an_operator().get("/ops/peers/31/").text
        assert "连不上对方的服务器" in page
        assert '<code class="code">ConnectTimeout</code>' in page

    def test_a_rejected_letter_says_why_with_the_facts_of_its_receipt(self):
        letter = a_letter()
        (parcel,) = actions.claim(["31"])
        facts = {"on": "2026-03-01", "version": "2"}
        no = a_receipt(letter, outcome=Outcome.REJECTED, reason="version_not_valid", facts=facts)
        actions.finish([(parcel, no)])
        assert Delivery.objects.get().reason == "version_not_valid"
        assert "收件当天（2026年3月1日）该事项的第2版不在有效期内" in an_operator().get("/ops/peers/31/").text

    def test_an_alarm_says_what_it_is_and_why_and_what_to_do(self):
        case = str(uuid7())
        facts = {"letter": str(uuid7()), "kind": "step", "reason": "halted", "because": "摘要不同"}
        actions.raise_alarm("waiting", peer="31", subject=case, facts=facts)
        page = an_operator().get("/ops/").text
        assert "上海市送来一封信函，本节点暂时收不下" in page
        assert "信函内容与已收到的办件记录不符（摘要不同）" in page
        assert "请按原因处理" in page
        assert '<code class="code">halted</code>' in page
        assert case in page

    def test_a_refused_transfer_names_the_reason_and_the_next_step(self):
        facts = {"reason": "no_agreement"}
        actions.raise_alarm("successor_rejected", peer="31", subject=str(uuid7()), facts=facts)
        warned = warned_of(Alarm.objects.get())
        assert warned.title == "转办的办件没有被接收"
        assert "重新办理" in warned.then
        assert warned.why is not None
        assert "协议" in warned.why.sentence

    def test_an_alarm_after_a_restore_names_the_peer_and_the_kind_of_letter(self):
        actions.raise_alarm("not_rebuilt", peer="31", facts={"kind": "step", "reason": "fork"})
        warned = warned_of(Alarm.objects.get())
        assert "上海市告知的信函里" in warned.sentence
        assert ("信函种类", "办件步骤（step）") in warned.details

    def test_an_alarm_that_has_no_words_yet_is_still_shown(self):
        actions.raise_alarm("strange_new_thing", peer="31", facts={"colour": "red"})
        warned = warned_of(Alarm.objects.get())
        assert "技术支持" in warned.then
        assert ("colour", "red") in warned.details
