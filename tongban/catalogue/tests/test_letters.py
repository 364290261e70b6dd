import uuid
from datetime import date

import pytest

from tongban.base.canonical import canonical_json
from tongban.base.errors import NotYet, Rejected
from tongban.catalogue import actions, letters, queries
from tongban.catalogue.models import Agreement, ItemVersion
from tongban.catalogue.rules.bodies import ItemBody
from tongban.catalogue.tests.build import (
    OPERATOR,
    a_content,
    an_agreement_content,
    heard,
    load_base_items,
    publish,
)
from tongban.exchange.models import Letter
from tongban.exchange.rules import read_event

pytestmark = pytest.mark.django_db


def body(**changes):
    values = {
        "item": "kstb-1-37",
        "province": "31",
        "version": 1,
        "status": "published",
        "effective_from": date(2026, 1, 1),
        "withdrawn_on": None,
        "content": a_content(),
    }
    return ItemBody(**{**values, **changes}).as_json()


def hear(data, *, subject="kstb-1-37@31", sender="31", letter=None):
    letters.hear_item(heard("item", subject, data, sender=sender, letter=letter))


def test_the_body_of_an_item_letter_has_this_form():
    data = body(content={"key": "kstb-1-37"})
    assert canonical_json(data) == (
        b'{"content":{"key":"kstb-1-37"},"effective_from":"2026-01-01","item":"kstb-1-37","province":"31",'
        b'"status":"published","suspended_from":null,"suspended_until":null,"version":1,"why":"","withdrawn_on":null}'
    )


def test_another_provinces_standard_is_kept_and_served_with_its_age():
    load_base_items()
    letter = uuid.uuid4()
    hear(body(), letter=letter)
    row = queries.find_version("kstb-1-37", "31")
    assert (row.version, row.letters) == (1, [str(letter)])
    assert row.heard_at is not None
    assert queries.get_definition("kstb-1-37", "31")[1].name == "个体工商户设立登记"


def test_what_one_node_publishes_another_reads(settings):
    load_base_items()
    settings.NODE = "31"
    published = publish()
    event = read_event(bytes(Letter.objects.get().payload))
    ItemVersion.objects.all().delete()
    settings.NODE = "34"
    hear(event.data, subject=event.subject, sender=event.sender)
    assert queries.find_version("kstb-1-37", "31").digest == published.digest


def test_a_withdrawal_ends_the_version_on_its_day():
    load_base_items()
    hear(body())
    hear(body(status="withdrawn", withdrawn_on=date(2026, 9, 1)))
    assert queries.is_valid_on("kstb-1-37", "31", 1, date(2026, 8, 31))
    assert not queries.is_valid_on("kstb-1-37", "31", 1, date(2026, 9, 1))


def test_a_node_cannot_speak_for_another_province():
    load_base_items()
    with pytest.raises(Rejected, match="item_not_theirs"):
        hear(body(), sender="33")
    assert not ItemVersion.objects.exists()


def test_a_published_version_does_not_change_under_its_number():
    load_base_items()
    hear(body())
    with pytest.raises(Rejected, match="item_differs"):
        hear(body(content=a_content(topics=["改"])))


def test_an_item_that_is_not_in_the_catalogue_yet_waits():
    with pytest.raises(NotYet, match="item_unknown_yet"):
        hear(body())


def test_a_form_that_only_a_newer_program_reads_waits():
    load_base_items()
    with pytest.raises(NotYet, match="item_unreadable"):
        hear(body(content=a_content(pattern="telepathy")))


@pytest.mark.parametrize(
    "changes",
    [
        {"version": "1"},
        {"version": 0},
        {"status": "draft"},
        {"content": []},
        {"effective_from": "soon"},
        {"item": None},
    ],
)
def test_a_malformed_body_is_refused(changes):
    load_base_items()
    with pytest.raises(Rejected):
        hear({**body(), **changes})


def test_a_body_without_a_version_is_refused():
    data = body()
    del data["version"]
    with pytest.raises(Rejected, match="malformed"):
        hear(data)


def test_an_agreement_gathers_the_signatures_of_its_parties():
    content = {"content": an_agreement_content()}
    letters.hear_agreement(heard("agreement", "agreement-trial", content, sender="00"))
    letters.hear_agreement(heard("agreement", "agreement-trial", content, sender="31"))
    actions.publish_agreement(OPERATOR, content=an_agreement_content())
    assert [entry["node"] for entry in Agreement.objects.get().signatures] == ["00", "31", "34"]


def test_two_texts_of_one_agreement_are_an_alarm():
    letters.hear_agreement(heard("agreement", "agreement-trial", {"content": an_agreement_content()}, sender="00"))
    other = {"content": an_agreement_content(name="另一份")}
    with pytest.raises(Rejected, match="agreement_differs"):
        letters.hear_agreement(heard("agreement", "agreement-trial", other, sender="31"))


def test_an_agreement_under_a_foreign_subject_is_refused():
    with pytest.raises(Rejected, match="malformed"):
        letters.hear_agreement(heard("agreement", "agreement-x", {"content": an_agreement_content()}))
