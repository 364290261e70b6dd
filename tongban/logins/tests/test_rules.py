from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as some

from tongban.logins.rules import KNOWN, LIMITS, STRANGE, WAITS, Count, Scope, counted, misses, network_of, pause

START = datetime(2026, 11, 24, 8, tzinfo=UTC)
LONGEST = WAITS[-1]


class Tries:
    """Wrong passwords, one after another, each as soon as it is looked at."""

    def __init__(self, scopes=STRANGE) -> None:
        self.counts = dict.fromkeys(scopes)
        self.at = START

    def miss(self) -> timedelta:
        """How long the next one has to wait."""
        self.counts |= counted(self.counts, self.at)
        until = pause(self.counts, self.at)
        waits = until - self.at if until else timedelta(0)
        self.at = until or self.at + timedelta(seconds=1)
        return waits


@pytest.mark.parametrize("scopes", [KNOWN, STRANGE])
def test_five_mistakes_are_free_and_then_each_waits_longer(scopes):
    tries = Tries(scopes)
    waits = [tries.miss().total_seconds() for _ in range(10)]
    assert waits == [0, 0, 0, 0, 30, 60, 120, 300, 900, 900]


def test_a_flood_from_one_address_never_makes_anybody_elsewhere_wait():
    tries, end, most = Tries(), START + timedelta(days=3), 0
    while tries.at < end:
        tries.miss()
        most = max(most, misses(Scope.ACCOUNT, tries.counts[Scope.ACCOUNT], tries.at))
        assert tries.counts[Scope.ACCOUNT].paused_until is None
    assert most <= LIMITS[Scope.PAIR].free + 1 < LIMITS[Scope.ACCOUNT].free


def test_one_address_gets_a_hundred_guesses_a_day_at_one_account():
    tries, guesses = Tries(), 0
    while tries.at < START + timedelta(days=1):
        tries.miss()
        guesses += 1
    assert guesses <= 110


def test_many_addresses_together_make_strangers_wait():
    account = None
    for address in range(5):
        tries = Tries()
        tries.counts[Scope.ACCOUNT] = account
        tries.at = START + timedelta(seconds=10 * address)
        for _ in range(4):
            tries.miss()
        account = tries.counts[Scope.ACCOUNT]
    assert account.paused_until is not None


def test_one_address_that_tries_many_names_waits():
    address, at = None, START
    for _ in range(LIMITS[Scope.ADDRESS].free):
        counts = counted({Scope.PAIR: None, Scope.ACCOUNT: None, Scope.ADDRESS: address}, at)
        address, at = counts[Scope.ADDRESS], at + timedelta(milliseconds=100)
    assert address.paused_until is not None


def test_what_is_long_past_is_forgotten():
    tries = Tries()
    for _ in range(10):
        tries.miss()
    later = tries.at + 9 * LIMITS[Scope.PAIR].forgets
    assert misses(Scope.PAIR, tries.counts[Scope.PAIR], later) == 0
    assert pause(tries.counts, later) is None


@given(gaps=some.lists(some.integers(0, 4000), max_size=60), scope=some.sampled_from(Scope))
def test_no_pause_is_longer_than_the_longest_and_every_count_drains(gaps, scope):
    at, count = START, None
    for gap in gaps:
        at += timedelta(seconds=gap)
        count = counted({scope: count}, at)[scope]
        assert count.paused_until is None or count.paused_until - at <= LONGEST
        assert count.drains_at - at <= (LIMITS[scope].free + len(WAITS)) * LIMITS[scope].forgets


def test_a_pause_that_is_over_does_not_count():
    assert pause({Scope.PAIR: Count(START, START), Scope.ACCOUNT: None}, START) is None


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("10.1.2.3", "10.1.2.3"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("::ffff:10.1.2.3", "10.1.2.3"),
        ("", ""),
        ("unix socket", "unix socket"),
    ],
)
def test_one_subscriber_is_one_address(address, network):
    assert network_of(address) == network
