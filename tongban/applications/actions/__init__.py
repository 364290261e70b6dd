from tongban.applications.actions.adopting import adopt_version
from tongban.applications.actions.custody import note_custody
from tongban.applications.actions.drafting import attach, drop, fill, remove_material, start
from tongban.applications.actions.receiving import compare, identify
from tongban.applications.actions.replacing import Given, replace_content
from tongban.applications.actions.signing import ask_signatures, sign, sign_at_counter
from tongban.applications.actions.submitting import return_at_once, submit
from tongban.applications.actions.supplementing import drop_supplement, send_supplement, supply

__all__ = [
    "Given",
    "adopt_version",
    "ask_signatures",
    "attach",
    "compare",
    "drop",
    "drop_supplement",
    "fill",
    "identify",
    "note_custody",
    "remove_material",
    "replace_content",
    "return_at_once",
    "send_supplement",
    "sign",
    "sign_at_counter",
    "start",
    "submit",
    "supply",
]
