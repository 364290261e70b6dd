from tongban.base.actor import Actor, Role
from tongban.base.errors import Rejected


def only_operator(actor: Actor) -> None:
    """Raises Rejected("not_allowed")."""
    if actor.role not in (Role.OPERATOR, Role.SYSTEM):
        raise Rejected("not_allowed")
