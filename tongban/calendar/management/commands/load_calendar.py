"""Load the notices that come with the program and fill the years after them; safe to run again."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from tongban.base.actor import system
from tongban.calendar import actions, queries
from tongban.calendar.rules import parse_notices

NOTICES = Path(__file__).resolve().parents[3] / "data" / "calendar" / "notices.csv"
YEARS_AHEAD = 3


class Command(BaseCommand):
    help = "Load the official notices on holidays; --file adds one that came out later."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--file", type=Path, default=NOTICES, help="notices in the columns of the one supplied")

    def handle(self, *args: Any, **options: Any) -> None:  # noqa: ARG002
        try:
            notices = parse_notices(options["file"].read_text("utf-8"))
        except (OSError, ValueError) as error:
            raise CommandError(f"{options['file']}: {error}") from error
        actor = system(settings.NODE)
        changed = actions.load_notices(actor, notices=notices)
        changed |= actions.recompute(actor, through=queries.today().year + YEARS_AHEAD)
        self.stdout.write("calendar changed" if changed else "calendar is as before")
