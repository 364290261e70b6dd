"""The only readers of the catalogue."""

from tongban.catalogue.queries.agreements import (
    agreement_rows,
    agreements,
    concluded_in,
    effects_of,
    find_route,
    get_agreement,
)
from tongban.catalogue.queries.changes import Listed, item_changes, the_list
from tongban.catalogue.queries.discrepancies import discrepancies
from tongban.catalogue.queries.entries import all_entries, find_entries, inconsistent
from tongban.catalogue.queries.implementations import implementations, local_standard
from tongban.catalogue.queries.items import (
    Found,
    base_items,
    definition_in,
    find_version,
    get_base_item,
    get_definition,
    is_over,
    is_suspended,
    is_valid_on,
    item_names,
    provinces_of,
    published_items,
    search,
    versions,
)
from tongban.catalogue.queries.shelf import (
    shipped_agreements,
    shipped_base_items,
    shipped_implementations,
    shipped_standard,
    shipped_standards,
    shipped_synonyms,
)

__all__ = [
    "Found",
    "Listed",
    "agreement_rows",
    "agreements",
    "all_entries",
    "base_items",
    "concluded_in",
    "definition_in",
    "discrepancies",
    "effects_of",
    "find_entries",
    "find_route",
    "find_version",
    "get_agreement",
    "get_base_item",
    "get_definition",
    "implementations",
    "inconsistent",
    "is_over",
    "is_suspended",
    "is_valid_on",
    "item_changes",
    "item_names",
    "local_standard",
    "provinces_of",
    "published_items",
    "search",
    "shipped_agreements",
    "shipped_base_items",
    "shipped_implementations",
    "shipped_standard",
    "shipped_standards",
    "shipped_synonyms",
    "the_list",
    "versions",
]
