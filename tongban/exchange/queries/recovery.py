"""Whether this node was restored from a backup, what it still waits for, and what it lost (protocol, section 16)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db.models import Max, Q, QuerySet

from tongban.base.actor import Actor
from tongban.base.canonical import parse_json
from tongban.base.seal import Sealed, from_b64url, parse_sealed
from tongban.exchange import vault
from tongban.exchange.models import Delivery, Inbox, Loss, Memory, Recovery, Telling
from tongban.exchange.queries.directory import directory
from tongban.exchange.queries.peers import only_watchers
from tongban.exchange.rules import Heard, Part, Recalled, read_event, read_receipt

MARGIN = timedelta(minutes=5)
RESTORED = "restored"
RECOVERED = "recovered"
BEGINNING = datetime(2000, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Standing:
    """How a recovery stands. tellings: one a peer of the directory. left: letters that are not yet rebuilt or settled.

    stuck: subjects that could not be rebuilt, with the reason, the oldest first.
    """

    recovery: Recovery
    tellings: Sequence[Telling]
    left: int
    stuck: Sequence[tuple[str, str]]


def recovery_mark() -> str | None:
    """What the restore wrote into the node's folder, until everything that it took away is back."""
    folder = Path(settings.STATE)
    try:
        mark = (folder / RESTORED).read_text().strip()[:60]
    except FileNotFoundError:
        return None
    recovered = folder / RECOVERED
    done = recovered.read_text().strip()[:60] if recovered.exists() else None
    return None if mark == done else mark


def is_recovering() -> bool:
    """Whether this node was restored from a backup and has not yet heard what it has forgotten: it must not write."""
    mark = recovery_mark()
    return mark is not None and not Recovery.objects.filter(mark=mark, opened_at__isnull=False).exists()


def unheard() -> frozenset[str]:
    """Peers that a restored node still has to hear, whether or not an operator let it go on without them."""
    mark = recovery_mark()
    if mark is None:
        return frozenset()
    return frozenset(Telling.objects.filter(recovery__mark=mark, told_at=None).values_list("peer", flat=True))


def owing() -> frozenset[str]:
    """Peers with which a restored node exchanges no letters yet: unheard, or what they told is not rebuilt."""
    if recovery_mark() is None:
        return frozenset()
    return unheard() | frozenset(Memory.objects.filter(rebuilt=False).values_list("peer", flat=True).distinct())


def remembers_until(peer: str) -> tuple[datetime, datetime]:
    """From when on letters of the peer, and receipts of the peer, may be missing here.

    What a recovery before this one had not come to be told is still missing.
    """
    taken = Inbox.objects.filter(sender=peer).aggregate(last=Max("at"))["last"] or BEGINNING
    answered = Delivery.objects.filter(receiver=peer).aggregate(last=Max("receipted_at"))["last"] or BEGINNING
    before = Telling.objects.filter(peer=peer, told_at=None)
    written_since = [taken - MARGIN, *before.values_list("written_since", flat=True)]
    taken_since = [answered - MARGIN, *before.values_list("taken_since", flat=True)]
    return min(written_since), min(taken_since)


def untold(recovery: Recovery) -> list[Telling]:
    """What is still to be asked, of peers that the directory lists now."""
    waiting = recovery.tellings.filter(told_at=None, peer__in=list(directory().nodes))
    return list(waiting.select_related("recovery").order_by("peer"))


def told(recovery: Recovery) -> list[Telling]:
    return list(recovery.tellings.filter(told_at__isnull=False).select_related("recovery").order_by("peer"))


def is_held_up(recovery: Recovery) -> bool:
    """Whether a connected peer has still to tell, and no operator has let the node go on without it."""
    return any(telling.released_at is None for telling in untold(recovery))


def is_stuck(recovery: Recovery) -> bool:
    """Whether something could not be rebuilt that a person has to look at before the node writes again."""
    return recovery.opened_at is None and Memory.objects.filter(rebuilt=False).exists()


def is_to_be_counted(recovery: Recovery) -> bool:
    """Whether a peer has told since the numbers were counted up."""
    counted = recovery.counted_at
    return counted is None or recovery.tellings.filter(told_at__gt=counted).exists()


def last_told(peer: str, *, ours: bool) -> UUID | None:
    """The last letter that the peer has told already."""
    return Memory.objects.filter(peer=peer, ours=ours).order_by("-id").values_list("letter_id", flat=True).first()


def is_told_already(letter: UUID, digest: str, *, peer: str, ours: bool) -> bool | None:
    """Whether this node holds the letter with an answer; None when it holds another content under its id."""
    if ours:
        found = Delivery.objects.filter(letter=letter, receiver=peer).values_list("letter__digest", flat=True).first()
    else:
        found = Inbox.objects.filter(sender=peer, letter_id=letter).values_list("digest", flat=True).first()
    return None if found not in (None, digest) else found is not None


def forgotten_of(subject: str, kinds: Iterable[str]) -> QuerySet[Memory]:
    """What peers told about a subject, each in its order."""
    return Memory.objects.filter(subject=subject, kind__in=list(kinds)).order_by("id")


def as_recalled(row: Memory) -> Recalled:
    """A row as the apps rebuild from it; it was believed when it was kept."""
    event, receipt = read_event(bytes(row.payload)), read_receipt(parse_sealed(parse_json(bytes(row.receipt))).payload)
    stored: dict[str, Any] = parse_json(vault.unlock(row.parts), most_bytes=30_000_000)
    letter = Heard(
        id=event.id,
        kind=event.kind,
        sender=event.sender,
        subject=event.subject,
        at=event.at,
        data=event.data,
        digest=sealed_of_memory(row).digest,
        parts=tuple(Part(audience, from_b64url(content)) for audience, content in stored.items()),
    )
    return Recalled(letter=letter, peer=row.peer, ours=row.ours, receipt=receipt)


def sealed_of_memory(row: Memory) -> Sealed:
    return Sealed(protected=bytes(row.protected), payload=bytes(row.payload), signature=bytes(row.signature))


def recovery_standing(actor: Actor) -> Standing | None:
    """The recovery that is going on; None for a node that was not restored, or has everything back."""
    only_watchers(actor)
    recovery = Recovery.objects.filter(mark=recovery_mark() or "").first()
    if recovery is None:
        return None
    stuck = Memory.objects.exclude(trouble="").order_by("subject").values_list("subject", "trouble").distinct()
    return Standing(
        recovery=recovery,
        tellings=list(recovery.tellings.order_by("peer")),
        left=Memory.objects.count(),
        stuck=list(stuck[:100]),
    )


def losses(actor: Actor) -> QuerySet[Loss]:
    """What restores took away for good, the latest first."""
    only_watchers(actor)
    return Loss.objects.order_by("-id")


def lost_of(subject: str, *kinds: str) -> list[Loss]:
    """What a restore took away of one subject."""
    return list(Loss.objects.filter(Q(kind__in=kinds), subject=subject).order_by("id"))
