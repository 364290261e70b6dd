from tongban.cases.actions.moving import move
from tongban.cases.actions.opening import open_case
from tongban.cases.actions.taking import take

__all__ = ["move", "open_case", "take"]
