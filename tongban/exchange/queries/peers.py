"""How letters stand with the other nodes, for the operator's page and for watchers."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import connection
from django.db.models import Min, QuerySet
from django.utils import timezone

from tongban.base.actor import Actor, Role
from tongban.base.canonical import parse_json
from tongban.base.errors import Rejected
from tongban.base.seal import parse_sealed
from tongban.exchange.models import Alarm, Delivery, Inbox
from tongban.exchange.queries.directory import directory
from tongban.exchange.rules import read_receipt

WATCHERS = frozenset({Role.OPERATOR, Role.AUDITOR, Role.SYSTEM})

STANDING = """
SELECT peer.code, waiting.letters, waiting.oldest, waiting.troubled, answered.at, heard.at, alarms.open
FROM unnest(%s::text[]) AS peer (code)
CROSS JOIN LATERAL (
    SELECT count(*) AS letters, min(asked_at) AS oldest, count(*) FILTER (WHERE trouble <> '') AS troubled
    FROM exchange_delivery WHERE receiver = peer.code AND receipt IS NULL) AS waiting
LEFT JOIN LATERAL (
    SELECT receipted_at AS at FROM exchange_delivery
    WHERE receiver = peer.code AND receipt IS NOT NULL ORDER BY id DESC LIMIT 1) AS answered ON true
LEFT JOIN LATERAL (SELECT at FROM exchange_inbox WHERE sender = peer.code ORDER BY id DESC LIMIT 1) AS heard ON true
CROSS JOIN LATERAL (
    SELECT count(*) AS open FROM exchange_alarm WHERE peer = peer.code AND settled_at IS NULL) AS alarms
ORDER BY peer.code
"""


@dataclass(frozen=True, slots=True)
class Peer:
    """One other node.

    waiting: letters without a receipt; oldest: since when the first of them waits; troubled: how many met a failure.
    answered_at: its latest receipt. heard_at: when we last took a letter of its.
    """

    code: str
    name: str
    phone: str
    waiting: int
    oldest: datetime | None
    troubled: int
    answered_at: datetime | None
    heard_at: datetime | None
    alarms: int


def peers(actor: Actor) -> Sequence[Peer]:
    """All other nodes of the directory. Raises Rejected("not_allowed")."""
    only_watchers(actor)
    nodes = {code: node for code, node in directory().nodes.items() if code != settings.NODE}
    with connection.cursor() as cursor:
        cursor.execute(STANDING, [list(nodes)])
        return [Peer(row[0], nodes[row[0]].name, nodes[row[0]].phone, *row[1:]) for row in cursor.fetchall()]


def letters_to(actor: Actor, peer: str) -> QuerySet[Delivery]:
    """What was sent to a peer, the newest first; an open one shows its trouble and its next try."""
    only_watchers(actor)
    return Delivery.objects.filter(receiver=peer).select_related("letter").order_by("-id")


def letters_from(actor: Actor, peer: str) -> QuerySet[Inbox]:
    """What was taken from a peer, the newest first."""
    only_watchers(actor)
    return Inbox.objects.filter(sender=peer).order_by("-id")


def receipt_facts(row: Delivery | Inbox) -> Mapping[str, str]:
    """What the receipt of a letter names besides its reason; empty as long as there is none."""
    if row.receipt is None:
        return {}
    return read_receipt(parse_sealed(parse_json(bytes(row.receipt))).payload).facts


def alarms(actor: Actor) -> QuerySet[Alarm]:
    """What a person has to look at, the oldest first."""
    only_watchers(actor)
    return Alarm.objects.filter(settled_at=None).order_by("since", "id")


def outbox_age() -> timedelta:
    """How long the oldest letter waits for its receipt; zero when none waits."""
    oldest = Delivery.objects.filter(receipt=None).aggregate(oldest=Min("asked_at"))["oldest"]
    return timedelta() if oldest is None else max(timezone.now() - oldest, timedelta())


def only_watchers(actor: Actor) -> None:
    if actor.role not in WATCHERS:
        raise Rejected("not_allowed")
