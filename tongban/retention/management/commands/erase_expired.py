"""Erase everything whose time is over, or say what would be erased."""

from datetime import date, datetime, time, timedelta
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from tongban.base.actor import system
from tongban.base.times import CHINA
from tongban.retention.actions import OWNER, Rule, erase_some, rules


class Command(BaseCommand):
    """The worker does the same by itself, but for the journal: only the owner of the database can delete from it.

    With DATABASE_OWNER_URL in the environment this command does that too.
    """

    help = "Erase contents whose time is over (tongban/data/retention.toml)."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--dry-run", action="store_true", help="only count")
        parser.add_argument("--on", type=date.fromisoformat, help="as if it were this day; in production only to count")

    def handle(self, *args: Any, **options: Any) -> None:  # noqa: ARG002
        day, only_count = options["on"], options["dry_run"]
        if day and not only_count and not settings.DEMO:
            raise CommandError("--on erases nothing in production: add --dry-run")
        now = datetime.combine(day, time.max, CHINA) if day else timezone.now()
        try:
            found = rules(system(settings.NODE))
        except (ValueError, OSError) as error:
            raise CommandError(str(error)) from error
        for rule in found:
            count = _count(rule, now) if only_count else _erase_all(rule, now)
            self.stdout.write(f"{rule.name:8} {rule.days:6} days  {count:8} {'due' if only_count else 'erased'}")
        if OWNER not in {rule.database for rule in found}:
            self.stdout.write("journal  left alone: name its owner by DATABASE_OWNER_URL")


def _count(rule: Rule, now: datetime) -> int:
    return rule.due(before=now - timedelta(days=rule.days)).count()


def _erase_all(rule: Rule, now: datetime) -> int:
    total = 0
    while erased := erase_some(rule, now=now):
        total += erased
    return total
