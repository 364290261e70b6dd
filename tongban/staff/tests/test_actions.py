from dataclasses import replace
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from tongban.base.actor import Role
from tongban.base.errors import Rejected
from tongban.base.times import legal_date
from tongban.journal.models import Entry
from tongban.orgs.models import Grant, Officer
from tongban.orgs.queries import find_organ, may
from tongban.orgs.tests.build import FEIXI
from tongban.people.models import Account
from tongban.people.queries import actor_of
from tongban.staff import actions
from tongban.staff.tests.build import HALL, OPERATOR, POLICE, account, ground, loaded

pytestmark = pytest.mark.django_db

TODAY = legal_date(timezone.now())
ITEM = "kstb-1-37"


@pytest.fixture(autouse=True)
def _ground(settings, tmp_path):
    ground(settings, tmp_path)
    loaded()


def events(event: str) -> list[dict[str, str]]:
    return [entry.facts for entry in Entry.objects.filter(event=event).order_by("id")]


def leave(username: str, *, actor=OPERATOR, on=TODAY):
    return actions.leave(actor, account=account(username).id, on=on)


def test_an_officer_is_appointed_with_an_account_that_nothing_opens_yet():
    made = account("police1")
    assert not made.has_usable_password()
    officer = Officer.objects.get(account_id=made.id)
    assert (officer.id, officer.organ_id, officer.name) == (made.officer_id, POLICE, "示例承办")
    assert {"account": str(made.id), "role": "officer", "organ": POLICE} in events("staff_appointed")


def test_an_officer_who_moves_keeps_his_account_and_serves_the_other_organ():
    before = account("police1")
    actions.appoint(OPERATOR, username="police1", name="示例承办", role=Role.OFFICER, organ=HALL.lower())
    after = account("police1")
    assert (after.id, after.officer_id, after.organ) == (before.id, before.officer_id, HALL)
    assert Officer.objects.get(id=after.officer_id).organ_id == HALL
    assert events("staff_changed")[0]["organ_before"] == POLICE


def test_who_has_left_is_out_at_once_and_his_rows_stay():
    officer = account("police1")
    client = Client()
    client.force_login(officer)
    assert client.get("/office/").status_code == 200
    leave("police1")
    assert client.get("/office/").status_code == 302
    assert not may(actor_of(officer), "accept", item=ITEM, place=FEIXI)
    assert Grant.objects.filter(officer_id=officer.officer_id, ended_at__isnull=False).count() == 2
    assert Officer.objects.filter(id=officer.officer_id).exists()
    assert account("police1").closed_on == TODAY
    assert len(events("right_ended")) == 2
    assert events("staff_left") == [{"account": str(officer.id), "on": str(TODAY)}]


def test_leaving_twice_changes_nothing():
    leave("police1")
    leave("police1")
    assert len(events("staff_left")) == 1


def test_nobody_leaves_tomorrow():
    with pytest.raises(Rejected) as refused:
        leave("police1", on=TODAY + timedelta(days=1))
    assert refused.value.fields == {"left_on": "left_on_later"}


def test_the_last_operator_stays():
    with pytest.raises(Rejected, match="last_operator"):
        leave("ops1")


def test_nobody_closes_his_own_account_or_gives_himself_a_code():
    oneself = actor_of(account("ops1"))
    with pytest.raises(Rejected, match="not_oneself"):
        leave("ops1", actor=oneself)
    with pytest.raises(Rejected, match="not_oneself"):
        actions.hand_out_code(oneself, account=account("ops1").id)


def test_who_comes_back_needs_a_new_code_and_new_rights():
    code, _ = actions.hand_out_code(OPERATOR, account=account("police1").id)
    leave("police1")
    actions.bring_back(OPERATOR, account=account("police1").id)
    back = account("police1")
    assert (back.is_active, back.closed_on, back.check_password(code)) == (True, None, False)
    assert not Grant.objects.filter(officer_id=back.officer_id, ended_at=None).exists()
    assert len(events("staff_brought_back")) == 1


@pytest.mark.parametrize(
    ("changes", "fields"),
    [
        ({"organ": ""}, {"organ": "organ_missing"}),
        ({"organ": "nothing"}, {"organ": "organ_not_open"}),
        ({"username": "x"}, {"username": "username_form"}),
        ({"username": "police1", "role": Role.OPERATOR}, {"role": "role_stays"}),
        ({"username": "citizen"}, {"username": "username_taken"}),
        ({"username": "gone"}, {"username": "staff_left"}),
    ],
)
def test_who_cannot_be_appointed_so_is_told_why(changes, fields):
    Account.objects.create(username="citizen", name="示例", role=Role.APPLICANT)
    Account.objects.create(username="gone", name="示例", role=Role.OFFICER, is_active=False)
    facts = {"username": "new1", "name": "示例", "role": Role.OFFICER, "organ": POLICE}
    with pytest.raises(Rejected) as refused:
        actions.appoint(OPERATOR, **{**facts, **changes})
    assert refused.value.fields == fields


def test_a_clerk_becomes_an_officer_of_the_same_organ():
    actions.appoint(OPERATOR, username="hall1", name="示例窗口", role=Role.OFFICER, organ=HALL)
    assert account("hall1").role == Role.OFFICER


def test_a_code_is_journalled_without_itself():
    code, given = actions.hand_out_code(OPERATOR, account=account("police1").id)
    assert given.check_password(code)
    assert events("code_given") == [{"account": str(given.id)}]
    assert code not in str(list(Entry.objects.values()))


def test_a_right_is_given_once_and_ended_once():
    officer = account("police1")
    given = actions.allow(OPERATOR, account=officer.id, acts=["deny"], item="*", region="3401")
    assert may(actor_of(officer), "deny", item=ITEM, place=FEIXI)
    actions.end_right(OPERATOR, account=officer.id, grant_id=given.id)
    actions.end_right(OPERATOR, account=officer.id, grant_id=given.id)
    assert not may(actor_of(officer), "deny", item=ITEM, place=FEIXI)
    assert len(events("right_ended")) == 1


def test_a_right_of_somebody_else_is_not_there():
    grant = Grant.objects.first()
    with pytest.raises(Rejected, match="not_found"):
        actions.end_right(OPERATOR, account=account("hall1").id, grant_id=grant.id)


def test_only_officers_get_rights():
    for username in ("hall1", "ops1"):
        with pytest.raises(Rejected, match="officers_only"):
            actions.allow(OPERATOR, account=account(username).id, acts=["deny"], item="*", region="34")


def test_who_has_left_gets_no_rights():
    leave("police1")
    with pytest.raises(Rejected, match="account_closed"):
        actions.allow(OPERATOR, account=account("police1").id, acts=["deny"], item="*", region="34")


@pytest.mark.parametrize("region", ["31", "3499", "342600"])
def test_a_right_lies_within_the_places_of_the_node(region):
    with pytest.raises(Rejected) as refused:
        actions.allow(OPERATOR, account=account("police1").id, acts=["deny"], item="*", region=region)
    assert refused.value.fields == {"region": "division_not_in_force"}


def test_an_organ_is_closed_when_its_staff_has_gone():
    with pytest.raises(Rejected, match="organ_has_staff"):
        actions.close_organ(OPERATOR, code=HALL, on=TODAY)
    assert find_organ(HALL).closed_on is None
    leave("hall1")
    actions.close_organ(OPERATOR, code=HALL, on=TODAY)
    assert find_organ(HALL).closed_on == TODAY
    assert events("organ_closed") == [{"organ": HALL, "on": str(TODAY)}]


def test_an_organ_may_close_later_while_it_is_served():
    actions.close_organ(OPERATOR, code=HALL, on=TODAY + timedelta(days=30))
    actions.close_organ(OPERATOR, code=HALL, on=None)
    assert len(events("organ_kept")) == 1


@pytest.mark.parametrize("role", [Role.ANYONE, Role.APPLICANT, Role.CLERK, Role.OFFICER, Role.AUDITOR, Role.ORGAN])
def test_nobody_but_an_operator_changes_anything(role):
    actor = replace(OPERATOR, role=role)
    somebody = account("police1").id
    for change in (
        lambda: actions.appoint(actor, username="new1", name="示例", role=Role.OFFICER, organ=POLICE),
        lambda: actions.appoint(actor, username="police1", name="示例", role=Role.OFFICER, organ=HALL),
        lambda: actions.leave(actor, account=somebody, on=TODAY),
        lambda: actions.hand_out_code(actor, account=somebody),
        lambda: actions.allow(actor, account=somebody, acts=["deny"], item="*", region="34"),
        lambda: actions.end_right(actor, account=somebody, grant_id=Grant.objects.first().id),
        lambda: actions.close_organ(actor, code=HALL, on=TODAY),
        lambda: actions.save_organ(actor, code=HALL, name="x", kind="notary", division="34", nature="1"),
    ):
        with pytest.raises(Rejected, match="not_allowed"):
            change()
