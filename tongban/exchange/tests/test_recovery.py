"""A node restored from a backup: it writes nothing before it has heard what it has forgotten."""

import json

import pytest
from django.utils import timezone

from tongban.base.errors import NotYet, Rejected
from tongban.base.seal import parse_sealed
from tongban.exchange import actions, queries
from tongban.exchange.models import Alarm, Delivery, Inbox, Letter
from tongban.exchange.rules import letter_of, read_event
from tongban.exchange.tasks import recovery
from tongban.exchange.tests import build

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def federation(settings, tmp_path):
    build.a_federation(settings, tmp_path)


def restore(settings, *, at="2026-11-23"):
    (settings.STATE / "restored").write_text(at)


def asked(client, what, *, since="2020-01-01T00:00:00.000Z", after="", by="31"):
    path = f"/nodes/v1/letters/{what}?since={since}" + (f"&after={after}" if after else "")
    content = json.loads(build.get(client, path, by=by).content)
    return [(*letter_of(entry), parse_sealed(entry["receipt"])) for entry in content["letters"]], content["more"]


def answered(letter):
    (parcel,) = actions.claim(["31"])
    actions.finish([(parcel, build.a_receipt(letter))])


def test_a_restored_node_writes_no_letter(settings):
    restore(settings)
    with pytest.raises(NotYet, match="recovering"):
        build.a_letter()


def test_an_ask_to_a_restored_node_waits(settings):
    restore(settings)

    def hear(heard):
        actions.send(kind="greeting", subject="s", data={}, receivers=["31"])

    with build.hearing(hear, may_reject=True), pytest.raises(NotYet, match="recovering"):
        actions.receive("31", build.a_sealed())
    assert not Inbox.objects.exists()


def test_it_writes_again_when_nothing_is_missing_and_stays_so_until_the_next_restore(settings):
    restore(settings)
    assert actions.put_back([])
    actions.end_recovery()
    build.a_letter()
    restore(settings, at="2026-11-24")
    with pytest.raises(NotYet):
        build.a_letter()


def test_while_a_peer_is_away_it_goes_on_waiting(settings, tmp_path):
    build.a_federation(settings, tmp_path / "x", endpoints=dict.fromkeys(("00", "31", "32"), "http://127.0.0.1:1"))
    restore(settings)
    recovery.recover(timezone.now())
    assert queries.is_recovering()


class TestMemory:
    """What a peer is told when it was the one restored."""

    def test_letters_written_to_it_are_remembered_with_its_receipts(self, client):
        letter = build.a_letter()
        answered(letter)
        build.a_letter(subject="without receipt")
        (((sealed, _, receipt),), more) = asked(client, "written")
        assert sealed.digest == letter.digest
        assert receipt.kid == "31-1"
        assert more is False

    def test_letters_taken_from_it_are_remembered_with_our_receipts(self, client):
        sealed = build.a_sealed()
        with build.hearing(lambda heard: None):
            actions.receive("31", sealed)
        (((found, _, receipt),), _) = asked(client, "taken")
        assert found == sealed
        assert receipt.kid == "34-1"

    def test_only_since_a_moment_and_only_its_own(self, client):
        answered(build.a_letter())
        with build.hearing(lambda heard: None):
            actions.receive("31", build.a_sealed())
        for what in ("written", "taken"):
            assert asked(client, what, since="2099-01-01T00:00:00.000Z")[0] == []
            assert asked(client, what, by="32")[0] == []

    def test_a_moment_in_another_form_is_malformed(self, client):
        assert build.get(client, "/nodes/v1/letters/taken?since=yesterday").status_code == 400


class TestPuttingBack:
    """Letters that another node remembers and this one has forgotten."""

    def ours(self):
        sealed = build.a_sealed(sender="34", subject="case", data={"n": 1})
        return sealed, (), build.a_receipt(self.known(sealed))

    def theirs(self):
        sealed = build.a_sealed(subject="case", data={"n": 2})
        return sealed, (), build.a_receipt(self.known(sealed), by="34", sender="31")

    def known(self, sealed):
        return Letter(id=read_event(sealed.payload).id, digest=sealed.digest)

    def recalled(self, remembered, sender):
        return actions.recall("31", remembered, sender=sender)

    def test_own_letters_come_back_byte_for_byte_with_their_receipts(self):
        heard = []
        mine = self.ours()
        with build.hearing(lambda letter: None, recover=heard.append):
            assert actions.put_back([self.recalled(mine, "34")])
        assert queries.find_sealed(heard[0].id) == mine[0]
        assert Delivery.objects.get().outcome == "taken"
        assert (heard[0].sender, heard[0].data) == ("34", {"n": 1})

    def test_letters_of_the_peer_come_back_with_the_receipt_that_was_given(self):
        heard = []
        other = self.theirs()
        with build.hearing(lambda letter: None, recover=heard.append):
            assert actions.put_back([self.recalled(other, "31")])
        assert parse_sealed(json.loads(bytes(Inbox.objects.get().receipt))) == other[2]
        assert heard[0].sender == "31"

    def test_what_is_here_already_is_left_alone(self):
        heard = []
        entries = [self.recalled(self.ours(), "34"), self.recalled(self.theirs(), "31")]
        with build.hearing(lambda letter: None, recover=heard.append):
            assert actions.put_back(entries)
            assert actions.put_back(entries)
        assert len(heard) == 2
        assert (Letter.objects.count(), Inbox.objects.count()) == (1, 1)

    def test_a_kind_that_cannot_rebuild_keeps_the_node_from_writing(self, settings):
        restore(settings)
        with build.hearing(lambda letter: None):
            assert not actions.put_back([self.recalled(self.ours(), "34")])
        assert not Letter.objects.exists()
        assert Alarm.objects.get().facts == {"letters": 1, "kinds": ["greeting"]}

    def test_a_memory_that_this_node_never_signed_is_not_believed(self):
        sealed, parts, receipt = self.ours()
        with pytest.raises(Rejected):
            self.recalled((build.a_sealed(sender="34", signer=build.signer_of("31")), parts, receipt), "34")
        with pytest.raises(Rejected):
            self.recalled((sealed, parts, self.theirs()[2]), "34")
