from tongban.applications.queries.reading import (
    content_of,
    custody_of,
    faults_of,
    find_paper,
    get_application,
    handed_in,
    intakes,
    locked_draft,
    my_applications,
    my_drafts,
    siblings,
    unregistered,
)

__all__ = [
    "content_of",
    "custody_of",
    "faults_of",
    "find_paper",
    "get_application",
    "handed_in",
    "intakes",
    "locked_draft",
    "my_applications",
    "my_drafts",
    "siblings",
    "unregistered",
]
