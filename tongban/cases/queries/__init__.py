from tongban.cases.queries.lists import find_numbered, my_cases, received_cases, work_list
from tongban.cases.queries.relations import allowed_acts, relations
from tongban.cases.queries.views import find_document, get_view, waiting_asks

__all__ = [
    "allowed_acts",
    "find_document",
    "find_numbered",
    "get_view",
    "my_cases",
    "received_cases",
    "relations",
    "waiting_asks",
    "work_list",
]
