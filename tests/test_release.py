"""An operator lets a restored node go on without what does not come back, by a command with a reason."""

import pytest
from django.core.management import CommandError, call_command

from tongban.base.uuid7 import uuid7
from tongban.exchange import actions, vault
from tongban.exchange.models import Loss, Memory, Telling
from tongban.exchange.tests import build
from tongban.journal.models import Entry

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def restored(settings, tmp_path):
    build.a_federation(settings, tmp_path)
    build.restore(settings)
    actions.begin_recovery()


def test_without_a_peer_and_the_reason_stays():
    call_command("release_recovery", peer="31", reason="机房检修至周五", verbosity=0)
    assert Telling.objects.get(peer="31").released_at is not None
    entry = Entry.objects.get(event="recovery_released")
    assert (entry.facts, entry.role) == ({"peer": "31", "reason": "机房检修至周五"}, "operator")


def test_without_a_subject_that_cannot_be_rebuilt():
    told = {"peer": "31", "ours": True, "letter_id": uuid7(), "kind": "step", "subject": "case", "trouble": "fork"}
    signed = {"protected": b"", "payload": b"", "signature": b"", "receipt": b"", "parts": vault.lock(b"{}")}
    Memory.objects.create(**told, **signed)
    call_command("release_recovery", subject="case", reason="双方已书面确认", verbosity=0)
    assert not Memory.objects.exists()
    assert Loss.objects.get().detail == "step fork"
    assert Entry.objects.get(event="recovery_released").facts["letters"] == "1"


@pytest.mark.parametrize("what", [{"peer": "99"}, {"subject": "nothing"}])
def test_what_is_not_waited_for_is_not_let_go_of(what):
    with pytest.raises(CommandError):
        call_command("release_recovery", **what, reason="示例", verbosity=0)
    assert not Entry.objects.filter(event="recovery_released").exists()


def test_not_without_a_reason():
    with pytest.raises(CommandError, match="reason"):
        call_command("release_recovery", peer="31", reason=" ", verbosity=0)
