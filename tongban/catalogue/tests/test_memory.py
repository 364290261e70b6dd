"""The catalogue of a node restored from a backup: what it published since comes back from those who heard it."""

from datetime import date

import pytest
from django.core.management import call_command

from tongban.catalogue import actions, memory, queries
from tongban.catalogue.models import Agreement, ItemVersion
from tongban.catalogue.tests.build import OPERATOR, an_agreement_content, load_base_items, publish
from tongban.exchange.actions import rebuild_next
from tongban.exchange.models import Delivery, Letter
from tongban.exchange.tests import build

pytestmark = pytest.mark.django_db

SUBJECT = "kstb-1-37@34"


@pytest.fixture(autouse=True)
def federation(settings, tmp_path):
    build.a_federation(settings, tmp_path)
    load_base_items()


def rows():
    columns = ("item", "version", "status", "digest", "effective_from", "withdrawn_on", "heard_at", "letters")
    return list(ItemVersion.objects.order_by("item", "version").values(*columns))


def test_a_version_published_and_withdrawn_after_the_backup_comes_back():
    publish()
    with build.a_lost_life() as life:
        publish(topics=["新"])
        actions.withdraw(OPERATOR, item="kstb-1-37", version=1, on=date(2026, 12, 1))
        before = rows()
    assert len(rows()) == 1
    memory.rebuild(SUBJECT, life.recalled)
    assert rows() == before


def test_what_several_peers_tell_counts_once():
    with build.a_lost_life() as life:
        publish()
    assert {entry.peer for entry in life.recalled} == {"00", "31", "32"}
    memory.rebuild(SUBJECT, life.recalled)
    memory.rebuild(SUBJECT, life.recalled)
    assert len(ItemVersion.objects.get().letters) == 1


def test_the_next_version_goes_on_above_the_highest_seen():
    with build.a_lost_life() as life:
        publish()
    memory.rebuild(SUBJECT, life.recalled)
    assert publish(topics=["新"]).version == 2


def test_an_agreement_comes_back_with_the_signature_under_it():
    with build.a_lost_life() as life:
        actions.publish_agreement(OPERATOR, content=an_agreement_content())
        before = Agreement.objects.values("key", "version", "digest", "signatures").get()
    memory.rebuild("agreement-trial", life.recalled)
    assert Agreement.objects.values("key", "version", "digest", "signatures").get() == before


def test_a_node_that_had_not_got_it_gets_it_now():
    with build.a_lost_life(taken=lambda delivery: delivery.receiver != "32") as life:
        publish()
    build.put_back(life.recalled)
    while rebuild_next():
        pass
    memory.opened()
    letter = Letter.objects.get(subject=SUBJECT)
    open_to = Delivery.objects.filter(letter=letter, receipt=None).values_list("receiver", flat=True)
    assert list(open_to) == ["32"]


def test_what_was_withdrawn_in_the_old_life_is_not_published_again():
    publish()
    with build.a_lost_life() as life:
        actions.withdraw(OPERATOR, item="kstb-1-37", version=1, on=date(2026, 12, 1))
    build.put_back(life.recalled)
    while rebuild_next():
        pass
    memory.opened()
    assert [(row.version, row.status) for row in ItemVersion.objects.all()] == [(1, "withdrawn")]


def test_loading_on_a_node_that_recovers_publishes_nothing(settings, capsys):
    build.restore(settings)
    call_command("load_items")
    assert "run this again when it has recovered" in capsys.readouterr().out
    assert not ItemVersion.objects.exists()
    assert queries.shipped_base_items()
