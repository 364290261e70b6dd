from tongban.bundles.queries.prospects import prospect_at, prospects
from tongban.bundles.queries.reading import (
    bundles_of_cases,
    content_of,
    faults_of,
    get_made,
    locked,
    locked_draft,
    my_bundles,
    parts_of,
    prospects_of,
)
from tongban.bundles.queries.shelf import content_of_file, get_bundle, shipped
from tongban.bundles.queries.standing import Standing, standings, verdict_of

__all__ = [
    "Standing",
    "bundles_of_cases",
    "content_of",
    "content_of_file",
    "faults_of",
    "get_bundle",
    "get_made",
    "locked",
    "locked_draft",
    "my_bundles",
    "parts_of",
    "prospect_at",
    "prospects",
    "prospects_of",
    "shipped",
    "standings",
    "verdict_of",
]
