"""The operator's page: how letters stand with every peer, what needs a person, how old the directory is."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from tongban.base.actor import Role
from tongban.base.errors import NotYet, Rejected
from tongban.base.words import say, say_day
from tongban.calendar.actions import shift_clock
from tongban.calendar.queries import now, today
from tongban.exchange.actions import settle_by_hand
from tongban.exchange.queries import Peer, alarms, directory, losses, outbox_age, peers
from tongban.web.door import Visit, only
from tongban.web.lines import node_name
from tongban.web.mishaps import sentence_of
from tongban.web.operator.explaining import warned_of
from tongban.web.operator.recovery import recovery_box

LONG = timedelta(minutes=15)
MOST_ALARMS = 100
STEPS = {"hour": (0, 1), "day": (1, 0), "week": (7, 0), "month": (30, 0)}


@dataclass(frozen=True, slots=True)
class PeerLine:
    """A peer in words. tone: class of the tag that says how it stands."""

    peer: Peer
    name: str
    standing: str
    tone: str
    oldest: str


@require_safe
@only(Role.OPERATOR, Role.AUDITOR)
def overview(request: Visit) -> HttpResponse:
    found = _peers(request)
    content = {
        "recovery": recovery_box(request.actor),
        "losses": losses(request.actor).exists(),
        "peers": [_line(peer) for peer in found],
        "alarms": [warned_of(alarm) for alarm in alarms(request.actor)[:MOST_ALARMS]],
        "waiting": any(peer.waiting for peer in found),
        "oldest": span(outbox_age()),
        "directory": _directory(),
        "clock": _clock(),
        "may_act": request.actor.role is Role.OPERATOR,
    }
    return render(request, "web/operator/overview.html", content)


def _peers(request: Visit) -> list[Peer]:
    try:
        return list(peers(request.actor))
    except NotYet:
        return []


def _line(peer: Peer) -> PeerLine:
    waits = timezone.now() - peer.oldest if peer.oldest else timedelta(0)
    if peer.alarms or waits > LONG:
        standing, tone = "trouble", "tag-warn"
    elif peer.waiting:
        standing, tone = "under_way", "tag-wait"
    else:
        standing, tone = "arrived", "tag-good"
    oldest = span(waits) if peer.oldest else ""
    return PeerLine(peer, node_name(peer.code), say(f"ops.peer_{standing}"), tone, oldest)


def _directory() -> dict[str, object] | None:
    try:
        found = directory()
    except NotYet:
        return None
    age = timezone.now() - found.issued_at
    return {"version": found.version, "issued_at": found.issued_at, "age": span(age), "nodes": len(found.nodes)}


def _clock() -> dict[str, object]:
    ahead = now() - datetime.now(tz=now().tzinfo)
    return {"shown": settings.DEMO, "now": now(), "today": today(), "ahead": span(ahead) if ahead > LONG else ""}


def span(length: timedelta) -> str:
    """A length of time in words, in its largest unit."""
    seconds = int(length.total_seconds())
    for size, unit in ((86400, "days"), (3600, "hours"), (60, "minutes")):
        if seconds >= size:
            return say(f"span.{unit}", count=seconds // size)
    return say("span.seconds", count=max(seconds, 0))


@require_POST
@only(Role.OPERATOR)
def settle(request: Visit, alarm_id: int) -> HttpResponse:
    """A person has looked at it and put it right."""
    settle_by_hand(request.actor, alarm=alarm_id)
    messages.success(request, say("ops.settled"))
    return redirect("ops:overview")


@require_POST
@only(Role.OPERATOR)
def clock(request: Visit) -> HttpResponse:
    """Move the test clock of a demonstration forward; in production it does not move."""
    step = STEPS.get(request.POST.get("step", ""))
    if step is None:
        raise Rejected("not_found")
    try:
        shift_clock(request.actor, days=step[0], hours=step[1])
    except Rejected as refusal:
        messages.error(request, sentence_of(refusal))
    else:
        messages.success(request, say("ops.clock_shifted", day=say_day(today())))
    return redirect("ops:overview")
