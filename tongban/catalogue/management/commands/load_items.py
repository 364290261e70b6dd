"""Load the shipped catalogue; repeatable.

A province publishes its standards. Every node signs the agreements to which it is a party, the hub those of the whole
country. A node just restored publishes nothing before it has heard what it published already.
"""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from tongban.base.actor import system
from tongban.base.errors import Rejected
from tongban.catalogue import actions, queries
from tongban.exchange.queries import is_recovering


class Command(BaseCommand):
    help = "Load base items; publish this province's standards; sign the agreements of which it is a party."

    def handle(self, *_args: Any, **_options: Any) -> None:
        actor = system(settings.NODE)
        count = actions.load_base_items(actor, rows=queries.shipped_base_items())
        if is_recovering():
            actions.index_items(actor, synonyms=queries.shipped_synonyms())
            self.stdout.write(f"{count} base items; this node was restored: run this again when it has recovered")
            return
        try:
            standards, agreements = actions.publish_shipped(actor)
        except Rejected as error:
            faults = [f"  {where}: {what}" for where, what in error.fields.items()]
            raise CommandError("\n".join([f"{error.reason}: {error.facts}", *faults])) from error
        self.stdout.write(f"{count} base items, {standards} standards, {agreements} agreements signed")
