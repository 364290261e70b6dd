from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.contrib.auth.hashers import PBKDF2PasswordHasher
from django.db import connections
from django.test import Client
from django.utils import timezone

from tongban.base.actor import Actor, Role, Via
from tongban.base.errors import Rejected
from tongban.journal.models import Entry
from tongban.logins import actions
from tongban.logins.actions import Origin
from tongban.logins.models import Tally
from tongban.people import actions as people
from tongban.people.models import Account
from tongban.people.queries import actor_of

pytestmark = pytest.mark.django_db

ANYONE = Actor(role=Role.ANYONE, node="34", via=Via.API)
OPERATOR = Actor(role=Role.OPERATOR, node="34")
PASSWORD = "a lake in the hills"
HERE, THERE = Origin("192.0.2.1"), Origin("198.51.100.7")
KNOWN = Origin("192.0.2.1", device="browser")


class Counted(PBKDF2PasswordHasher):
    """Says how often it was asked to hash, and does it quickly."""

    iterations = 1
    times = 0

    def encode(self, password, salt, iterations=None):
        type(self).times += 1
        return super().encode(password, salt, iterations)


@pytest.fixture(autouse=True)
def _quick(settings):
    settings.PASSWORD_HASHERS = [f"{__name__}.Counted"]
    Counted.times = 0


def an_account(username="somebody", **changes) -> Account:
    account = Account(username=username, name="示例某某", role=Role.OFFICER, officer_id=uuid4(), **changes)
    account.set_password(PASSWORD)
    account.save()
    return account


def come_in(password=PASSWORD, *, username="somebody", origin=HERE) -> Account:
    return actions.come_in(ANYONE, username=username, password=password, origin=origin)


def answered(password="wrong", **more) -> str:
    try:
        come_in(password, **more)
    except Rejected as refusal:
        return refusal.reason
    return "in"


def until_paused(**more) -> None:
    for _ in range(60):
        if answered(**more) == "login_paused":
            return
    raise AssertionError("never paused")


def time_passes(length: timedelta) -> None:
    for row in Tally.objects.all():
        row.drains_at -= length
        row.paused_until = row.paused_until and row.paused_until - length
        row.save()


def test_the_right_password_lets_in_and_leaves_nothing_counted():
    account = an_account()
    assert answered() == "login_failed"
    assert come_in() == account
    assert not Tally.objects.filter(drains_at__gt=timezone.now() + timedelta(minutes=11)).exists()


def test_after_five_wrong_ones_even_the_right_one_waits_and_is_told_until_when():
    an_account()
    until_paused()
    with pytest.raises(Rejected, match="login_paused") as refused:
        come_in()
    assert 0 < refused.value.facts["retry_after"] <= 31
    assert "秒" in str(refused.value.facts["wait"])


def test_after_the_wait_the_right_one_lets_in_at_once():
    account = an_account()
    until_paused()
    time_passes(timedelta(seconds=31))
    assert come_in() == account
    assert answered() == "login_failed"


def test_what_is_refused_is_not_counted_and_costs_no_hash():
    an_account()
    until_paused()
    before, hashed = list(Tally.objects.order_by("key").values()), Counted.times
    assert answered() == "login_paused"
    assert (list(Tally.objects.order_by("key").values()), Counted.times) == (before, hashed)


def test_a_flood_from_one_address_leaves_the_holder_elsewhere_alone():
    account = an_account()
    for _ in range(20):
        until_paused()
        time_passes(timedelta(minutes=15))
    assert come_in(origin=THERE) == account


def test_a_browser_that_the_account_knows_is_let_in_whatever_strangers_do():
    account = an_account()
    for number in range(30):
        answered(origin=Origin(f"198.51.100.{number}"))
    assert answered(PASSWORD, origin=Origin("203.0.113.1")) == "login_paused"
    assert come_in(origin=KNOWN) == account


def test_a_known_browser_is_no_way_to_guess_faster():
    an_account()
    until_paused(origin=KNOWN)
    assert answered(PASSWORD, origin=KNOWN) == "login_paused"


def test_one_address_cannot_go_through_many_names():
    an_account()
    for number in range(50):
        answered(username=f"name{number}")
    assert answered(PASSWORD) == "login_paused"
    assert answered(PASSWORD, origin=THERE) == "in"


def test_who_logs_in_often_is_never_paused():
    an_account()
    assert [answered(PASSWORD) for _ in range(60)] == ["in"] * 60


def test_another_log_in_of_ones_own_does_not_end_the_pause_of_the_address():
    an_account()
    for number in range(50):
        answered(username=f"name{number}")
    assert answered(PASSWORD, origin=Origin("192.0.2.1", device="own")) == "in"
    assert answered(username="name0") == "login_paused"


@pytest.mark.parametrize("which", ["unknown", "closed", "never opened", "wrong password"])
def test_every_failure_has_the_same_answer_and_the_same_cost(which):
    account = an_account()
    if which == "closed":
        people.close_account(OPERATOR, account=account.id, on=date(2026, 1, 1))
    if which == "never opened":
        people.open_account(OPERATOR, username="new", name="示例", role=Role.CLERK, account_id=uuid4())
    name = {"unknown": "nobody", "never opened": "new"}.get(which, "somebody")
    Counted.times = 0
    answers = [answered(username=name) for _ in range(6)]
    assert answers == ["login_failed"] * 5 + ["login_paused"]
    assert Counted.times == 5


def test_accounts_of_a_demonstration_open_nothing_in_production(settings):
    an_account(is_demo=True)
    assert answered(PASSWORD) == "in"
    settings.DEMO = False
    assert answered(PASSWORD) == "login_failed"


def test_a_session_from_a_demonstration_ends_in_production(settings):
    client = Client()
    client.force_login(an_account(is_demo=True))
    assert client.get("/password/").status_code == 200
    settings.DEMO = False
    assert client.get("/password/").status_code == 302


def test_a_miss_is_journalled_without_what_was_typed():
    account = an_account()
    answered("my secret guess")
    answered(username="110101199003070038")
    known, unknown = Entry.objects.filter(event="login_failed").order_by("id")
    assert known.facts["account"] != str(account.id) != ""
    assert unknown.facts["account"] == ""
    assert known.facts["origin"] == unknown.facts["origin"]
    everything = str(list(Entry.objects.values())) + str(list(Tally.objects.values()))
    for typed in ("my secret guess", "somebody", "110101199003070038", "192.0.2.1"):
        assert typed not in everything


def test_the_journal_says_when_a_pause_begins():
    an_account()
    until_paused()
    assert Entry.objects.filter(event="login_failed").latest("id").facts["pair_waits"] == "30"


def test_who_came_in_is_journalled():
    account = an_account()
    come_in()
    entry = Entry.objects.get(event="logged_in")
    assert (entry.role, entry.via, entry.facts) == (Role.OFFICER, Via.API, {"by_code": "False"})
    assert entry.actor
    assert str(account.officer_id) not in entry.actor


def test_a_code_opens_until_its_day_and_no_longer():
    account = an_account()
    code, _ = people.give_code(OPERATOR, account=account.id)
    assert come_in(code).code_until is not None
    Account.objects.update(code_until=timezone.now() - timedelta(seconds=1))
    assert answered(code) == "code_expired"


def test_two_new_passwords_that_differ_change_nothing():
    account = an_account()
    with pytest.raises(Rejected) as refused:
        actions.choose_password(ANYONE, account=account, password="a lake in the woods", again="a lake in the wood")
    assert refused.value.fields == {"again": "passwords_differ"}
    assert come_in() == account


def test_a_changed_password_needs_the_old_one_and_wrong_ones_are_counted():
    account = an_account()
    facts = {"account": account, "password": "a lake in the woods", "again": "a lake in the woods", "origin": HERE}
    for _ in range(5):
        with pytest.raises(Rejected, match="invalid") as refused:
            actions.change_password(actor_of(account), current="wrong", **facts)
        assert refused.value.fields == {"current": "password_current_wrong"}
    with pytest.raises(Rejected, match="login_paused"):
        actions.change_password(actor_of(account), current=PASSWORD, **facts)
    actions.change_password(actor_of(account), current=PASSWORD, **{**facts, "origin": THERE})
    assert come_in("a lake in the woods", origin=THERE) == account


def test_counts_that_have_drained_are_removed():
    an_account()
    answered()
    actions.forget_old(timezone.now())
    assert Tally.objects.count() == 3
    actions.forget_old(timezone.now() + timedelta(hours=2))
    assert not Tally.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_tries_sent_side_by_side_gain_nothing():
    def one(_) -> str:
        try:
            return answered()
        finally:
            connections.close_all()

    an_account()
    with ThreadPoolExecutor(8) as pool:
        answers = sorted(pool.map(one, range(24)))
    assert answers == ["login_failed"] * 5 + ["login_paused"] * 19
