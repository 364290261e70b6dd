"""Take in a province's whole catalogue from a table; see docs/items.md."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from tongban.base.actor import system
from tongban.base.errors import Rejected
from tongban.base.words import say
from tongban.catalogue.actions.importing import import_entries
from tongban.catalogue.rules.entries import ColumnMap, Fault
from tongban.catalogue.sheets import FORMATS, read_mapping

MOST_SHOWN = 200


class Command(BaseCommand):
    help = "Import a catalogue (csv, xlsx, json) of this province; --dry-run only reports."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--province", default=settings.NODE)
        parser.add_argument("--mapping", type=Path, help="TOML: [columns], [values.<column>], [defaults]")
        parser.add_argument("--dry-run", action="store_true")
        parser.add_argument("--per-row", action="store_true", help="write the good rows though others have faults")

    def handle(self, *_args: Any, **options: Any) -> None:
        path: Path = options["file"]
        form = path.suffix.removeprefix(".").lower()
        if form not in FORMATS:
            raise CommandError(f"{path.name}: one of {', '.join(FORMATS)} is expected")
        try:
            mapping = read_mapping(options["mapping"].read_text("utf-8")) if options["mapping"] else ColumnMap()
            report = import_entries(
                system(settings.NODE),
                province=options["province"],
                content=path.read_bytes(),
                form=form,
                mapping=mapping,
                dry_run=options["dry_run"],
                per_row=options["per_row"],
                progress=lambda done, of: self.stderr.write(f"{done}/{of}"),
            )
        except (Rejected, OSError) as error:
            raise CommandError(str(error)) from error
        for fault in report.faults[:MOST_SHOWN]:
            self.stderr.write(fault_line(fault))
        self.stdout.write(
            f"{report.rows} rows, {report.new} new, {report.changed} changed, {report.same} the same, "
            f"{len(report.faults)} faults, {'written' if report.written else 'nothing written'}"
        )
        if report.faults and not options["per_row"]:
            raise CommandError(f"{len(report.faults)} faults, nothing written")


def fault_line(fault: Fault) -> str:
    return say(
        "import.fault", row=fault.row, column=fault.column, what=say(f"import_fault.{fault.reason}", value=fault.value)
    )
