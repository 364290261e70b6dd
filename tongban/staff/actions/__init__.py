"""The only writers of who works here, at which organ, and what he may do. Every change is journalled."""

from tongban.staff.actions.loading import Report, load
from tongban.staff.actions.organs import close_organ, save_organ
from tongban.staff.actions.people import appoint, bring_back, hand_out_code, leave
from tongban.staff.actions.rights import allow, end_right, settle_rights

__all__ = [
    "Report",
    "allow",
    "appoint",
    "bring_back",
    "close_organ",
    "end_right",
    "hand_out_code",
    "leave",
    "load",
    "save_organ",
    "settle_rights",
]
