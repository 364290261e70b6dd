"""Set up a node for real: tables, ground, items, then organs, staff and rights from the sheets of a bureau."""

from argparse import ArgumentParser
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import connection, connections
from django.db.migrations.executor import MigrationExecutor

from tongban.base.actor import system
from tongban.base.errors import NotYet
from tongban.base.keys import PURPOSES
from tongban.base.rights import OPEN_TO_APP
from tongban.base.words import say
from tongban.exchange.queries import directory, signer
from tongban.orgs import queries as orgs
from tongban.orgs.actions import Outcome
from tongban.people import queries as people
from tongban.staff.actions import Report, load
from tongban.staff.rules import Fault, Sheet, read_sheet

OWNER = "owner"
KEY_FILES = (*PURPOSES, "session")


class Command(BaseCommand):
    """Whatever is there already is left as it is, so that it can be run again with changed sheets."""

    help = "Set up this node, or bring it up to date, from a folder with organs.csv, staff.csv and grants.csv."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folder", type=Path, help="where the sheets lie; those that are not there are left out")
        parser.add_argument("--dry-run", action="store_true", help="only check and tell; nothing is changed")

    def handle(self, *args: Any, **options: Any) -> None:  # noqa: ARG002
        _check_keys()
        _check_directory()
        sheets = _sheets(options["folder"])
        if options["dry_run"] and _tables_lack():
            self._tell_form(sheets)
            return
        if not options["dry_run"]:
            self._make_ground()
        _check_no_demo()
        report = load(system(settings.NODE), sheets=sheets, dry_run=options["dry_run"])
        self._tell(report, dry_run=options["dry_run"])

    def _make_ground(self) -> None:
        if OWNER not in connections:
            raise CommandError(say("setup.owner_missing"))
        (settings.STATE / "files").mkdir(exist_ok=True)
        with connections[OWNER].cursor() as cursor:
            cursor.execute(OPEN_TO_APP)
        call_command("load_node", stdout=self.stdout)

    def _tell_form(self, sheets: Mapping[Sheet, bytes]) -> None:
        self._raise_for([fault for sheet, content in sheets.items() for fault in read_sheet(sheet, content)[1]])
        self.stdout.write(say("setup.only_form"))

    def _tell(self, report: Report, *, dry_run: bool) -> None:
        self._raise_for(report.faults)
        for sheet in Sheet:
            new, changed, same = (report.counts[sheet, outcome] for outcome in Outcome)
            self.stdout.write(say("setup.counts", sheet=say(f"sheet.{sheet}"), new=new, changed=changed, same=same))
        self.stdout.write(say("setup.would_do") if dry_run else say("setup.done"))

    def _raise_for(self, faults: list[Fault]) -> None:
        for fault in faults:
            self.stderr.write(_line(fault))
        if faults:
            raise CommandError(say("setup.refused", count=len(faults)))


def _line(fault: Fault) -> str:
    where = f"{fault.sheet}.csv"
    if fault.row:
        where += say("setup.row", row=fault.row)
    if fault.column:
        where += say("setup.column", column=fault.column)
    return say("setup.fault", where=where, sentence=fault.sentence)


def _check_keys() -> None:
    folder = settings.STATE / "keys"
    lacking = [name for name in KEY_FILES if not (folder / name).exists()]
    if lacking:
        raise CommandError(say("setup.keys_missing", folder=folder, names=say("setup.between").join(lacking)))


def _check_directory() -> None:
    """The hub knows this node, and by the key that it signs with."""
    try:
        nodes = directory().nodes
    except NotYet as error:
        trust = settings.STATE / "keys" / "hub.pub"
        raise CommandError(say("setup.directory_missing", path=settings.DIRECTORY, trust=trust)) from error
    if settings.NODE not in nodes:
        raise CommandError(say("setup.not_listed", node=settings.NODE))
    if signer().kid not in {key.kid for key in nodes[settings.NODE].keys}:
        raise CommandError(say("setup.other_key", kid=signer().kid))


def _check_no_demo() -> None:
    if not settings.DEMO and (people.has_demo() or orgs.has_demo()):
        raise CommandError(say("setup.was_a_demo"))


def _tables_lack() -> bool:
    executor = MigrationExecutor(connection)
    return bool(executor.migration_plan(executor.loader.graph.leaf_nodes()))


def _sheets(folder: Path) -> dict[Sheet, bytes]:
    found = {sheet: folder / f"{sheet}.csv" for sheet in Sheet}
    try:
        return {sheet: path.read_bytes() for sheet, path in found.items() if path.exists()}
    except OSError as error:
        raise CommandError(str(error)) from error
