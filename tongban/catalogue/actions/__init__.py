"""The only writers of the catalogue: a province publishes its standards, the hub the agreements."""

from tongban.catalogue.actions.agreements import keep_agreement, publish_agreement
from tongban.catalogue.actions.appointed import publish_draft
from tongban.catalogue.actions.base_items import change_base_item, index_items, keep_base_item, load_base_items
from tongban.catalogue.actions.discrepancies import follow_discrepancy
from tongban.catalogue.actions.drafting import begin_draft, save_text, take_step
from tongban.catalogue.actions.implementations import keep_implementation, publish_implementation
from tongban.catalogue.actions.publishing import reach_new_nodes
from tongban.catalogue.actions.shipped import publish_shipped
from tongban.catalogue.actions.standards import keep_version, publish, resume, suspend, withdraw

__all__ = [
    "begin_draft",
    "change_base_item",
    "follow_discrepancy",
    "index_items",
    "keep_agreement",
    "keep_base_item",
    "keep_implementation",
    "keep_version",
    "load_base_items",
    "publish",
    "publish_agreement",
    "publish_draft",
    "publish_implementation",
    "publish_shipped",
    "reach_new_nodes",
    "resume",
    "save_text",
    "suspend",
    "take_step",
    "withdraw",
]
