"""When bundles go, what goes with them, and a new field key."""

from datetime import timedelta

import pytest
from django.utils import timezone

from tongban.applications.tests.build import wang
from tongban.base.actor import Actor, Role, system
from tongban.base.errors import Rejected
from tongban.bundles.actions import submit
from tongban.bundles.actions.erasing import encrypt_again
from tongban.bundles.actions.following import follow_bundles
from tongban.bundles.models import Bundle, Part
from tongban.bundles.queries import content_of
from tongban.bundles.tests.build import case_of, decide, filled_in, ground, part_of, states
from tongban.bundles.vault import PLACE
from tongban.calendar.queries import now
from tongban.cases import vault
from tongban.cases.models import Case
from tongban.cases.rules.table import Act
from tongban.files.models import Claim
from tongban.retention.actions import erase_some, rules

pytestmark = pytest.mark.django_db
NODE = system("34")


@pytest.fixture(autouse=True)
def _ground(settings, tmp_path):
    ground(settings, tmp_path)


def work(days: int, *names: str) -> None:
    """What the job does of these rules once so many days have passed."""
    for rule in rules(NODE):
        if rule.name in names:
            erase_some(rule, now=timezone.now() + timedelta(days=days))


def test_a_draft_that_nobody_touches_goes_with_its_files():
    made = filled_in(wang())
    work(89, "bundle")
    assert Bundle.objects.exists()
    work(91, "bundle")
    assert not Bundle.objects.exists()
    assert not Claim.objects.filter(case=made.id).exists()


def test_a_bundle_that_was_handed_in_is_no_abandoned_draft():
    made = filled_in(wang())
    submit(wang(), made.id)
    work(91, "bundle", "undecided", "bundle_done")
    assert states(made)["claim"] == "waiting"


def test_a_part_on_which_she_never_decides_is_let_go():
    made = filled_in(wang())
    submit(wang(), made.id)
    decide(case_of(made, "registration"), Act.DECLINE, reason="示例")
    follow_bundles(now())
    work(91, "undecided")
    assert (states(made)["claim"], bytes(part_of(made, "claim").content)) == ("let_go", b"")
    assert not Claim.objects.filter(case=made.id).exists()


def test_a_bundle_stays_as_long_as_the_contents_of_its_cases():
    made = filled_in(wang(), benefit="no")
    submit(wang(), made.id)
    work(181, "bundle_done")
    assert Bundle.objects.exists()
    Case.objects.update(erased_at=timezone.now())
    work(181, "bundle_done")
    assert not Part.objects.exists()


def test_under_a_new_key_everything_opens():
    made = filled_in(wang())
    before = content_of(made)
    assert encrypt_again(NODE) == 0
    with pytest.raises(Rejected, match="not_allowed"):
        encrypt_again(Actor(role=Role.OPERATOR, node="34"))
    made.refresh_from_db()
    assert content_of(made) == before
    assert vault.renewed(made.content, place=PLACE) is None
