"""Codes on paper for people who have no password yet, or have forgotten it."""

import csv
import os
from argparse import ArgumentParser
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from io import TextIOBase
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from tongban.base.actor import system
from tongban.base.errors import Rejected
from tongban.base.words import say
from tongban.orgs.queries import organ_names
from tongban.people.models import Account
from tongban.people.queries import find_account, waiting_for_code
from tongban.staff.actions import hand_out_code

COLUMNS = ("name", "organ", "username", "code", "until")


class Command(BaseCommand):
    """A code is nowhere stored and shown this once. It ends whatever opened the account before."""

    help = "Give people codes to log in with for the first time: by their user names, or all that have no password."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("username", nargs="*", help="whose account")
        parser.add_argument("--waiting", action="store_true", help="everybody who has not chosen a password yet")
        parser.add_argument("--organ", default="", help="with --waiting: of this organ alone")
        parser.add_argument("--file", type=Path, help="a new file for the codes, for its owner's eyes (0600)")

    def handle(self, *args: Any, **options: Any) -> None:  # noqa: ARG002
        accounts = _accounts(options["username"], waiting=options["waiting"], organ=options["organ"])
        with _sheet(options["file"], self.stdout) as file:
            writer = csv.writer(file)
            writer.writerow(say(f"slip.{column}") for column in COLUMNS)
            for line in _slips(accounts):
                writer.writerow(line)
                file.flush()


def _accounts(usernames: Iterable[str], *, waiting: bool, organ: str) -> list[Account]:
    if waiting:
        return list(waiting_for_code(system(settings.NODE), organ=organ))
    found = {username: find_account(username) for username in usernames}
    if not found:
        raise CommandError(say("setup.for_whom"))
    unknown = [username for username, account in found.items() if account is None]
    if unknown:
        raise CommandError(say("setup.unknown_accounts", names=say("setup.between").join(unknown)))
    return [account for account in found.values() if account]


def _slips(accounts: Iterable[Account]) -> Iterator[tuple[str, ...]]:
    accounts = list(accounts)
    names = organ_names(account.organ for account in accounts)
    for account in accounts:
        try:
            code, coded = hand_out_code(system(settings.NODE), account=account.id)
        except Rejected as refusal:
            raise CommandError(f"{account.username}: {say(f'reason.{refusal.reason}')}") from refusal
        until = timezone.localtime(coded.code_until).strftime("%Y-%m-%d %H:%M")
        yield (coded.name, names.get(coded.organ, ""), coded.username, code, until)


@contextmanager
def _sheet(path: Path | None, out: TextIOBase) -> Iterator[TextIOBase]:
    """What spreadsheets open, in a file that nobody else may read; or what the screen shows."""
    if path is None:
        yield out
        return
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError as error:
        raise CommandError(say("setup.file_exists", path=path)) from error
    with os.fdopen(descriptor, "w", encoding="utf-8-sig", newline="") as file:
        yield file
