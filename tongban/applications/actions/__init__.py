from tongban.applications.actions.custody import note_custody
from tongban.applications.actions.drafting import attach, drop, fill, remove_material, start
from tongban.applications.actions.receiving import compare, identify
from tongban.applications.actions.submitting import return_at_once, submit

__all__ = [
    "attach",
    "compare",
    "drop",
    "fill",
    "identify",
    "note_custody",
    "remove_material",
    "return_at_once",
    "start",
    "submit",
]
