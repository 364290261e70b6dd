"""The only readers of the catalogue."""

from tongban.catalogue.queries.agreements import agreements_in_force, find_route
from tongban.catalogue.queries.items import (
    Found,
    base_items,
    definition_in,
    find_version,
    get_base_item,
    get_definition,
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
    shipped_standard,
    shipped_standards,
    shipped_synonyms,
)

__all__ = [
    "Found",
    "agreements_in_force",
    "base_items",
    "definition_in",
    "find_route",
    "find_version",
    "get_base_item",
    "get_definition",
    "is_valid_on",
    "item_names",
    "provinces_of",
    "published_items",
    "search",
    "shipped_agreements",
    "shipped_base_items",
    "shipped_standard",
    "shipped_standards",
    "shipped_synonyms",
    "versions",
]
