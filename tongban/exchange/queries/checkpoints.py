"""Whether two nodes hold the same letters (protocol, section 9)."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from tongban.base.canonical import canonical_json, digest
from tongban.exchange.models import Delivery, Inbox


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """subjects: subject -> digest over the sorted digests of its letters of the day, both directions."""

    subjects: Mapping[str, str]

    @property
    def digest(self) -> str:
        return digest(canonical_json([[subject, found] for subject, found in sorted(self.subjects.items())]))


def checkpoint(peer: str, day: date) -> Checkpoint:
    """Over every letter between the peer and us that was made on a UTC day and answered by a receipt."""
    start = datetime.combine(day, time.min, UTC)
    end = start + timedelta(days=1)
    sent = Delivery.objects.filter(
        receiver=peer, receipt__isnull=False, letter__made_at__gte=start, letter__made_at__lt=end
    ).values_list("subject", "letter__digest")
    taken = Inbox.objects.filter(sender=peer, made_at__gte=start, made_at__lt=end).values_list("subject", "digest")
    letters: dict[str, list[str]] = defaultdict(list)
    for subject, found in [*sent, *taken]:
        letters[subject].append(found)
    return Checkpoint({subject: digest("".join(sorted(found)).encode()) for subject, found in letters.items()})
