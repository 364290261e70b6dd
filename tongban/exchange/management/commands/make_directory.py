import csv
import shutil
from argparse import ArgumentParser
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from tongban.base import keys
from tongban.base.seal import sealed_from_text
from tongban.exchange import actions, queries
from tongban.exchange.queries import ANCHORS
from tongban.exchange.rules import Directory, Node, NodeKey, next_directory, read_directory


class Command(BaseCommand):
    help = (
        "Sign the directory of nodes with this node's key and write it to TONGBAN_DIRECTORY. Public keys are read from "
        "STATE/../<node>/keys/signing.pub; keys no longer in use get their end, none is ever dropped."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--node", action="append", default=[], metavar="CODE=ENDPOINT", help="a node's address")
        parser.add_argument("--revoke", action="append", default=[], metavar="KID", help="mark a key as stolen")

    def handle(self, *args: Any, **options: Any) -> None:  # noqa: ARG002
        path = Path(settings.DIRECTORY)
        before = self._before(path)
        self._trust()
        names = _names()
        present = [_node(text, names) for text in options["node"]]
        now = datetime.now(UTC)
        directory = next_directory(before, present, now=now, revoke=options["revoke"])
        actions.publish_directory(directory, queries.signer(), path)
        for code in directory.nodes:
            _give_anchor(code)
        self.stdout.write(f"directory {directory.version}: {', '.join(sorted(directory.nodes))}")

    def _before(self, path: Path) -> Directory | None:
        """The directory that is to be continued, when one of our keys, old or new, has signed it."""
        if not path.exists():
            return None
        ours = dict(keys.read_public(settings.STATE / "keys"))
        return read_directory(sealed_from_text(path.read_text("utf-8")), ours)

    def _trust(self) -> None:
        shutil.copyfile(settings.STATE / "keys" / "signing.pub", settings.STATE / "keys" / ANCHORS)


def _names() -> dict[str, tuple[str, str]]:
    with settings.NODES.open(encoding="utf-8", newline="") as file:
        return {row["code"]: (row["name"], row["phone"]) for row in csv.DictReader(file)}


def _node(text: str, names: dict[str, tuple[str, str]]) -> tuple[Node, datetime]:
    """A node with its present keys, and since when its key files exist."""
    code, _, endpoint = text.partition("=")
    folder = settings.STATE.parent / code / "keys"
    public = folder / "signing.pub"
    if not endpoint or not public.exists():
        raise CommandError(f"--node={text}: an address, and the node's public keys at {public}, are needed")
    files = [path for path in (public, folder / "signing") if path.exists()]
    since = datetime.fromtimestamp(int(min(path.stat().st_mtime for path in files)), UTC)
    name, phone = names.get(code, (code, ""))
    found = tuple(NodeKey(kid=kid, public=half, since=since) for kid, half in keys.read_public(folder))
    return Node(code=code, name=name, endpoint=endpoint.rstrip("/"), phone=phone, keys=found), since


def _give_anchor(code: str) -> None:
    """Where the nodes lie side by side on one machine, each is told whose signature to trust."""
    folder = settings.STATE.parent / code / "keys"
    if folder.is_dir() and code != settings.NODE:
        shutil.copyfile(settings.STATE / "keys" / ANCHORS, folder / ANCHORS)
