"""What this node remembers of its letters with a peer that was restored from a backup (protocol, section 16)."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime
from itertools import accumulate
from uuid import UUID

from tongban.base.canonical import parse_json
from tongban.base.seal import Sealed, parse_sealed
from tongban.exchange import vault
from tongban.exchange.models import Delivery, Inbox
from tongban.exchange.models import Part as PartRow
from tongban.exchange.queries.letters import PAGE, PAGE_BYTES, presentable, sealed_of
from tongban.exchange.registry import kinds
from tongban.exchange.rules import LETTER_TYP, RECEIPT_TYP, Part, wire_size

Remembered = tuple[Sealed, Sequence[Part], Sealed]


def written_since(peer: str, moment: datetime, *, after: UUID | None) -> tuple[list[Remembered], bool]:
    """What we wrote to the peer and it answered since a moment, in the order of writing, with its receipts."""
    rows = Delivery.objects.filter(receiver=peer, receipted_at__gte=moment).select_related("letter").order_by("id")
    known = Delivery.objects.filter(receiver=peer, letter=after).first() if after else None
    found = list(rows.filter(id__gt=known.id if known else 0)[: PAGE + 1])
    parts: dict[UUID, list[Part]] = defaultdict(list)
    for part in PartRow.objects.filter(receiver=peer, letter__in=[row.letter_id for row in found]).order_by("id"):
        parts[part.letter_id].append(Part(part.audience, vault.unlock(part.content)))
    return _fitting(
        [
            (presentable(sealed_of(row.letter), typ=LETTER_TYP), parts[row.letter_id], _receipt(row.receipt))
            for row in found
        ]
    )


def taken_since(peer: str, moment: datetime, *, after: UUID | None) -> tuple[list[Remembered], bool]:
    """What the peer wrote and we answered since a moment, in the order of answers, with our receipts and what we still
    hold of its bodies."""
    rows = Inbox.objects.filter(sender=peer, at__gte=moment).order_by("id")
    known = Inbox.objects.filter(sender=peer, letter_id=after).first() if after else None
    found = list(rows.filter(id__gt=known.id if known else 0)[: PAGE + 1])
    parts = _kept(found)
    return _fitting(
        [
            (sealed_of(row), parts.get(row.letter_id, ()), presentable(_receipt(row.receipt), typ=RECEIPT_TYP))
            for row in found
        ]
    )


def _kept(rows: Sequence[Inbox]) -> Mapping[UUID, Sequence[Part]]:
    by_kind: dict[str, list[UUID]] = defaultdict(list)
    for row in rows:
        by_kind[row.kind].append(row.letter_id)
    parts: dict[UUID, Sequence[Part]] = {}
    for name, letters in by_kind.items():
        kind = kinds.get(name)
        if kind is not None and kind.kept is not None:
            parts |= kind.kept(letters)
    return parts


def _fitting(found: list[Remembered]) -> tuple[list[Remembered], bool]:
    """As many as one page holds, at least one, and whether there is more."""
    page = found[:PAGE]
    sizes = accumulate(wire_size(sealed, parts) + wire_size(receipt, ()) for sealed, parts, receipt in page)
    fitting = max(1, sum(size <= PAGE_BYTES for size in sizes))
    return page[:fitting], len(found) > min(fitting, PAGE)


def _receipt(stored: "bytes | memoryview[int] | None") -> Sealed:
    return parse_sealed(parse_json(bytes(stored or b"")))
