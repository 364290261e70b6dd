"""A node restored from a backup: it writes nothing before it has heard, and rebuilt, what it has forgotten."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.utils import timezone

from tongban.base.actor import Actor, Role
from tongban.base.canonical import digest
from tongban.base.errors import NotYet, Rejected
from tongban.base.seal import parse_sealed
from tongban.exchange import actions, queries
from tongban.exchange.models import Alarm, Delivery, Inbox, Letter, Loss, Memory, Recovery, Telling
from tongban.exchange.rules import Part, letter_as_json, read_event
from tongban.exchange.tasks import recovery
from tongban.exchange.tests import build

pytestmark = pytest.mark.django_db

OPERATOR = Actor(role=Role.OPERATOR, node="34")


@pytest.fixture(autouse=True)
def no_apps():
    with build.rebuilding("greeting", rebuild=lambda subject, recalled: None):
        yield


@contextmanager
def shanghai_remembers(settings, folder, **memory) -> Iterator[object]:
    """This node, just restored, with one peer that answers."""
    with build.another_province() as shanghai:
        build.a_federation(settings, folder, codes=("31", "34"), endpoints={"31": shanghai.endpoint})
        build.restore(settings)
        for what, entries in memory.items():
            shanghai.memory[what] = [as_told(*entry) for entry in entries]
        yield shanghai


def as_told(sealed, receipt, parts=()):
    entry = letter_as_json(sealed, parts) | {"receipt": receipt.as_json()}
    return {"id": str(read_event(sealed.payload).id), **entry}


def ours(*, parts=(), **event):
    """A letter of this node that 31 answered before the restore."""
    sealed = build.a_sealed(sender="34", **{"subject": "case", **event})
    return sealed, build.a_receipt(known(sealed)), parts


def theirs(**event):
    """A letter of 31 that this node answered before the restore."""
    sealed = build.a_sealed(**{"subject": "case", **event})
    return sealed, build.a_receipt(known(sealed), by="34", sender="31")


def known(sealed):
    return Letter(id=read_event(sealed.payload).id, digest=sealed.digest)


def recover(times=2):
    for _ in range(times):
        recovery.recover(timezone.now())


class Notebook:
    """An app that only writes down what it is called with."""

    def __init__(self):
        self.rebuilt, self.settled, self.counted = [], [], []

    def rebuild(self, subject, recalled):
        self.rebuilt.append((subject, [(entry.ours, entry.letter.data) for entry in recalled]))

    def settle(self, subject, recalled):
        self.settled.append((subject, len(recalled)))

    def count(self, recalled):
        self.counted.append(len(list(recalled)))

    def listening(self):
        return build.rebuilding("greeting", rebuild=self.rebuild, count=[self.count], settle=[self.settle])


class TestReadOnly:
    def test_a_restored_node_writes_no_letter(self, settings, tmp_path):
        with shanghai_remembers(settings, tmp_path), pytest.raises(NotYet, match="recovering"):
            build.a_letter()

    def test_it_takes_no_letter_either_and_keeps_nothing_of_it(self, settings, tmp_path):
        with (
            shanghai_remembers(settings, tmp_path),
            build.hearing(lambda heard: None),
            pytest.raises(NotYet, match="recovering"),
        ):
            actions.receive("31", build.a_sealed())
        assert not Inbox.objects.exists()
        assert not Alarm.objects.exists()

    def test_while_a_peer_is_away_it_goes_on_waiting_and_a_person_is_told(self, settings, tmp_path):
        build.a_federation(settings, tmp_path, endpoints=dict.fromkeys(("00", "31", "32"), "http://127.0.0.1:1"))
        build.restore(settings)
        recover()
        assert queries.is_recovering()
        assert {alarm.peer for alarm in Alarm.objects.filter(kind="untold")} == {"00", "31", "32"}

    def test_it_writes_again_once_all_have_told_and_until_the_next_restore(self, settings, tmp_path):
        with shanghai_remembers(settings, tmp_path):
            recover()
            build.a_letter()
            assert queries.recovery_mark() is None
            build.restore(settings, at="2026-11-24")
            with pytest.raises(NotYet):
                build.a_letter()

    def test_it_asks_only_for_what_the_backup_can_lack(self, settings, tmp_path):
        build.a_federation(settings, tmp_path)
        letter = build.a_letter()
        (parcel,) = actions.claim(["31"])
        actions.finish([(parcel, build.a_receipt(letter))])
        answered = Delivery.objects.get().receipted_at
        with shanghai_remembers(settings, tmp_path / "later"):
            recover()
        telling = Telling.objects.get()
        assert answered - telling.taken_since == queries.recovery.MARGIN
        assert telling.written_since.year == 1999

    def test_what_an_earlier_recovery_was_never_told_is_asked_for_again(self, settings, tmp_path):
        build.a_federation(settings, tmp_path, endpoints={"31": "http://127.0.0.1:1"}, codes=("31", "34"))
        build.restore(settings)
        recover()
        first = Telling.objects.get()
        with build.hearing(lambda heard: None):
            Recovery.objects.update(opened_at=timezone.now())
            Telling.objects.update(told_at=timezone.now())
            actions.receive("31", build.a_sealed())
            Telling.objects.update(told_at=None)
        build.restore(settings, at="another")
        recover()
        assert Telling.objects.exclude(id=first.id).get().written_since == first.written_since


class TestPuttingBack:
    """Letters that another node remembers and this one has forgotten."""

    def test_own_letters_come_back_byte_for_byte_with_their_receipts(self, settings, tmp_path):
        mine, app = ours(data={"n": 1}), Notebook()
        with shanghai_remembers(settings, tmp_path, taken=[mine]), app.listening():
            recover()
        assert queries.find_sealed(known(mine[0]).id) == mine[0]
        delivery = Delivery.objects.get()
        assert (delivery.outcome, delivery.receiver) == ("taken", "31")
        assert app.rebuilt == [("case", [(True, {"n": 1})])]

    def test_letters_of_the_peer_come_back_with_the_receipt_that_was_given(self, settings, tmp_path):
        other, app = theirs(data={"n": 2}), Notebook()
        with shanghai_remembers(settings, tmp_path, written=[other]), app.listening():
            recover()
        assert parse_sealed(queries.recovery.parse_json(bytes(Inbox.objects.get().receipt))) == other[1]
        assert app.rebuilt == [("case", [(False, {"n": 2})])]

    def test_a_letter_brought_again_gets_the_receipt_that_was_given_for_it(self, settings, tmp_path):
        other, app = theirs(), Notebook()
        with shanghai_remembers(settings, tmp_path, written=[other]), app.listening():
            recover()
            with build.hearing(lambda heard: None):
                assert actions.receive("31", other[0]) == bytes(Inbox.objects.get().receipt)

    def test_bodies_come_back_with_them(self, settings, tmp_path):
        body = b'{"salt":"s"}'
        mine = ours(data={"bodies": {"applicant": digest(body)}}, parts=[Part("applicant", body)])
        parts = []
        with (
            shanghai_remembers(settings, tmp_path, taken=[mine]),
            build.rebuilding("greeting", rebuild=lambda _, recalled: parts.extend(recalled[0].letter.parts)),
        ):
            recover()
        assert parts == [Part("applicant", body)]

    def test_many_pages_are_read_to_the_end(self, settings, tmp_path):
        letters, app = [ours(subject=f"case-{number}") for number in range(7)], Notebook()
        with shanghai_remembers(settings, tmp_path, taken=letters), app.listening():
            recover()
        assert [subject for subject, _ in app.rebuilt] == [f"case-{number}" for number in range(7)]

    def test_what_is_here_already_is_left_alone(self, settings, tmp_path):
        app, mine = Notebook(), ours()
        with shanghai_remembers(settings, tmp_path, taken=[mine], written=[theirs()]), app.listening():
            recover()
            build.restore(settings, at="once more")
            recover()
        assert len(app.rebuilt) == 1
        assert (Letter.objects.count(), Inbox.objects.count(), Memory.objects.count()) == (1, 1, 0)

    def test_everything_is_rebuilt_and_counted_before_anything_is_settled(self, settings, tmp_path):
        app, seen = Notebook(), []
        letters = [ours(subject="a"), ours(subject="b")]
        with (
            shanghai_remembers(settings, tmp_path, taken=letters),
            build.rebuilding(
                "greeting",
                rebuild=lambda subject, _: seen.append(f"rebuild {subject}"),
                count=[lambda recalled: seen.append(f"count {len(list(recalled))}")],
                settle=[lambda subject, _: seen.append(f"settle {subject}")],
            ),
        ):
            recover()
        assert seen == ["rebuild a", "rebuild b", "count 2", "settle a", "settle b"]
        assert app.rebuilt == []

    def test_while_it_settles_it_may_write_although_nobody_else_may(self, settings, tmp_path):
        def settle(subject, recalled):
            assert queries.is_recovering()
            actions.send(kind="greeting", subject=subject, data={}, receivers=["31"])

        with (
            shanghai_remembers(settings, tmp_path, taken=[ours()]),
            build.rebuilding("greeting", rebuild=lambda *_: None, settle=[settle]),
        ):
            recover()
        assert Letter.objects.count() == 2


class TestDisbelief:
    def test_a_memory_that_this_node_never_signed_keeps_the_peer_from_having_told(self, settings, tmp_path):
        _, receipt, _ = ours()
        forged = build.a_sealed(sender="34", signer=build.signer_of("31"))
        with shanghai_remembers(settings, tmp_path, taken=[(forged, receipt)]):
            recover()
        assert Telling.objects.get().trouble == "not_the_sender"
        assert queries.is_recovering()

    def test_a_receipt_for_another_letter_is_not_believed(self, settings, tmp_path):
        with shanghai_remembers(settings, tmp_path, taken=[(ours()[0], ours()[1])]):
            recover()
        assert Telling.objects.get().trouble == "wrong_receipt"

    def test_a_body_that_was_changed_is_not_believed(self, settings, tmp_path):
        mine = ours(data={"bodies": {"applicant": digest(b"{}")}})
        with shanghai_remembers(settings, tmp_path) as shanghai:
            changed = as_told(mine[0], mine[1], [Part("applicant", b"[]")])
            shanghai.memory["taken"] = [changed]
            recover()
        assert Telling.objects.get().trouble == "part_changed"

    def test_what_was_signed_by_a_key_that_was_revoked_since_is_still_ours(self, settings, tmp_path):
        mine, app = ours(), Notebook()
        with shanghai_remembers(settings, tmp_path, taken=[mine]) as shanghai, app.listening():
            revoked = build.a_key("34", revoked_at=build.later(hours=1), until=build.later(hours=1))
            keys_of = {"34": [build.a_key("34", number=2), revoked]}
            endpoints = {"31": shanghai.endpoint}
            build.a_federation(settings, tmp_path / "newer", codes=("31", "34"), endpoints=endpoints, keys_of=keys_of)
            build.write_signing_key(settings, number=2)
            shanghai.known |= {"34-2": keys_of["34"][0].public}
            build.restore(settings)
            recover()
        assert len(app.rebuilt) == 1

    def test_another_content_under_a_known_id_is_a_fork_and_changes_nothing(self, settings, tmp_path):
        build.a_federation(settings, tmp_path)
        letter = build.a_letter(subject="case")
        other = ours(id=letter.id, data={"another": "text"})
        with shanghai_remembers(settings, tmp_path / "x", taken=[other]):
            recover()
        assert Alarm.objects.get(kind="fork").subject == "case"
        assert Letter.objects.get().digest == letter.digest

    def test_while_the_old_life_still_writes_the_new_one_does_not(self, settings, tmp_path):
        with shanghai_remembers(settings, tmp_path) as shanghai:
            actions.begin_recovery()
            shanghai.memory["taken"] = [as_told(*ours(at=build.later(seconds=5)))]
            recover()
        assert Telling.objects.get().trouble == "other_life"
        assert queries.is_recovering()


class TestStuck:
    def broken(self, subject, recalled):
        raise Rejected("halted")

    def test_what_cannot_be_rebuilt_keeps_the_node_from_writing(self, settings, tmp_path):
        with (
            shanghai_remembers(settings, tmp_path, taken=[ours()]),
            build.rebuilding("greeting", rebuild=self.broken),
        ):
            recover()
        assert queries.is_recovering()
        assert not Letter.objects.exists()
        assert Alarm.objects.get().facts == {"kind": "greeting", "reason": "halted"}

    def test_so_does_a_kind_that_no_app_rebuilds(self, settings, tmp_path):
        with (
            shanghai_remembers(settings, tmp_path, taken=[ours(kind="strange")]),
            build.rebuilding("greeting", rebuild=self.broken),
        ):
            recover()
        assert queries.is_recovering()
        assert Memory.objects.get().trouble == "unknown_kind"

    def test_an_operator_lets_go_of_it_and_it_is_written_down_as_lost(self, settings, tmp_path):
        with (
            shanghai_remembers(settings, tmp_path, taken=[ours()]),
            build.rebuilding("greeting", rebuild=self.broken),
        ):
            recover()
            assert actions.release_subject(OPERATOR, subject="case") == 1
            recover()
        assert not queries.is_recovering()
        assert [(loss.subject, loss.detail) for loss in Loss.objects.all()] == [("case", "greeting halted")]

    def test_what_only_has_to_wait_is_settled_later(self, settings, tmp_path):
        settled = []

        def settle(subject, recalled):
            if queries.is_recovering():
                raise NotYet("version_unknown")
            settled.append(subject)

        with (
            shanghai_remembers(settings, tmp_path, taken=[ours()]),
            build.rebuilding("greeting", rebuild=lambda *_: None, settle=[settle]),
        ):
            recover()
            assert not queries.is_recovering()
            assert Alarm.objects.get().kind == "unsettled"
            Memory.objects.update(put_off_at=build.later(minutes=-1))
            recover()
        assert settled == ["case"]
        assert queries.recovery_mark() is None
        assert Alarm.objects.get().settled_at is not None


class TestReleased:
    """An operator lets the node go on without a peer that does not tell."""

    @pytest.fixture
    def shanghai(self, settings, tmp_path):
        away = {"32": "http://127.0.0.1:1"}
        with build.another_province() as shanghai:
            endpoints = {**away, "31": shanghai.endpoint}
            build.a_federation(settings, tmp_path, codes=("31", "32", "34"), endpoints=endpoints)
            build.restore(settings)
            recover()
            yield shanghai

    def test_the_node_writes_again_but_not_to_that_peer(self, shanghai):
        actions.release_peer(OPERATOR, peer="32")
        recover()
        build.a_letter()
        with pytest.raises(NotYet, match="recovering"):
            build.a_letter(receivers=["31", "32"])

    def test_nor_does_it_take_letters_of_that_peer(self, shanghai):
        actions.release_peer(OPERATOR, peer="32")
        recover()
        with build.hearing(lambda heard: None):
            actions.receive("31", build.a_sealed())
            with pytest.raises(NotYet, match="recovering"):
                actions.receive("32", build.a_sealed(sender="32"))

    def test_what_it_tells_later_comes_back_all_the_same(self, settings, shanghai, tmp_path):
        actions.release_peer(OPERATOR, peer="32")
        recover()
        app = Notebook()
        sealed = build.a_sealed(sender="34", subject="late", at=build.later(minutes=-10))
        with build.another_province("32") as jiangsu, app.listening():
            endpoints = {"31": shanghai.endpoint, "32": jiangsu.endpoint}
            build.a_federation(settings, tmp_path / "back", codes=("31", "32", "34"), endpoints=endpoints)
            build.restore(settings)
            receipt = build.a_receipt(known(sealed), by="32", at=build.later(minutes=-5))
            jiangsu.memory["taken"] = [as_told(sealed, receipt)]
            recover()
            assert app.settled == [("late", 1)]
            build.a_letter(receivers=["32"])
        assert queries.recovery_mark() is None

    def test_only_an_operator_may(self, shanghai):
        with pytest.raises(Rejected, match="not_allowed"):
            actions.release_peer(Actor(role=Role.OFFICER, node="34"), peer="32")

    def test_a_peer_that_has_told_needs_no_release(self, shanghai):
        with pytest.raises(Rejected, match="told_already"):
            actions.release_peer(OPERATOR, peer="31")


def test_a_node_that_was_not_restored_has_nothing_to_release(settings, tmp_path):
    build.a_federation(settings, tmp_path)
    with pytest.raises(Rejected, match="not_recovering"):
        actions.release_peer(OPERATOR, peer="31")
    assert actions.begin_recovery() is None


def test_a_loss_is_written_down_once_and_goes_when_it_is_found_again():
    for _ in range(2):
        actions.note_loss("body", subject="case", detail="3 home")
    (loss,) = queries.lost_of("case", "body")
    assert loss.detail == "3 home"
    actions.found_again("body", subject="case", detail="3 home")
    assert not queries.lost_of("case", "body")
