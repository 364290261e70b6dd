"""Which audience reads what of a step, and which follower is sent which audience's body."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from tongban.catalogue.rules.kinds import Pattern


class Audience(StrEnum):
    """applicant: the person. receiving: the counter that took the papers in. deciding: the organs that decide together.
    home: internal opinions; this body never leaves the home."""

    APPLICANT = "applicant"
    RECEIVING = "receiving"
    DECIDING = "deciding"
    HOME = "home"


class Follows(StrEnum):
    """Why a node follows a case."""

    RECEIVING = "receiving"
    DELIVERING = "delivering"
    CO_HANDLING = "co_handling"
    LEAD = "lead"
    INFORMED = "informed"
    PREDECESSOR = "predecessor"


AUDIENCES_OF: Mapping[Follows, frozenset[Audience]] = {
    Follows.RECEIVING: frozenset({Audience.APPLICANT, Audience.RECEIVING}),
    Follows.DELIVERING: frozenset({Audience.RECEIVING}),
    Follows.CO_HANDLING: frozenset(),
    Follows.LEAD: frozenset({Audience.DECIDING}),
    Follows.INFORMED: frozenset({Audience.DECIDING}),
    Follows.PREDECESSOR: frozenset(),
}

INTERNAL = ("opinion",)
HIDDEN_FROM_RECEIVING = ("records", "answers", "applicant", "parties", "account", "amount")


def split(
    content: Mapping[str, Any], *, pattern: Pattern, at_counter: bool, informs: bool = False
) -> dict[Audience, dict[str, Any]]:
    """The bodies of a step, by audience; the internal part of the content is left to the home's.

    informs: whether organs of other places are informed of the case (抄告).
    """
    shared = {key: value for key, value in content.items() if key not in INTERNAL}
    internal = {key: value for key, value in content.items() if key in INTERNAL}
    bodies: dict[Audience, dict[str, Any]] = {}
    if pattern is Pattern.ASSIST:
        bodies[Audience.DECIDING] = shared
    else:
        bodies[Audience.APPLICANT] = shared
        if at_counter:
            bodies[Audience.RECEIVING] = {
                key: value for key, value in shared.items() if key not in HIDDEN_FROM_RECEIVING
            }
    if informs:
        bodies[Audience.DECIDING] = shared
    if internal:
        bodies[Audience.HOME] = internal
    return bodies
