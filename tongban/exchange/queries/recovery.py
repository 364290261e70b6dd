"""What a restored node has forgotten, as its peers remember it (protocol, section 16)."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

from django.conf import settings
from django.db.models import Max

from tongban.base.canonical import parse_json
from tongban.base.seal import Sealed, parse_sealed
from tongban.exchange import vault
from tongban.exchange.models import Delivery, Inbox
from tongban.exchange.models import Part as PartRow
from tongban.exchange.queries.letters import PAGE, presentable, sealed_of
from tongban.exchange.rules import LETTER_TYP, RECEIPT_TYP, Part

MARGIN = timedelta(minutes=5)
RESTORED = "restored"
RECOVERED = "recovered"
Remembered = tuple[Sealed, Sequence[Part], Sealed]


def is_recovering() -> bool:
    """Whether this node was restored from a backup and has not yet heard what it has forgotten: it must not write."""
    restored = Path(settings.STATE) / RESTORED
    if not restored.exists():
        return False
    recovered = Path(settings.STATE) / RECOVERED
    return not recovered.exists() or recovered.read_text() != restored.read_text()


def remembers_until(peer: str) -> tuple[datetime, datetime]:
    """From when on letters of the peer, and receipts of the peer, may be missing here."""
    begin = datetime(2000, 1, 1, tzinfo=UTC)
    taken = Inbox.objects.filter(sender=peer).aggregate(last=Max("at"))["last"] or begin
    answered = Delivery.objects.filter(receiver=peer).aggregate(last=Max("receipted_at"))["last"] or begin
    return taken - MARGIN, answered - MARGIN


def written_since(peer: str, moment: datetime, *, after: UUID | None) -> tuple[list[Remembered], bool]:
    """What we wrote to the peer and it answered since a moment, in the order of writing, with its receipts."""
    rows = Delivery.objects.filter(receiver=peer, receipted_at__gte=moment).select_related("letter").order_by("id")
    known = Delivery.objects.filter(receiver=peer, letter=after).first() if after else None
    found = list(rows.filter(id__gt=known.id if known else 0)[: PAGE + 1])
    parts: dict[UUID, list[Part]] = defaultdict(list)
    for part in PartRow.objects.filter(receiver=peer, letter__in=[row.letter_id for row in found]).order_by("id"):
        parts[part.letter_id].append(Part(part.audience, vault.unlock(part.content)))
    page: list[Remembered] = [
        (presentable(sealed_of(row.letter), typ=LETTER_TYP), parts[row.letter_id], _receipt(row.receipt))
        for row in found[:PAGE]
    ]
    return page, len(found) > PAGE


def taken_since(peer: str, moment: datetime, *, after: UUID | None) -> tuple[list[Remembered], bool]:
    """What the peer wrote and we answered since a moment, in the order of answers, with our receipts."""
    rows = Inbox.objects.filter(sender=peer, at__gte=moment).order_by("id")
    known = Inbox.objects.filter(sender=peer, letter_id=after).first() if after else None
    found = list(rows.filter(id__gt=known.id if known else 0)[: PAGE + 1])
    page: list[Remembered] = [
        (sealed_of(row), (), presentable(_receipt(row.receipt), typ=RECEIPT_TYP)) for row in found[:PAGE]
    ]
    return page, len(found) > PAGE


def _receipt(stored: "bytes | memoryview[int] | None") -> Sealed:
    return parse_sealed(parse_json(bytes(stored or b"")))
