from tongban.applications.actions.custody import note_custody
from tongban.applications.actions.drafting import attach, drop, fill, remove_material, start
from tongban.applications.actions.receiving import compare, identify
from tongban.applications.actions.replacing import Given, replace_content
from tongban.applications.actions.submitting import return_at_once, submit

__all__ = [
    "Given",
    "attach",
    "compare",
    "drop",
    "fill",
    "identify",
    "note_custody",
    "remove_material",
    "replace_content",
    "return_at_once",
    "start",
    "submit",
]
