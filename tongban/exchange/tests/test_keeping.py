"""Parts lie encrypted, open under a new key, and go when their time is over."""

import json

import pytest

from tongban.base import keys
from tongban.base.actor import system
from tongban.base.canonical import digest
from tongban.exchange import actions, queries
from tongban.exchange.models import Delivery, Letter
from tongban.exchange.models import Part as PartRow
from tongban.exchange.rules import Part
from tongban.exchange.tests import build

pytestmark = pytest.mark.django_db

SECRET = "身份证号".encode()


@pytest.fixture(autouse=True)
def federation(settings, tmp_path):
    build.a_federation(settings, tmp_path)


def with_a_body(**more) -> Letter:
    data = {"bodies": {"home": digest(SECRET)}}
    return build.a_letter(data=data, parts={"31": [Part("home", SECRET)]}, **more)


def receipted(letter: Letter, **days: float) -> None:
    Delivery.objects.filter(letter=letter).update(receipt=b"{}", receipted_at=build.later(**days))


def test_a_part_lies_encrypted_and_travels_as_it_was_written():
    with_a_body()
    assert SECRET not in bytes(PartRow.objects.get().content)
    (parcel,) = actions.claim(["31"])
    assert parcel.parts == (Part("home", SECRET),)
    ((_, pulled),), _ = queries.letters_for("31", subject="s-1", after=None)
    assert pulled == [Part("home", SECRET)]


def test_parts_go_when_their_receipt_is_old_enough_and_the_letter_stays():
    letter = with_a_body()
    receipted(letter, days=-31)
    assert actions.erase_parts(before=build.later(days=-30), most=10) == [f"part {letter.id}/31/home {letter.digest}"]
    assert not PartRow.objects.exists()
    ((sealed, parts),), _ = queries.letters_for("31", subject="s-1", after=None)
    assert (sealed.digest, parts) == (letter.digest, [])
    assert json.loads(sealed.payload)["data"]["bodies"] == {"home": digest(SECRET)}


def test_a_part_without_a_receipt_is_kept_however_old():
    with_a_body()
    assert actions.erase_parts(before=build.later(days=3650), most=10) == []


def test_a_part_whose_receipt_is_young_is_kept():
    receipted(with_a_body(), days=-29)
    assert actions.erase_parts(before=build.later(days=-30), most=10) == []


def test_each_receivers_part_has_its_own_time():
    data = {"bodies": {"applicant": digest(b"a"), "deciding": digest(b"d")}}
    parts = {"31": [Part("applicant", b"a")], "32": [Part("deciding", b"d")]}
    letter = build.a_letter(receivers=["31", "32"], data=data, parts=parts)
    Delivery.objects.filter(letter=letter, receiver="31").update(receipt=b"{}", receipted_at=build.later(days=-31))
    actions.erase_parts(before=build.later(days=-30), most=10)
    assert PartRow.objects.get().receiver == "32"


def test_parts_open_under_a_new_field_key_alone(settings):
    ring = keys.ring_for_tests("34", "field")
    newer = keys.new_key("34", ring)
    keys.write_ring(settings.STATE / "keys", "field", ring.keys)
    with_a_body()
    keys.write_ring(settings.STATE / "keys", "field", [newer, *ring.keys])
    assert actions.encrypt_again(system("34")) == 1
    assert actions.encrypt_again(system("34")) == 0
    keys.write_ring(settings.STATE / "keys", "field", [newer])
    assert actions.claim(["31"])[0].parts == (Part("home", SECRET),)
