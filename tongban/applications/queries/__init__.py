from tongban.applications.queries.reading import (
    content_of,
    custody_of,
    find_paper,
    get_application,
    intakes,
    locked_draft,
    my_drafts,
    siblings,
    unregistered,
)

__all__ = [
    "content_of",
    "custody_of",
    "find_paper",
    "get_application",
    "intakes",
    "locked_draft",
    "my_drafts",
    "siblings",
    "unregistered",
]
