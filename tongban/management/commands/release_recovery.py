"""Let a restored node go on without what does not come back; the reason stays in the journal."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from tongban.base.actor import Actor, Role, Via
from tongban.base.errors import Rejected
from tongban.base.words import say
from tongban.exchange import actions
from tongban.journal.actions import record


class Command(BaseCommand):
    """A peer that does not tell: the node writes again, but not to that peer, until it has told. A subject that cannot
    be rebuilt: what peers told of it is dropped, and written down as lost."""

    help = "After a restore, go on without a peer that does not tell, or without a subject that cannot be rebuilt."

    def add_arguments(self, parser: CommandParser) -> None:
        what = parser.add_mutually_exclusive_group(required=True)
        what.add_argument("--peer", default="", metavar="CODE", help="the node that does not tell")
        what.add_argument("--subject", default="", help="the case, or whatever else cannot be rebuilt")
        parser.add_argument("--reason", required=True, help="why; it stays in the journal")

    def handle(self, *args: Any, **options: Any) -> None:  # noqa: ARG002
        operator = Actor(role=Role.OPERATOR, node=settings.NODE, via=Via.JOB)
        if not options["reason"].strip():
            raise CommandError("a reason is needed")
        try:
            with transaction.atomic():
                facts = _release(operator, peer=options["peer"], subject=options["subject"])
                record(operator, event="recovery_released", facts={**facts, "reason": options["reason"].strip()})
        except Rejected as refusal:
            raise CommandError(
                say(f"reason.{refusal.reason}", **{name: str(fact) for name, fact in refusal.facts.items()})
            ) from refusal
        self.stdout.write(", ".join(f"{name} {value}" for name, value in facts.items()))


def _release(operator: Actor, *, peer: str, subject: str) -> dict[str, object]:
    if peer:
        actions.release_peer(operator, peer=peer)
        return {"peer": peer}
    return {"subject": subject, "letters": actions.release_subject(operator, subject=subject)}
