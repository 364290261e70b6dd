"""Change a key of this node for a new one."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from tongban.base import keys
from tongban.base.actor import system
from tongban.people import actions


class Command(BaseCommand):
    """lookup, field: the new key is used at once and every row is written again under it; the old one stays in the
    file, because the journal's pseudonyms and older backups need it.

    signing: two steps, because receivers must know a key before they see it. The first run adds a key and publishes it
    in `signing.pub`; when the new directory has reached all nodes, `--use <name>` makes it the one that signs.
    """

    help = "Change a key: lookup, field or signing."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("purpose", choices=keys.PURPOSES)
        parser.add_argument(
            "--use", default="", help="signing only: the name of the published key that signs from now on"
        )

    def handle(self, *args: Any, **options: Any) -> None:  # noqa: ARG002
        folder = settings.STATE / "keys"
        purpose = options["purpose"]
        if options["use"] and purpose != "signing":
            raise CommandError("--use is for the signing key; the others are used at once")
        try:
            ring = keys.read_ring(folder, purpose)
        except RuntimeError as error:
            raise CommandError(str(error)) from error
        if purpose == "signing":
            self.stdout.write(_use(folder, ring, options["use"]) if options["use"] else _announce(folder, ring))
            return
        keys.write_ring(folder, purpose, [keys.new_key(settings.NODE, ring), *ring.keys])
        write_again = actions.hash_again if purpose == "lookup" else actions.encrypt_again
        self.stdout.write(f"{write_again(system(settings.NODE))} rows written again")


def _announce(folder: Path, ring: keys.Ring) -> str:
    made = keys.new_key(settings.NODE, ring)
    rings = [*ring.keys, made]
    keys.write_ring(folder, "signing", rings)
    keys.write_public(folder, rings)
    return f"{made.name} is published in signing.pub; renew the directory, then run with --use {made.name}"


def _use(folder: Path, ring: keys.Ring, name: str) -> str:
    try:
        chosen = ring.named(name)
    except LookupError as error:
        raise CommandError(str(error)) from error
    rings = [chosen, *(key for key in ring.keys if key != chosen)]
    keys.write_ring(folder, "signing", rings)
    keys.write_public(folder, rings)
    return f"{name} signs from now on"
