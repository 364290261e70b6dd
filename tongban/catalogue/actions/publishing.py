"""Who may publish, and to whom it goes."""

from django.conf import settings
from django.db import transaction

from tongban.base.actor import Actor, Role
from tongban.base.canonical import parse_json
from tongban.base.errors import NotYet, Rejected
from tongban.catalogue import queries
from tongban.catalogue.models import Agreement, ItemChange, ItemVersion
from tongban.catalogue.rules.agreements import AgreementKind, agreement_of
from tongban.exchange import actions as exchange
from tongban.exchange.queries import directory, owing

HUB = "00"


def check_may_publish(actor: Actor) -> None:
    """Raises Rejected("not_allowed")."""
    if actor.role not in (Role.OPERATOR, Role.SYSTEM):
        raise Rejected("not_allowed")


def peers() -> list[str]:
    """All other nodes; none where no directory has been laid down yet: `reach_new_nodes` makes up for it."""
    try:
        nodes = directory().nodes
    except NotYet:
        return []
    return sorted(set(nodes) - {settings.NODE})


@transaction.atomic
def reach_new_nodes(actor: Actor) -> None:
    """Send what is published here to nodes that joined the directory since; nobody gets a letter twice.

    A node of which a restored one has still to hear what it holds is reached later.
    """
    check_may_publish(actor)
    own = ItemVersion.objects.filter(province=settings.NODE).order_by("item", "version")
    sent = [letter for letters in own.values_list("letters", flat=True) for letter in letters]
    for row in Agreement.objects.order_by("key", "version"):
        if agreement_of(parse_json(bytes(row.content))).kind is AgreementKind.PROVINCIAL:
            continue
        sent += [entry["letter"] for entry in row.signatures if entry["node"] == settings.NODE]
    if settings.NODE == HUB:
        said = ItemChange.objects.filter(province=HUB).order_by("id").values_list("letter", flat=True)
        sent += [str(letter) for letter in said]
    sent += [str(letter) for letter in queries.implementations(settings.NODE).values_list("letter", flat=True)]
    reached = [node for node in peers() if node not in owing()]
    for letter in sent:
        for node in reached:
            exchange.forward(letter, receiver=node)
