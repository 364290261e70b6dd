"""What comes back of the catalogue after a restore, and what is published then."""

from collections.abc import Sequence

from django.conf import settings

from tongban.base.actor import system
from tongban.catalogue import actions
from tongban.catalogue.letters import ITEM, hear_agreement, hear_item
from tongban.exchange.rules import Recalled


def rebuild(subject: str, recalled: Sequence[Recalled]) -> None:
    """Versions and agreements that this node sent, or had heard, in the order in which they were written."""
    del subject
    for entry in sorted(recalled, key=lambda entry: (entry.letter.at, entry.letter.id)):
        hear = hear_item if entry.letter.kind == ITEM else hear_agreement
        hear(entry.letter)


def publish_again() -> None:
    """What came with a newer program while the node could not write; and what not every node had got."""
    actions.publish_shipped(system(settings.NODE))
