"""The rules of letters, receipts and directories, without a database."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as some

from tongban.base.canonical import parse_json
from tongban.base.errors import NotYet, Rejected
from tongban.base.seal import Sealed, seal
from tongban.exchange import rules
from tongban.exchange.tests import build

NOW = datetime(2026, 11, 23, 10, tzinfo=UTC)
LATER = NOW + timedelta(days=1)

texts = some.text(some.characters(exclude_characters="\x00", exclude_categories=["Cs"]), max_size=30)
values = some.recursive(
    some.none() | some.booleans() | some.integers(-(2**53) + 1, 2**53 - 1) | texts,
    lambda inner: (
        some.lists(inner, max_size=4) | some.dictionaries(some.text("abc_", min_size=1, max_size=5), inner, max_size=4)
    ),
    max_leaves=10,
)


class TestEvent:
    @given(
        data=some.dictionaries(some.text("abc_", min_size=1, max_size=5), values, max_size=5),
        subject=texts.filter(bool),
        at=some.datetimes(datetime(2000, 1, 1), datetime(2100, 1, 1)),  # noqa: DTZ001
    )
    def test_what_is_written_is_what_is_read(self, data, subject, at):
        event = build.an_event(data=data, subject=subject, at=at.replace(microsecond=7000, tzinfo=UTC))
        assert rules.read_event(rules.event_payload(event)) == event

    @given(some.binary(max_size=200))
    def test_whatever_comes_is_read_or_refused_with_a_reason(self, payload):
        with pytest.raises(Rejected):
            rules.read_event(payload)

    @given(values)
    def test_json_that_is_no_event_is_refused(self, value):
        with pytest.raises(Rejected):
            rules.read_event(rules.directory.canonical_json(value))

    @pytest.mark.parametrize("minutes", [-1_000_000, 0, 10])
    def test_no_age_makes_a_letter_wait(self, minutes):
        rules.check_time(build.an_event(at=NOW + timedelta(minutes=minutes)), now=NOW)

    def test_the_future_has_to_wait(self):
        with pytest.raises(NotYet, match="from_the_future"):
            rules.check_time(build.an_event(at=NOW + timedelta(minutes=10.01)), now=NOW)


class TestReceipt:
    @given(
        outcome=some.sampled_from(list(rules.Outcome)),
        facts=some.dictionaries(some.text("abc", min_size=1, max_size=5), texts, max_size=3),
    )
    def test_what_is_written_is_what_is_read(self, outcome, facts):
        receipt = rules.Receipt(
            letter="a" * 64,
            id=build.any_id(),
            sender="34",
            receiver="31",
            outcome=outcome,
            reason="stale" if outcome is rules.Outcome.REJECTED else None,
            facts=facts,
            at=NOW,
        )
        assert rules.read_receipt(rules.receipt_payload(receipt)) == receipt


def test_waiting_doubles_up_to_five_minutes_and_never_ends():
    waits = [rules.wait_after(attempts).total_seconds() for attempts in range(1, 40)]
    assert waits[:3] == [1.0, 2.0, 4.0]
    assert waits == sorted(waits)
    assert waits[-1] == 300.0


class TestDirectory:
    def signed(self, directory, *, by="00"):
        return seal(rules.directory_payload(directory), build.signer_of(by), typ=rules.DIRECTORY_TYP)

    def anchors(self):
        return {"00-1": build.a_key("00").public}

    def test_what_the_hub_signs_is_what_is_read(self):
        directory = replace(build.a_directory(), issued_at=NOW)
        assert rules.read_directory(self.signed(directory), self.anchors()) == directory

    def test_nobody_else_can_sign_it(self):
        with pytest.raises(Rejected, match="directory_untrusted"):
            rules.read_directory(self.signed(build.a_directory(), by="31"), self.anchors())

    def test_a_changed_one_is_not_believed(self):
        sealed = self.signed(build.a_directory())
        changed = Sealed(sealed.protected, sealed.payload.replace(b"http://31", b"http://99"), sealed.signature)
        with pytest.raises(Rejected, match="directory_untrusted"):
            rules.read_directory(changed, self.anchors())

    def test_a_kid_stands_for_one_key_only(self):
        doubled = build.a_directory(keys_of={"31": [build.a_key("31")], "32": [build.a_key("31")]})
        with pytest.raises(Rejected, match="malformed"):
            rules.read_directory(self.signed(doubled), self.anchors())


class TestNextDirectory:
    def node(self, *keys):
        return replace(build.a_directory().nodes["31"], keys=keys)

    def after(self, before, *keys, now=NOW, **more):
        return rules.next_directory(before, [(self.node(*keys), NOW)], now=now, **more)

    def keys(self, directory):
        return {key.kid: (key.since, key.until, key.revoked_at) for key in directory.nodes["31"].keys}

    def test_the_first_key_holds_since_it_was_made(self):
        assert self.keys(self.after(None, build.a_key("31"))) == {"31-1": (NOW, None, None)}

    def test_a_newer_key_is_announced_before_it_signs(self):
        first = self.after(None, build.a_key("31"))
        both = self.after(first, build.a_key("31"), build.a_key("31", number=2), now=LATER)
        assert self.keys(both) == {"31-1": (NOW, None, None), "31-2": (NOW, None, None)}
        assert both.version == first.version + 1

    def test_an_older_key_gets_its_end_when_the_newer_one_signs_and_keeps_it(self):
        first = self.after(None, build.a_key("31"))
        used = self.after(first, build.a_key("31", number=2), build.a_key("31"), now=LATER)
        again = self.after(used, build.a_key("31", number=2), now=LATER + timedelta(days=9))
        assert self.keys(used)["31-1"] == self.keys(again)["31-1"] == (NOW, LATER, None)
        assert self.keys(again)["31-2"] == (NOW, None, None)

    def test_a_stolen_key_is_marked_and_stays(self):
        first = self.after(None, build.a_key("31"))
        revoked = self.after(first, build.a_key("31", number=2), now=LATER, revoke=["31-1"])
        assert self.keys(revoked)["31-1"] == (NOW, LATER, LATER)

    def test_a_node_that_is_not_named_stays_as_it_was(self):
        first = self.after(None, build.a_key("31"))
        assert self.keys(rules.next_directory(first, [], now=LATER)) == self.keys(first)


@given(some.binary(max_size=300))
def test_no_body_of_a_request_breaks_the_reader(body):
    for read in (rules.read_letter, rules.read_batch):
        with pytest.raises(Rejected):
            read(body)


def test_a_batch_may_hold_a_hundred_letters_and_no_more():
    assert len(rules.read_batch(b'{"letters":[' + b",".join([b"1"] * 100) + b"]}")) == 100
    with pytest.raises(Rejected):
        rules.read_batch(b'{"letters":[' + b",".join([b"1"] * 101) + b"]}")


def test_parts_read_as_they_were_written():
    parts = (rules.Part("applicant", b"a"), rules.Part("receiving", b""))
    body = build.brought(build.a_sealed(), parts)
    assert rules.read_letter(body)[1] == parts
    assert set(parse_json(body)) == {"letter", "parts"}
