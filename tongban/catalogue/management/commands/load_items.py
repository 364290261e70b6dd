"""Load the shipped catalogue; repeatable.

A province publishes its standards. Every node signs the agreements to which it is a party, the hub those of the whole
country.
"""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from tongban.base.actor import system
from tongban.base.errors import Rejected
from tongban.catalogue import actions, queries
from tongban.catalogue.rules.agreements import HUB, agreement_of


class Command(BaseCommand):
    help = "Load base items; publish this province's standards; sign the agreements of which it is a party."

    def handle(self, *_args: Any, **_options: Any) -> None:
        actor = system(settings.NODE)
        count = actions.load_base_items(actor, rows=queries.shipped_base_items())
        try:
            standards = [] if settings.NODE == HUB else list(queries.shipped_standards(settings.NODE))
            for _, content in standards:
                actions.publish(actor, content=content)
            own = [
                content for _, content in queries.shipped_agreements() if settings.NODE in agreement_of(content).signers
            ]
            for content in own:
                actions.publish_agreement(actor, content=content)
            self.stdout.write(f"{count} base items, {len(standards)} standards, {len(own)} agreements signed")
        except Rejected as error:
            faults = [f"  {where}: {what}" for where, what in error.fields.items()]
            raise CommandError("\n".join([f"{error.reason}: {error.facts}", *faults])) from error
        actions.index_items(actor, synonyms=queries.shipped_synonyms())
        actions.reach_new_nodes(actor)
