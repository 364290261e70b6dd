"""How long somebody waits after wrong passwords.

Wrong passwords are counted in four scopes. A count is a bucket that drains: one miss is forgotten after each span, and
from a number on every further miss makes the next try wait, longer each time.

What one address does never reaches the limit of an account: of its misses only as many count for the account as are
free for the pair of the two. And a browser in which the account has been logged in before is counted by itself alone,
so that neither an attack from many addresses nor a neighbour behind the same address keeps its holder out.
"""

import ipaddress
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from math import ceil


class Scope(StrEnum):
    """What misses are counted for. pair: an account from an address. device: an account in a browser that it knows."""

    DEVICE = "device"
    PAIR = "pair"
    ACCOUNT = "account"
    ADDRESS = "address"


@dataclass(frozen=True, slots=True)
class Limit:
    """free: so many misses in a row cost no waiting. forgets: after how long one of them is forgotten."""

    free: int
    forgets: timedelta


LIMITS: Mapping[Scope, Limit] = {
    Scope.DEVICE: Limit(5, timedelta(hours=1)),
    Scope.PAIR: Limit(5, timedelta(hours=1)),
    Scope.ACCOUNT: Limit(20, timedelta(minutes=10)),
    Scope.ADDRESS: Limit(50, timedelta(minutes=1)),
}
WAITS = tuple(timedelta(seconds=seconds) for seconds in (30, 60, 120, 300, 900))
"""After the last free miss, the next one, and so on; the last stays."""

KNOWN, STRANGE = (Scope.DEVICE,), (Scope.PAIR, Scope.ACCOUNT, Scope.ADDRESS)
"""The scopes of a try from a browser that the account knows, and of any other."""


@dataclass(frozen=True, slots=True)
class Count:
    """drains_at: when the last miss is forgotten. paused_until: no try before it is looked at."""

    drains_at: datetime
    paused_until: datetime | None = None


def misses(scope: Scope, count: Count | None, at: datetime) -> int:
    """How many are remembered at the moment."""
    return 0 if count is None else max(0, ceil((count.drains_at - at) / LIMITS[scope].forgets))


def pause(counts: Mapping[Scope, Count | None], at: datetime) -> datetime | None:
    """Until when the next try has to wait; None when it may come now."""
    pauses = [count.paused_until for count in counts.values() if count and count.paused_until]
    latest = max(pauses, default=at)
    return latest if latest > at else None


def counted(counts: Mapping[Scope, Count | None], at: datetime) -> dict[Scope, Count]:
    """The counts after one more miss, of those scopes that it counts for."""
    after = {scope: _one_more(scope, count, at) for scope, count in counts.items()}
    if Scope.PAIR in after and misses(Scope.PAIR, after[Scope.PAIR], at) > LIMITS[Scope.PAIR].free:
        after.pop(Scope.ACCOUNT, None)
    return after


def _one_more(scope: Scope, count: Count | None, at: datetime) -> Count:
    limit = LIMITS[scope]
    most = at + (limit.free + len(WAITS) - 1) * limit.forgets
    drains_at = min(max(count.drains_at if count else at, at) + limit.forgets, most)
    over = misses(scope, Count(drains_at), at) - limit.free
    return Count(drains_at, at + WAITS[over] if over >= 0 else None)


def network_of(address: str) -> str:
    """What counts as one address: an IPv4 address, or the /64 that one subscriber of IPv6 has at least."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return address
    if isinstance(found, ipaddress.IPv6Address):
        if found.ipv4_mapped:
            return str(found.ipv4_mapped)
        return str(ipaddress.ip_network((found, 64), strict=False))
    return str(found)
