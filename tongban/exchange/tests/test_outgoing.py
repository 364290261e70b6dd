import json
import uuid

import pytest
from django.db import ProgrammingError, transaction

from tongban.base.canonical import digest
from tongban.base.errors import Rejected
from tongban.exchange import actions, queries
from tongban.exchange.models import Delivery, Letter
from tongban.exchange.models import Part as PartRow
from tongban.exchange.rules import Part
from tongban.exchange.tests import build

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_letter_outside_a_transaction_is_refused():
    with pytest.raises(transaction.TransactionManagementError):
        actions.send(kind="greeting", subject="s", data={}, receivers=["31"])


def test_a_letter_vanishes_with_the_transaction_of_its_cause():
    with transaction.atomic():
        actions.send(kind="greeting", subject="s", data={}, receivers=["31"])
        transaction.set_rollback(True)
    assert not Letter.objects.exists()
    assert not Delivery.objects.exists()


def test_the_letter_is_known_by_the_digest_of_its_signed_bytes():
    letter = build.a_letter(receivers=[])
    sealed = queries.find_sealed(letter.id)
    assert sealed is not None
    assert letter.digest == digest(sealed.payload)
    assert json.loads(sealed.payload)["id"] == str(letter.id)


def test_each_receiver_gets_its_own_parts_only():
    content = b'{"salt":"x"}'
    data = {"bodies": {"applicant": digest(content)}}
    letter = build.a_letter(receivers=["31", "32"], data=data, parts={"31": [Part("applicant", content)]})
    assert [(part.receiver, part.audience) for part in PartRow.objects.filter(letter=letter)] == [("31", "applicant")]
    assert Delivery.objects.filter(letter=letter).count() == 2


def test_parts_for_one_who_does_not_receive_are_refused():
    with pytest.raises(ValueError, match="do not receive"):
        build.a_letter(receivers=["31"], parts={"32": [Part("applicant", b"x")]})


def test_a_forwarded_letter_comes_after_what_the_follower_already_has():
    first = build.a_letter(receivers=["31"])
    second = build.a_letter(receivers=["31", "32"])
    with transaction.atomic():
        actions.forward(first.id, receiver="32")
        actions.forward(first.id, receiver="32")
    order = Delivery.objects.filter(receiver="32").order_by("id").values_list("letter_id", flat=True)
    assert list(order) == [second.id, first.id]


def test_nobody_writes_to_himself():
    with pytest.raises(ValueError, match="itself"):
        build.a_letter(receivers=["34"])


def test_the_app_role_cannot_change_a_signed_letter():
    letter = build.a_letter()
    with pytest.raises(ProgrammingError, match="permission denied"):
        Letter.objects.filter(id=letter.id).update(subject="other")


def test_an_id_given_by_the_caller_is_the_letters_id():
    given = uuid.uuid4()
    assert build.a_letter(letter_id=given).id == given


@pytest.mark.parametrize(
    ("data", "sizes"),
    [({"text": "x" * 256_001}, []), ({}, [2_000_001]), ({}, [1_600_000, 1_600_000])],
    ids=["long letter", "long part", "together too long"],
)
def test_a_letter_that_no_receiver_would_take_is_not_written(data, sizes):
    parts = [Part(f"a{number}", bytes(size)) for number, size in enumerate(sizes)]
    with pytest.raises(Rejected, match="too_large"):
        build.a_letter(data={**data, "bodies": {}}, parts={"31": parts})
    assert not Letter.objects.exists()
