"""Change a key of this node for a new one."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from tongban.applications.actions.erasing import encrypt_again as encrypt_applications
from tongban.base import keys
from tongban.base.actor import Actor, system
from tongban.bundles.actions.erasing import encrypt_again as encrypt_bundles
from tongban.cases.actions.locking import encrypt_again as encrypt_cases
from tongban.exchange.actions import encrypt_again as encrypt_parts
from tongban.people.actions import encrypt_again as encrypt_people
from tongban.people.actions import hash_again

WRITE_AGAIN: Mapping[str, Sequence[Callable[[Actor], int]]] = {
    "lookup": (hash_again,),
    "field": (encrypt_people, encrypt_parts, encrypt_cases, encrypt_applications, encrypt_bundles),
}


class Command(BaseCommand):
    """lookup, field: the new key is used at once and every row is written again under it; the old one stays in the
    file, because the journal's pseudonyms and older backups need it. Where that was interrupted, `--finish` goes on
    without another key.

    signing: two steps, because receivers must know a key before they see it. The first run adds a key and publishes it
    in `signing.pub`; when the new directory has reached all nodes, `--use <name>` makes it the one that signs.
    """

    help = "Change a key: lookup, field or signing."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("purpose", choices=keys.PURPOSES)
        parser.add_argument(
            "--use", default="", help="signing only: the name of the published key that signs from now on"
        )
        parser.add_argument("--finish", action="store_true", help="lookup, field: only write rows again, no new key")

    def handle(self, *args: Any, **options: Any) -> None:  # noqa: ARG002
        folder = settings.STATE / "keys"
        purpose = options["purpose"]
        if options["use"] and purpose != "signing":
            raise CommandError("--use is for the signing key; the others are used at once")
        if options["finish"] and purpose == "signing":
            raise CommandError("--finish is for the look-up and field keys; nothing is written again for a signing key")
        try:
            ring = keys.read_ring(folder, purpose)
        except RuntimeError as error:
            raise CommandError(str(error)) from error
        if purpose == "signing":
            self.stdout.write(_use(folder, ring, options["use"]) if options["use"] else _announce(folder, ring))
            return
        if not options["finish"]:
            keys.write_ring(folder, purpose, [keys.new_key(settings.NODE, ring), *ring.keys])
        changed = sum(write_again(system(settings.NODE)) for write_again in WRITE_AGAIN[purpose])
        self.stdout.write(f"{changed} rows written again")


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
