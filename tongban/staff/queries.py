"""What the pages and commands of operators need to know beside what people and orgs tell."""

from tongban.base.actor import Actor
from tongban.orgs.queries import find_division
from tongban.orgs.rules import is_inside


def region_is_here(actor: Actor, region: str) -> bool:
    """Whether a region, given by how its codes begin, is a place in force at this node."""
    found = find_division(region)
    return found is not None and found.valid_to is None and is_inside(found.code, actor.node)
