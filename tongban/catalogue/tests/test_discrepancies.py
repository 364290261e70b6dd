from datetime import date

import pytest

from tongban.base.actor import Actor, Role
from tongban.base.errors import Rejected
from tongban.catalogue import actions, letters, queries
from tongban.catalogue.models import Discrepancy
from tongban.catalogue.rules.bodies import ItemBody
from tongban.catalogue.tests.build import OPERATOR, a_content, heard, publish

pytestmark = pytest.mark.django_db


def shanghai_publishes(version=1, **changes):
    body = ItemBody("kstb-1-37", "31", version, "published", date(2026, 1, 1), None, a_content(**changes))
    letters.hear_item(heard("item", "kstb-1-37@31", body.as_json(), sender="31"))


def promised(text):
    return {"limits": {**a_content()["limits"], "promised": text}, "phases": []}


def found(state="open"):
    return [(row.path, row.here, row.there) for row in queries.discrepancies(OPERATOR, state=state)]


def test_what_differs_is_noted_when_the_other_province_publishes():
    publish()
    shanghai_publishes(item_type="07")
    assert found() == [("item_type", "行政许可", "行政确认")]
    assert Discrepancy.objects.get().breaks_four_same


def test_and_when_this_province_does():
    publish()
    shanghai_publishes()
    assert found() == []
    publish(topics=["开店"], visits={**a_content()["visits"], "count": 0}, questions=a_content()["questions"])
    content = a_content(result={**a_content()["result"], "name": "电子营业执照", "sample": "示例"})
    actions.publish(OPERATOR, content=content)
    assert [path for path, _, _ in found()] == ["result"]


def test_what_agrees_again_is_gone_and_comes_back_open():
    publish()
    shanghai_publishes(item_type="07")
    shanghai_publishes(version=2)
    assert (found(), len(found("gone"))) == ([], 1)
    shanghai_publishes(version=3, item_type="07")
    assert len(found()) == 1
    assert Discrepancy.objects.count() == 1


def test_a_discrepancy_is_followed_with_a_word_on_it():
    publish()
    shanghai_publishes(item_type="07")
    row = Discrepancy.objects.get()
    actions.follow_discrepancy(OPERATOR, discrepancy=row.pk, state="kept", note="两地立法不同（示例）")
    assert [entry.note for entry in queries.discrepancies(OPERATOR, state="kept")] == ["两地立法不同（示例）"]


@pytest.mark.parametrize(("state", "note"), [("kept", " "), ("gone", "x"), ("lost", "x")])
def test_a_state_needs_a_reason_and_gone_is_said_by_nobody(state, note):
    publish()
    shanghai_publishes(item_type="07")
    with pytest.raises(Rejected, match="invalid"):
        actions.follow_discrepancy(OPERATOR, discrepancy=Discrepancy.objects.get().pk, state=state, note=note)


def test_only_operators_follow_and_only_they_and_auditors_read():
    publish()
    shanghai_publishes(item_type="07")
    auditor = Actor(role=Role.AUDITOR, node="34")
    assert len(queries.discrepancies(auditor, state="open")) == 1
    with pytest.raises(Rejected, match="not_allowed"):
        actions.follow_discrepancy(auditor, discrepancy=1, state="kept", note="x")
    with pytest.raises(Rejected, match="not_allowed"):
        queries.discrepancies(Actor(role=Role.CLERK, node="34"), state="open")
