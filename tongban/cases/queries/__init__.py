from tongban.cases.queries.evidence import Evidence, audited_case, audited_cases, evidence_of
from tongban.cases.queries.lists import find_numbered, informed_cases, my_cases, received_cases, work_list
from tongban.cases.queries.materials import open_material
from tongban.cases.queries.relations import allowed_acts, relations
from tongban.cases.queries.situations import definition_of, hindrances, papers_needed
from tongban.cases.queries.views import Entry, View, find_document, get_readable, get_view, waiting_asks

__all__ = [
    "Entry",
    "Evidence",
    "View",
    "allowed_acts",
    "audited_case",
    "audited_cases",
    "definition_of",
    "evidence_of",
    "find_document",
    "find_numbered",
    "get_readable",
    "get_view",
    "hindrances",
    "informed_cases",
    "my_cases",
    "open_material",
    "papers_needed",
    "received_cases",
    "relations",
    "waiting_asks",
    "work_list",
]
