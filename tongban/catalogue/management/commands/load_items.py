"""Load the shipped catalogue; repeatable.

The hub publishes the agreements; a province publishes its standards and signs the agreements to which it is a party.
"""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from tongban.base.actor import system
from tongban.base.errors import Rejected
from tongban.catalogue import actions, queries
from tongban.catalogue.rules.agreements import HUB, agreement_of


class Command(BaseCommand):
    help = "Load base items; publish the agreements (hub) or this province's standards (other nodes)."

    def handle(self, *_args: Any, **_options: Any) -> None:
        actor = system(settings.NODE)
        count = actions.load_base_items(actor, rows=queries.shipped_base_items())
        try:
            if settings.NODE == HUB:
                published = [
                    actions.publish_agreement(actor, content=content) for _, content in queries.shipped_agreements()
                ]
                self.stdout.write(f"{count} base items, {len(published)} agreements")
            else:
                standards = [
                    actions.publish(actor, content=content) for _, content in queries.shipped_standards(settings.NODE)
                ]
                signed = [
                    actions.publish_agreement(actor, content=content)
                    for _, content in queries.shipped_agreements()
                    if settings.NODE in agreement_of(content).signers
                ]
                self.stdout.write(f"{count} base items, {len(standards)} standards, {len(signed)} agreements signed")
        except Rejected as error:
            faults = [f"  {where}: {what}" for where, what in error.fields.items()]
            raise CommandError("\n".join([f"{error.reason}: {error.facts}", *faults])) from error
        actions.index_items(actor, synonyms=queries.shipped_synonyms())
        actions.reach_new_nodes(actor)
