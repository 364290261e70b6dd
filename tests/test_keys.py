"""A field key can be changed for everything that lies encrypted at this node, by one command."""

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command
from django.db import models

from tongban.applications import vault as vault_of_applications
from tongban.applications.actions import submit
from tongban.applications.models import Application, Paper, Supplement
from tongban.applications.queries import content_of, find_paper, get_application
from tongban.applications.tests.test_actions import complete, shanghai_publishes
from tongban.base import keys
from tongban.base.uuid7 import uuid7
from tongban.bundles import vault as vault_of_bundles
from tongban.bundles.models import Bundle
from tongban.bundles.models import Part as BundlePart
from tongban.calendar.queries import now
from tongban.cases.models import Body, Dossier
from tongban.cases.queries import get_view
from tongban.cases.tests.build import XUHUI, publish
from tongban.exchange import vault
from tongban.exchange.actions import claim
from tongban.exchange.models import Memory, Part
from tongban.exchange.tests.build import a_federation
from tongban.orgs.tests.build import some_organs
from tongban.people.models import Person

ENCRYPTED = {
    Person: {"id_number", "phone"},
    Part: {"content"},
    Memory: {"parts"},
    Body: {"content"},
    Dossier: {"content"},
    Application: {"content"},
    Paper: {"content"},
    Supplement: {"content"},
    Bundle: {"content"},
    BundlePart: {"content"},
}
PLAIN = {
    "exchange.Letter": {"protected", "payload", "signature"},
    "exchange.Delivery": {"receipt"},
    "exchange.Inbox": {"protected", "payload", "signature", "receipt"},
    "exchange.Memory": {"protected", "payload", "signature", "receipt"},
    "catalogue.ItemVersion": {"content"},
    "catalogue.Draft": {"content"},
    "catalogue.DraftStep": {"content"},
    "catalogue.Agreement": {"content"},
    "catalogue.Implementation": {"content"},
}


@pytest.fixture
def folder(settings, tmp_path):
    a_federation(settings, tmp_path)
    keys.write_ring(settings.STATE / "keys", "field", keys.ring_for_tests("34", "field").keys)
    some_organs()
    publish()
    return settings.STATE / "keys"


def test_every_column_of_bytes_is_known_as_encrypted_or_plain():
    found = {
        model._meta.label: columns
        for model in apps.get_models()
        if (columns := {field.name for field in model._meta.fields if isinstance(field, models.BinaryField)})
    }
    encrypted = {model._meta.label: columns for model, columns in ENCRYPTED.items()}
    assert found == {label: PLAIN.get(label, set()) | encrypted.get(label, set()) for label in {*PLAIN, *encrypted}}


def a_forgotten_letter():
    """What a peer told a restored node, before anything is rebuilt from it."""
    parts = vault.lock(b'{"home":"e30"}')
    told = {"peer": "31", "ours": False, "letter_id": uuid7(), "kind": "ask", "subject": "case", "parts": parts}
    Memory.objects.create(**told, protected=b"", payload=b"", signature=b"", receipt=b"")


def a_waiting_supplement():
    """What answers a correction notice and is not signed by everybody yet."""
    content = vault_of_applications.lock_json({"answers": {}})
    waiting = {"id": uuid7(), "case": uuid7(), "seen": 1, "state": Supplement.State.DRAFT, "content": content}
    Supplement.objects.create(**waiting, organ="", made_at=now(), changed_at=now())


def a_waiting_part():
    """A bundle that was handed in, and a part of it that waits for another."""
    content, at = vault_of_bundles.lock_json({"answers": {}, "materials": []}), {"changed_at": now()}
    made = Bundle.objects.create(
        id=uuid7(), version=1, applicant=uuid7(), person=uuid7(), content=content, made_at=now(), **at
    )
    BundlePart.objects.create(bundle=made, key="claim", position=1, state="waiting", content=content, **at)


@pytest.mark.django_db
def test_after_a_new_field_key_everything_opens_under_it_alone(folder):
    a_forgotten_letter()
    a_waiting_supplement()
    a_waiting_part()
    actor, here = complete()
    submit(actor, here.id)
    shanghai_publishes()
    _, there = complete(actor, place=XUHUI)
    submit(actor, there.id)
    before = (content_of(get_application(actor, there.id)), find_paper(actor, here.id, kind="receipt"))
    said = get_view(actor, here.id).timeline[0].said

    call_command("rotate_keys", "field", verbosity=0)
    ring = keys.read_ring(folder, "field")
    for model, columns in ENCRYPTED.items():
        rows = list(model.objects.values(*columns))
        assert rows, f"nothing to test in {model.__name__}"
        assert all(keys.is_current(ring, bytes(stored)) for row in rows for stored in row.values() if stored)

    keys.write_ring(folder, "field", ring.keys[:1])
    after = (content_of(get_application(actor, there.id)), find_paper(actor, here.id, kind="receipt"))
    assert (after, get_view(actor, here.id).timeline[0].said) == (before, said)
    assert claim(["31"])[0].parts


@pytest.mark.django_db
def test_an_interrupted_change_is_finished_without_another_key(folder, capsys):
    actor, here = complete()
    submit(actor, here.id)
    ring = keys.read_ring(folder, "field")
    keys.write_ring(folder, "field", [keys.new_key("34", ring), *ring.keys])
    call_command("rotate_keys", "field", finish=True)
    assert len(keys.read_ring(folder, "field").keys) == 2
    assert capsys.readouterr().out == "5 rows written again\n"
    call_command("rotate_keys", "field", finish=True)
    assert capsys.readouterr().out == "0 rows written again\n"


def test_a_signing_key_has_nothing_to_finish():
    with pytest.raises(CommandError, match="nothing is written again"):
        call_command("rotate_keys", "signing", finish=True)
