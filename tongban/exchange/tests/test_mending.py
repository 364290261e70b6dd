"""What the worker mends by itself, and what it tells a person."""

import pytest
from django.utils import timezone

from tongban.base.actor import Actor, Role
from tongban.base.canonical import digest
from tongban.base.errors import NotYet, Rejected
from tongban.base.seal import seal
from tongban.exchange import actions, client, queries, rules
from tongban.exchange.models import Alarm, Delivery
from tongban.exchange.tasks import mending
from tongban.exchange.tests import build

pytestmark = pytest.mark.django_db

OPERATOR = Actor(role=Role.OPERATOR, node="34")


@pytest.fixture(autouse=True)
def federation(settings, tmp_path):
    build.a_federation(settings, tmp_path, endpoints={code: "http://127.0.0.1:1" for code in ("00", "31", "32")})


class TestDirectory:
    def publish(self, version):
        newer = rules.Directory(version=version, issued_at=timezone.now(), nodes=build.a_directory().nodes)
        return seal(rules.directory_payload(newer), build.signer_of("00"), typ=rules.DIRECTORY_TYP)

    def test_a_newer_one_is_kept(self, settings):
        actions.keep_directory(self.publish(7), settings.DIRECTORY)
        assert queries.directory().version == 7

    def test_an_older_one_does_not_come_back(self, settings):
        actions.keep_directory(self.publish(7), settings.DIRECTORY)
        assert queries.directory().version == 7
        actions.keep_directory(self.publish(6), settings.DIRECTORY)
        assert queries.directory().version == 7

    def test_a_hub_that_is_away_leaves_the_present_one_in_use(self):
        assert mending.refresh_directory(timezone.now()) is False
        assert queries.directory().version == 1


class TestDays:
    def test_a_peer_that_is_away_is_no_difference(self):
        mending.compare_days(timezone.now())
        assert not Alarm.objects.exists()

    def test_a_subject_that_differs_is_an_alarm_until_it_is_equal(self, settings, tmp_path):
        letter = build.a_letter(subject="case")
        (parcel,) = actions.claim(["31"])
        actions.finish([(parcel, build.a_receipt(letter))])
        tomorrow = build.later(days=1)
        with build.another_province() as shanghai:
            away = {code: "http://127.0.0.1:1" for code in ("00", "32")}
            build.a_federation(settings, tmp_path / "met", endpoints={**away, "31": shanghai.endpoint})
            shanghai.day = self.day({"case": "0" * 64})
            mending.compare_days(tomorrow)
            assert [(alarm.kind, alarm.peer, alarm.subject) for alarm in Alarm.objects.all()] == [
                ("differs", "31", "case")
            ]
            shanghai.day = self.day({"case": digest(letter.digest.encode())})
            mending.compare_days(tomorrow)
            assert Alarm.objects.get().settled_at is not None

    def day(self, subjects):
        return {"digest": queries.Checkpoint(subjects).digest, "subjects": subjects}


class TestClient:
    def test_a_peer_that_is_away_is_not_yet(self):
        with pytest.raises(NotYet, match="unreachable"):
            client.fetch("31", "/nodes/v1/files/x")

    def test_a_node_that_the_directory_does_not_list_is_not_spoken_to(self):
        with pytest.raises(NotYet, match="unreachable"):
            client.fetch("99", "/nodes/v1/files/x")


class TestPeers:
    def test_the_operator_sees_how_letters_stand_with_each_peer(self):
        letter = build.a_letter(receivers=["31", "32"])
        (parcel,) = actions.claim(["31"])
        actions.finish([(parcel, build.a_receipt(letter))])
        (troubled,) = actions.claim(["32"])
        actions.refused(troubled, reason="wrong_signature")
        hub, shanghai, jiangsu = queries.peers(OPERATOR)
        assert (hub.code, hub.waiting, hub.oldest) == ("00", 0, None)
        assert (shanghai.waiting, shanghai.answered_at is not None, shanghai.alarms) == (0, True, 0)
        assert (jiangsu.waiting, jiangsu.troubled, jiangsu.alarms) == (1, 1, 1)
        assert jiangsu.oldest == Delivery.objects.get(receiver="32").asked_at

    def test_the_page_of_all_peers_takes_one_query(self, django_assert_num_queries):
        for receiver in ("31", "32"):
            build.a_letter(receivers=[receiver])
        with django_assert_num_queries(1):
            queries.peers(OPERATOR)

    @pytest.mark.parametrize("role", [Role.APPLICANT, Role.CLERK, Role.OFFICER, Role.ANYONE])
    def test_nobody_else_sees_it(self, role):
        for query in (queries.peers, queries.alarms):
            with pytest.raises(Rejected, match="not_allowed"):
                query(Actor(role=role, node="34"))

    def test_letters_to_and_from_a_peer_are_listed_newest_first(self):
        first, second = build.a_letter(subject="a"), build.a_letter(subject="b")
        assert [row.letter_id for row in queries.letters_to(OPERATOR, "31")] == [second.id, first.id]
        with build.hearing(lambda heard: None):
            actions.receive("31", build.a_sealed())
        assert [row.sender for row in queries.letters_from(OPERATOR, "31")] == ["31"]

    def test_the_age_of_the_outbox_is_that_of_its_oldest_letter(self):
        assert queries.outbox_age().total_seconds() == 0
        build.a_letter()
        assert 0 <= queries.outbox_age().total_seconds() < 60


class TestAlarm:
    def test_the_same_alarm_is_raised_once_and_anew_after_it_was_settled(self):
        assert actions.raise_alarm("fork", peer="31", subject="case")
        assert not actions.raise_alarm("fork", peer="31", subject="case")
        actions.settle_by_hand(OPERATOR, alarm=Alarm.objects.get().id)
        assert actions.raise_alarm("fork", peer="31", subject="case")
        assert [alarm.settled_at is None for alarm in Alarm.objects.order_by("id")] == [False, True]

    def test_only_an_operator_settles_one(self):
        actions.raise_alarm("fork", peer="31")
        with pytest.raises(Rejected, match="not_allowed"):
            actions.settle_by_hand(Actor(role=Role.OFFICER, node="34"), alarm=Alarm.objects.get().id)

    def test_one_that_is_settled_is_not_found(self):
        with pytest.raises(Rejected, match="not_found"):
            actions.settle_by_hand(OPERATOR, alarm=0)
