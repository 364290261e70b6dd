"""Two who act at the same moment: workers beside each other, and the person beside the worker."""

import threading
from dataclasses import replace

import pytest
from django.db import connection, transaction

from tongban.applications.models import Application
from tongban.applications.tests.build import a_clerk, wang
from tongban.base.actor import Actor
from tongban.base.errors import Rejected
from tongban.bundles import actions
from tongban.bundles.actions.following import follow
from tongban.bundles.models import Bundle
from tongban.bundles.tests.build import application, case_of, decide, filled_in, ground, part_of, states
from tongban.calendar.queries import now
from tongban.cases.rules.table import Act
from tongban.cases.tests.build import FEIXI
from tongban.exchange.tests.build import wait_until_somebody_waits
from tongban.people.tests.build import a_person

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _ground(settings, tmp_path):
    ground(settings, tmp_path)


def granted(actor: Actor) -> Bundle:
    """Handed in, and what comes before the claim is granted: the claim's turn has come."""
    made = filled_in(actor, paying_place=FEIXI)
    actions.submit(actor, made.id)
    decide(case_of(made, "registration"), Act.ACCEPT, Act.GRANT)
    return made


def beside(made: Bundle, work) -> list[object]:
    """Two do the work while the bundle is held, and go on one after the other; what each of them got."""
    found: list[object] = []

    def do() -> None:
        try:
            found.append(work())
        except Rejected as refusal:
            found.append(refusal.reason)
        connection.close()

    both = [threading.Thread(target=do) for _ in range(2)]
    with transaction.atomic():
        Bundle.objects.select_for_update().get(id=made.id)
        for one in both:
            one.start()
        wait_until_somebody_waits()
    for one in both:
        one.join()
    return found


def test_two_workers_hand_a_part_in_once():
    made = granted(wang())
    key = part_of(made, "claim").pk
    assert sorted(map(bool, beside(made, lambda: follow(key)))) == [False, True]
    assert Application.objects.filter(item="kstb-1-16").count() == 1


def test_two_clicks_hand_a_bundle_in_once():
    actor = wang()
    made = filled_in(actor)
    found = beside(made, lambda: actions.submit(actor, made.id).state)
    assert sorted(map(str, found)) == ["submitted", "submitted_already"]
    assert Application.objects.count() == 2


def test_what_she_lets_go_at_the_last_moment_is_not_handed_in():
    actor = wang()
    made = granted(actor)
    actions.let_go(actor, made.id, part="claim")
    assert not follow(part_of(made, "claim").pk)
    assert states(made)["claim"] == "let_go"
    assert not Application.objects.filter(item="kstb-1-16").exists()


def test_a_clerk_who_helps_hands_in_and_what_follows_goes_in_his_name():
    person = a_person()
    clerk = replace(a_clerk(), on_behalf_of=person.id)
    made = granted(clerk)
    assert actions.follow_bundles(now())
    claim = application(part_of(made, "claim"))
    assert (claim.state, claim.channel, claim.applicant) == ("submitted", "helped", person.id)
