"""What the standing of one part means for those that wait for it."""

from enum import StrEnum

from tongban.cases.rules.table import Status


class PartState(StrEnum):
    """skipped: she does not need it. apart: to be done by another way. waiting: for an earlier part.

    asked: the earlier part failed, she decides. made: there is an application, handed in or still to be completed.
    refused: it could not even be begun. let_go: she gave it up.
    """

    SKIPPED = "skipped"
    APART = "apart"
    WAITING = "waiting"
    ASKED = "asked"
    MADE = "made"
    REFUSED = "refused"
    LET_GO = "let_go"


class Verdict(StrEnum):
    OPEN = "open"
    DONE = "done"
    FAILED = "failed"


HELD = frozenset({PartState.WAITING, PartState.ASKED, PartState.REFUSED})
"""In which its answers and papers are still kept with the bundle."""
TO_DECIDE = frozenset({PartState.ASKED, PartState.REFUSED})

BAD_OUTCOMES = frozenset({"denied", "declined", "sent_back", "transferred", "withdrawn", "recalled", "revoked"})
GOOD_STATUSES = (Status.GRANTED, Status.ANSWERED, Status.CLOSED)
BAD_STATUSES = (Status.DENIED, Status.DECLINED, Status.SENT_BACK, Status.TRANSFERRED, Status.WITHDRAWN)
ENDED_STATUSES = (*GOOD_STATUSES, *BAD_STATUSES)


def verdict(status: str, outcome: str | None) -> Verdict:
    """Whether the case has brought what the next part needs.

    A case that was transferred (转办) goes on under another number: the person is asked rather than kept waiting.
    """
    if status in BAD_STATUSES or outcome in BAD_OUTCOMES:
        return Verdict.FAILED
    return Verdict.DONE if status in GOOD_STATUSES else Verdict.OPEN
