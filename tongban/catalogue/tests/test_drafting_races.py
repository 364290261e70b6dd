"""Two who do something with the same draft at the same moment."""

import threading
from collections.abc import Callable

import pytest
from django.db import connection, transaction

from tongban.base.errors import Rejected
from tongban.calendar.queries import today
from tongban.catalogue import actions
from tongban.catalogue.models import Draft, ItemVersion
from tongban.catalogue.rules.drafting import Act, Given
from tongban.catalogue.tests.build import OPERATOR
from tongban.catalogue.tests.drafting import (
    ALONE,
    ITEM,
    a_drafter,
    a_reviewer,
    a_unit,
    consulted,
    do,
    now_of,
    offices,
    seen,
    sent,
)
from tongban.exchange.tests.build import a_federation, wait_until_somebody_waits

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _offices(settings, tmp_path):
    a_federation(settings, tmp_path)
    offices()


def beside(second: Callable[[], object], first: Callable[[], object]) -> list[str]:
    """The first is done and held open while the second waits for it; why the second was refused."""
    reasons: list[str] = []

    def run():
        try:
            second()
        except Rejected as refusal:
            reasons.append(refusal.reason)
        finally:
            connection.close()

    thread = threading.Thread(target=run)
    with transaction.atomic():
        first()
        thread.start()
        wait_until_somebody_waits()
    thread.join()
    return reasons


def test_two_who_begin_a_draft_of_one_item_make_one():
    one, other = a_drafter("one"), a_drafter("other")
    found = beside(
        lambda: actions.begin_draft(one, item=ITEM),
        lambda: actions.begin_draft(other, item=ITEM),
    )
    assert found == ["draft_open_already"]
    assert Draft.objects.get().authors == [other.person]


def test_two_officers_of_a_unit_say_one_opinion():
    draft, one, other = consulted(), a_unit("one"), a_unit("other")
    before = seen(draft)

    def say(officer, verdict):
        given = Given(verdict=verdict, said="示例")
        actions.take_step(officer, draft.id, act=Act.OPINE, seen=before, given=given)

    assert beside(lambda: say(one, "object"), lambda: say(other, "agree")) == ["standard_changed"]
    assert draft.steps.get(act="opine").verdict == "agree"


def test_who_withdraws_while_it_is_published_comes_too_late():
    draft, drafter = sent(ALONE), a_drafter()
    do(a_reviewer(), draft, Act.SCHEDULE, on=today())
    before = seen(draft)

    def withdraw():
        actions.take_step(drafter, draft.id, act=Act.WITHDRAW, seen=before, given=Given(said="示例"))

    assert beside(withdraw, lambda: actions.publish_draft(OPERATOR, draft.id)) == ["standard_changed"]
    assert now_of(draft).status == "published"
    assert ItemVersion.objects.get(item=ALONE).version == 1
