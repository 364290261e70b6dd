from tongban.staff.rules.rights import ALL, RIGHTS, SERVING, Right, check_right
from tongban.staff.rules.sheets import OPTIONAL, REQUIRED, Fault, Row, Sheet, heading, read_sheet
from tongban.staff.rules.values import Reader

__all__ = [
    "ALL",
    "OPTIONAL",
    "REQUIRED",
    "RIGHTS",
    "SERVING",
    "Fault",
    "Reader",
    "Right",
    "Row",
    "Sheet",
    "check_right",
    "heading",
    "read_sheet",
]
