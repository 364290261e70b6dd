"""Compute the years again that have no notice yet."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser

from tongban.base.actor import system
from tongban.calendar import actions, queries

YEARS_AHEAD = 3


class Command(BaseCommand):
    help = "Fill the years after the last notice with the statutory holidays, as provisional days."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--through", type=int, default=None, help="last year to fill")

    def handle(self, *args: Any, **options: Any) -> None:  # noqa: ARG002
        through = options["through"] or queries.today().year + YEARS_AHEAD
        changed = actions.recompute(system(settings.NODE), through=through)
        self.stdout.write("calendar changed" if changed else "calendar is as before")
