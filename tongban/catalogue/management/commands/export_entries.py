"""Write a province's whole catalogue as a table that `import_entries` reads again."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from tongban.catalogue.queries import all_entries
from tongban.catalogue.sheets import FORMATS, write_table


class Command(BaseCommand):
    help = "Export this province's catalogue as csv, xlsx or json, by the ending of the file."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--province", default=settings.NODE)

    def handle(self, *_args: Any, **options: Any) -> None:
        path: Path = options["file"]
        form = path.suffix.removeprefix(".").lower()
        if form not in FORMATS:
            raise CommandError(f"{path.name}: one of {', '.join(FORMATS)} is expected")
        path.write_bytes(write_table(all_entries(options["province"]), form=form))
