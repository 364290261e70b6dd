"""What an officer can be allowed."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from tongban.base.actor import Role
from tongban.base.errors import Rejected
from tongban.cases.rules.table import TABLE, Who
from tongban.catalogue.rules import drafting

SERVING = (Role.CLERK, Role.OFFICER)
"""They serve an organ; operators and auditors serve the node."""

ALL = "*"
RIGHTS = (*dict.fromkeys(str(move.act) for move in TABLE if Who.OFFICER in move.who), *drafting.RIGHTS)
"""The acts that an officer can do with cases, in the order of the table of acts, and with the province's standards."""
NAMED = frozenset(drafting.RIGHTS)
"""Not among all acts: each is given by its name."""


@dataclass(frozen=True, slots=True)
class Right:
    """acts: of RIGHTS; ALL stands for those that need not be named. item: a key, or ALL.

    region: how the codes of its places begin.
    """

    acts: frozenset[str]
    item: str
    region: str


def check_right(
    *, acts: Iterable[str], item: str, region: str, items: Collection[str], places: Collection[str]
) -> Right:
    """items: keys of the catalogue. places: how the codes of the node's own places begin, the node itself among them.

    Raises Rejected("invalid", fields={"acts" | "item" | "region": reason}).
    """
    fields: dict[str, str] = {}
    wanted = frozenset(acts)
    if not wanted:
        fields["acts"] = "no_acts"
    elif not wanted <= {ALL, *RIGHTS}:
        fields["acts"] = "granted_act_unknown"
    if item != ALL and item not in items:
        fields["item"] = "grant_item_unknown"
    if region not in places:
        fields["region"] = "division_not_in_force"
    if fields:
        raise Rejected("invalid", fields=fields)
    acts = frozenset({ALL}) | (wanted & NAMED) if ALL in wanted else wanted
    return Right(acts, item, region)
