"""What comes back of the catalogue after a restore, and what is published then."""

from collections.abc import Sequence

from django.conf import settings

from tongban.base.actor import system
from tongban.catalogue import actions
from tongban.catalogue.letters import (
    AGREEMENT,
    BASE_ITEM,
    IMPLEMENTATION,
    ITEM,
    hear_agreement,
    hear_base_item,
    hear_implementation,
    hear_item,
)
from tongban.exchange.rules import Recalled

HEARD_BY = {
    ITEM: hear_item,
    BASE_ITEM: hear_base_item,
    AGREEMENT: hear_agreement,
    IMPLEMENTATION: hear_implementation,
}


def rebuild(subject: str, recalled: Sequence[Recalled]) -> None:
    """What this node published, or had heard, in the order in which it was written."""
    del subject
    for entry in sorted(recalled, key=lambda entry: (entry.letter.at, entry.letter.id)):
        HEARD_BY[entry.letter.kind](entry.letter)


def publish_again() -> None:
    """What came with a newer program while the node could not write; and what not every node had got."""
    actions.publish_shipped(system(settings.NODE))
