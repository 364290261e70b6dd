"""The exchange's own duties: pull what is missing, tell a person what does not mend itself, keep the directory new."""

import logging
from datetime import UTC, datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.db.models import Exists, Min, OuterRef, UUIDField
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast
from django.utils import timezone

from tongban.base.errors import NotYet, Rejected
from tongban.exchange import actions, client, queries
from tongban.exchange.models import Alarm, Delivery, Gap, Inbox
from tongban.exchange.rules import HUB, read_directory, read_event, wait_after

logger = logging.getLogger(__name__)

SILENT_AFTER = timedelta(minutes=15)
GAPS_AT_ONCE = 5
PATIENCE = 5
MOST_PAGES = 200


def mend_gaps(now: datetime) -> bool:
    """Pull the letters that are missing here, subject by subject."""
    due = list(Gap.objects.filter(next_try_at__lte=now).order_by("next_try_at")[:GAPS_AT_ONCE])
    for gap in due:
        _mend(gap, now)
    return len(due) == GAPS_AT_ONCE


def _mend(gap: Gap, now: datetime) -> None:
    try:
        _pull(gap.sender, gap.subject)
    except (Rejected, NotYet) as refusal:
        logger.warning("gap_open", extra={"peer": gap.sender, "reason": refusal.reason})
    else:
        gap.delete()
        actions.settle_alarms("gap", peer=gap.sender, subject=gap.subject)
        return
    gap.attempts += 1
    gap.next_try_at = now + wait_after(gap.attempts)
    gap.save(update_fields=["attempts", "next_try_at"])
    if gap.attempts >= PATIENCE:
        actions.raise_alarm("gap", peer=gap.sender, subject=gap.subject)


def _pull(peer: str, subject: str) -> None:
    """Take what the peer has written after our last letter of the subject. Raises Rejected or NotYet."""
    after = queries.last_taken(peer, subject)
    with client.session() as connection:
        for _ in range(MOST_PAGES):
            letters, more = client.pull_letters(connection, peer, subject, after=after)
            for sealed, parts in letters:
                actions.receive(peer, sealed, parts)
                after = read_event(sealed.payload).id
            if not more:
                return


def watch_ages(now: datetime) -> bool:
    """Raise an alarm for a peer that has owed a receipt for a quarter of an hour; settle what is over."""
    oldest = Delivery.objects.filter(receipt=None).values_list("receiver").annotate(oldest=Min("asked_at"))
    silent = {peer: since for peer, since in oldest if since < now - SILENT_AFTER}
    for peer in silent:
        actions.raise_alarm("silent", peer=peer)
    Alarm.objects.filter(kind="silent", settled_at=None).exclude(peer__in=silent).update(settled_at=now)
    letter = Cast(KeyTextTransform("letter", "facts"), UUIDField())
    still = Alarm.objects.filter(settled_at=None).annotate(letter=letter)
    taken = Inbox.objects.filter(sender=OuterRef("peer"), letter_id=OuterRef("letter"))
    still.filter(Exists(taken), kind="waiting").update(settled_at=now)
    answered = Delivery.objects.filter(receiver=OuterRef("peer"), letter=OuterRef("letter"), receipt__isnull=False)
    still.filter(Exists(answered), kind__in=["refused", "wrong_receipt"]).update(settled_at=now)
    return False


def refresh_directory(now: datetime) -> bool:  # noqa: ARG001
    """Take a newer directory from the hub."""
    if settings.NODE == HUB:
        return False
    held = queries.directory()
    if HUB not in held.nodes:
        return False
    try:
        sealed = client.fetch_directory(held.nodes[HUB].endpoint)
        newer = read_directory(sealed, queries.anchors())
    except (Rejected, NotYet) as error:
        logger.warning("directory_not_refreshed", extra={"trouble": str(error)})
        return False
    if newer.version > held.version:
        actions.keep_directory(sealed, Path(settings.DIRECTORY))
    return False


def compare_days(now: datetime) -> bool:
    """Ask each peer for the digest of yesterday's letters; where one differs, name the subjects."""
    yesterday = now.astimezone(UTC).date() - timedelta(days=1)
    for peer in queries.directory().nodes:
        if peer == settings.NODE:
            continue
        try:
            _compare(peer, yesterday.isoformat())
        except (Rejected, NotYet) as error:
            logger.warning("day_not_compared", extra={"peer": peer, "trouble": str(error)})
    return False


def _compare(peer: str, day: str) -> None:
    ours = queries.checkpoint(peer, datetime.fromisoformat(day).date())
    theirs = client.fetch_checkpoint(peer, day)
    differing: set[str] = set()
    if theirs["digest"] != ours.digest:
        subjects = client.fetch_checkpoint(peer, day, subjects=True).get("subjects", {})
        differing = {name for name in {*subjects, *ours.subjects} if subjects.get(name) != ours.subjects.get(name)}
    for subject in differing:
        actions.raise_alarm("differs", peer=peer, subject=subject, facts={"day": day})
    open_before = Alarm.objects.filter(kind="differs", peer=peer, facts__day=day, settled_at=None)
    open_before.exclude(subject__in=differing).update(settled_at=timezone.now())


def register() -> None:
    actions.register_duty("exchange.mend_gaps", 0.5, mend_gaps)
    actions.register_duty("exchange.watch_ages", 10, watch_ages, while_recovering=True)
    actions.register_duty("exchange.refresh_directory", 600, refresh_directory, while_recovering=True)
    actions.register_duty("exchange.compare_days", 6 * 3600, compare_days)
