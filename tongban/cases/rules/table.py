"""Everything that can happen to a case: act × status before × status after × who may × in which patterns.

The page's buttons, the check before each act, the tests and `docs/case.md` read this table and nothing else.
"""

from dataclasses import dataclass
from enum import StrEnum

from tongban.catalogue.rules.kinds import Pattern


class Status(StrEnum):
    """A legal position of a case; what else is known of it (pauses, overdue, custody) is derived."""

    SUBMITTED = "submitted"
    CORRECTING = "correcting"
    ACCEPTED = "accepted"
    GRANTED = "granted"
    DENIED = "denied"
    DECLINED = "declined"
    SENT_BACK = "sent_back"
    TRANSFERRED = "transferred"
    WITHDRAWN = "withdrawn"
    ANSWERED = "answered"
    CLOSED = "closed"


class Act(StrEnum):
    """The verbs of the law and of the hall."""

    OPEN = "open"
    ASK_CORRECTION = "ask_correction"
    SUPPLY = "supply"
    ACCEPT = "accept"
    DEEM_ACCEPTED = "deem_accepted"
    DECLINE = "decline"
    SEND_BACK = "send_back"
    TRANSFER = "transfer"
    SUSPEND = "suspend"
    RESUME = "resume"
    EXTEND = "extend"
    PART_DECIDED = "part_decided"
    GO_ON = "go_on"
    RENEW = "renew"
    ANSWER = "answer"
    GRANT = "grant"
    DENY = "deny"
    ISSUE = "issue"
    DELIVER = "deliver"
    CLOSE = "close"
    WITHDRAW = "withdraw"
    RECALL = "recall"
    RECTIFY = "rectify"
    REVOKE = "revoke"
    REOPEN = "reopen"
    ARCHIVE = "archive"
    RECORD = "record"


class Who(StrEnum):
    """In what relation to the case somebody acts."""

    APPLICANT = "applicant"
    RECEIVER = "receiver"
    OFFICER = "officer"
    LEAD = "lead"
    INFORMED = "informed"
    SYSTEM = "system"


S = Status
P = Pattern
DECIDED = frozenset({P.APPROVAL, P.JOINT, P.ANYWHERE, P.COLLECTED, P.MONEY})
REVIEWED = DECIDED | {P.CHECK}
RUN = REVIEWED | {P.ASSIST}
SIMPLE = frozenset({P.INSTANT, P.CHECK, P.HANDOFF, P.NOTICE})
MONEY = frozenset({P.MONEY})
NO_ASSIST = frozenset(P) - {P.ASSIST}
ALL = frozenset(P)

ENDS = frozenset({S.DECLINED, S.SENT_BACK, S.TRANSFERRED, S.WITHDRAWN, S.ANSWERED, S.CLOSED})
ANY = frozenset(S)
OPEN_STATUSES = ANY - ENDS


@dataclass(frozen=True, slots=True)
class Move:
    """One row: `before` empty means that there is no case yet, `after` None that the status stays."""

    act: Act
    before: frozenset[Status]
    after: Status | None
    who: frozenset[Who]
    patterns: frozenset[Pattern]
    document: str | None = None


def _row(
    act: Act, before: str, after: Status | None, who: str, patterns: frozenset[Pattern], document: str | None = None
) -> Move:
    statuses = {"": frozenset[Status](), "any": ANY, "ends": ENDS}.get(before)
    if statuses is None:
        statuses = frozenset(Status(name) for name in before.split())
    return Move(act, statuses, after, frozenset(Who(name) for name in who.split()), patterns, document)


# fmt: off
TABLE: tuple[Move, ...] = (
    #    act                 before                         after           who                        patterns   document
    _row(Act.OPEN,           "",                            S.SUBMITTED,    "applicant receiver officer lead", ALL),
    _row(Act.ASK_CORRECTION, "submitted",                   S.CORRECTING,   "officer",                 REVIEWED | {P.NOTICE}, "correction_notice"),
    _row(Act.SUPPLY,         "correcting",                  S.SUBMITTED,    "applicant receiver",      REVIEWED | {P.NOTICE}),
    _row(Act.SUPPLY,         "granted",                     None,           "applicant receiver",      MONEY),
    _row(Act.ACCEPT,         "submitted",                   S.ACCEPTED,     "officer",                 RUN,       "acceptance_notice"),
    _row(Act.DEEM_ACCEPTED,  "submitted",                   S.ACCEPTED,     "system",                  DECIDED,   "acceptance_notice"),
    _row(Act.DECLINE,        "submitted correcting",        S.DECLINED,     "officer",                 REVIEWED,  "refusal_notice"),
    _row(Act.SEND_BACK,      "submitted correcting",        S.SENT_BACK,    "officer",                 ALL,       "send_back_notice"),
    _row(Act.TRANSFER,       "submitted accepted",          S.TRANSFERRED,  "officer",                 DECIDED | {P.NOTICE}, "transfer_notice"),
    _row(Act.SUSPEND,        "accepted",                    None,           "officer",                 RUN,       "suspension_notice"),
    _row(Act.RESUME,         "accepted",                    None,           "officer system",          RUN),
    _row(Act.EXTEND,         "accepted",                    None,           "officer",                 RUN,       "extension_notice"),
    _row(Act.PART_DECIDED,   "accepted",                    None,           "officer system",          DECIDED),
    _row(Act.GO_ON,          "accepted",                    None,           "applicant receiver officer", DECIDED, "choice_record"),
    _row(Act.RENEW,          "accepted",                    None,           "officer",                 DECIDED),
    _row(Act.ANSWER,         "submitted",                   S.ANSWERED,     "officer system",          SIMPLE,    "answer"),
    _row(Act.GRANT,          "accepted",                    S.GRANTED,      "officer",                 RUN,       "grant_decision"),
    _row(Act.DENY,           "accepted",                    S.DENIED,       "officer",                 RUN,       "denial_decision"),
    _row(Act.ISSUE,          "granted",                     None,           "officer system",          DECIDED,   "certificate_record"),
    _row(Act.DELIVER,        "granted denied",              None,           "officer receiver system", REVIEWED,  "delivery_record"),
    _row(Act.CLOSE,          "granted denied",              S.CLOSED,       "officer system",          RUN),
    _row(Act.WITHDRAW,       "submitted correcting",        S.WITHDRAWN,    "applicant lead",          ALL,       "withdrawal_record"),
    _row(Act.WITHDRAW,       "accepted",                    S.WITHDRAWN,    "applicant receiver lead system", ALL, "withdrawal_record"),
    _row(Act.RECALL,         "submitted correcting",        S.WITHDRAWN,    "receiver",                NO_ASSIST, "withdrawal_record"),
    _row(Act.RECTIFY,        "granted denied answered closed", None,        "officer",                 ALL,       "rectification"),
    _row(Act.REVOKE,         "granted closed",              S.CLOSED,       "officer",                 DECIDED,   "revocation"),
    _row(Act.REOPEN,         "declined sent_back transferred", S.SUBMITTED,    "officer",                 NO_ASSIST, "reopening_notice"),
    _row(Act.REOPEN,         "denied closed",               S.ACCEPTED,     "officer",                 REVIEWED,  "reopening_notice"),
    _row(Act.ARCHIVE,        "ends",                        None,           "officer system",          ALL),
    _row(Act.RECORD,         "any",                         None,           "officer receiver system", ALL),
)
# fmt: on

FROM_AFAR = frozenset({Act.OPEN, Act.SUPPLY, Act.GO_ON, Act.WITHDRAW, Act.RECALL, Act.DELIVER, Act.RECORD})
"""Acts that another node may ask the home for; all others are made at the home."""


def find_move(act: Act, status: Status | None, pattern: Pattern) -> Move | None:
    """The row under which the act is possible now, whoever asks."""
    for move in TABLE:
        stands = status in move.before if status is not None else not move.before
        if move.act is act and stands and pattern in move.patterns:
            return move
    return None


def moves_for(who: frozenset[Who], status: Status, pattern: Pattern) -> tuple[Move, ...]:
    """The rows open to somebody now, in the table's order: the buttons of a page."""
    return tuple(move for move in TABLE if status in move.before and pattern in move.patterns and who & move.who)
