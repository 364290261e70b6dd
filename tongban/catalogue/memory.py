"""What comes back of the catalogue after a restore."""

from collections.abc import Sequence

from django.conf import settings

from tongban.base.actor import system
from tongban.catalogue import actions, queries
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


def opened() -> None:
    """What not every node had got goes to the others, and the words by which items are found are made again.

    Nothing that comes with the program is published: what was withdrawn in the old life stays withdrawn.
    """
    actor = system(settings.NODE)
    actions.index_items(actor, synonyms=queries.shipped_synonyms())
    actions.reach_new_nodes(actor)
