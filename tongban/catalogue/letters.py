"""What the catalogue hears from other nodes: their standards, what their places add to these, and agreements.

Every node keeps all of them, so that a counter works from the newest it has heard, whatever stands still elsewhere.
"""

from tongban.catalogue import actions
from tongban.catalogue.rules.bodies import (
    AGREEMENT,
    BASE_ITEM,
    IMPLEMENTATION,
    ITEM,
    read_agreement_body,
    read_base_item_body,
    read_implementation_body,
    read_item_body,
)
from tongban.exchange.rules import Heard

__all__ = [
    "AGREEMENT",
    "BASE_ITEM",
    "IMPLEMENTATION",
    "ITEM",
    "hear_agreement",
    "hear_base_item",
    "hear_implementation",
    "hear_item",
]


def hear_item(heard: Heard) -> None:
    """Keep another province's version. Raises NotYet("item_unreadable") for a form that only a newer program reads."""
    body = read_item_body(heard.data, sender=heard.sender, subject=heard.subject)
    actions.keep_version(body, letter=heard.id)


def hear_agreement(heard: Heard) -> None:
    """Keep an agreement, or one more signature under it. Raises NotYet("agreement_unreadable")."""
    content = read_agreement_body(heard.data, subject=heard.subject)
    actions.keep_agreement(content, node=heard.sender, letter=heard.id)


def hear_implementation(heard: Heard) -> None:
    """Keep what a place of another province adds to its standard. Raises NotYet("item_unreadable")."""
    content = read_implementation_body(heard.data, sender=heard.sender, subject=heard.subject)
    actions.keep_implementation(content, letter=heard.id)


def hear_base_item(heard: Heard) -> None:
    """Keep what the hub says of an item of the list."""
    body = read_base_item_body(heard.data, sender=heard.sender, subject=heard.subject)
    actions.keep_base_item(body, letter=heard.id)
