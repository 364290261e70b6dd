"""What comes with the program: each province's standards, what its places add to them, and the agreements."""

from django.conf import settings

from tongban.base.actor import Actor
from tongban.catalogue import queries
from tongban.catalogue.actions.agreements import publish_agreement
from tongban.catalogue.actions.base_items import index_items
from tongban.catalogue.actions.implementations import publish_implementation
from tongban.catalogue.actions.publishing import reach_new_nodes
from tongban.catalogue.actions.standards import publish
from tongban.catalogue.rules.agreements import HUB, agreement_of


def publish_shipped(actor: Actor) -> tuple[int, int]:
    """Publish this province's standards and what is local, sign its agreements; how many of these two.

    What was published already stays as it is. Raises Rejected as `publish` and `publish_agreement` do.
    """
    standards = [] if settings.NODE == HUB else [content for _, content in queries.shipped_standards(settings.NODE)]
    agreements = [content for _, content in queries.shipped_agreements()]
    own = [content for content in agreements if settings.NODE in agreement_of(content).signers]
    for content in standards:
        publish(actor, content=content)
    for content in queries.shipped_implementations(settings.NODE):
        publish_implementation(actor, content=content)
    for content in own:
        publish_agreement(actor, content=content)
    index_items(actor, synonyms=queries.shipped_synonyms())
    reach_new_nodes(actor)
    return len(standards), len(own)
