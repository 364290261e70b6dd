"""How a case of an item can end, by pattern and mode."""

from enum import StrEnum

from tongban.catalogue.rules.definition import Definition
from tongban.catalogue.rules.kinds import Mode, OnRefusal, Pattern


class Outcome(StrEnum):
    """corrected_granted, corrected_answered: after one correction notice. partly_granted: one part refused.

    bounced_paid: the payment came back, went to another account and arrived. handed_off: done elsewhere, recorded here.
    """

    GRANTED = "granted"
    CORRECTED_GRANTED = "corrected_granted"
    DENIED = "denied"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"
    RECALLED = "recalled"
    SENT_BACK = "sent_back"
    TRANSFERRED = "transferred"
    ANSWERED = "answered"
    CORRECTED_ANSWERED = "corrected_answered"
    DEEMED_ACCEPTED = "deemed_accepted"
    PARTLY_GRANTED = "partly_granted"
    BOUNCED_PAID = "bounced_paid"
    HANDED_OFF = "handed_off"


_DECIDED = (
    Outcome.GRANTED,
    Outcome.CORRECTED_GRANTED,
    Outcome.DENIED,
    Outcome.DECLINED,
    Outcome.WITHDRAWN,
    Outcome.SENT_BACK,
)
_BY_PATTERN: dict[Pattern, tuple[Outcome, ...]] = {
    Pattern.INSTANT: (Outcome.ANSWERED,),
    Pattern.CHECK: (Outcome.ANSWERED, *_DECIDED),
    Pattern.APPROVAL: (*_DECIDED, Outcome.TRANSFERRED),
    Pattern.JOINT: _DECIDED,
    Pattern.ANYWHERE: _DECIDED,
    Pattern.COLLECTED: (*_DECIDED, Outcome.TRANSFERRED),
    Pattern.MONEY: (*_DECIDED, Outcome.BOUNCED_PAID),
    Pattern.HANDOFF: (Outcome.HANDED_OFF,),
    Pattern.NOTICE: (
        Outcome.ANSWERED,
        Outcome.CORRECTED_ANSWERED,
        Outcome.WITHDRAWN,
        Outcome.SENT_BACK,
        Outcome.TRANSFERRED,
    ),
    Pattern.ASSIST: (Outcome.GRANTED, Outcome.PARTLY_GRANTED, Outcome.DENIED),
}


def outcomes_of(definition: Definition, mode: Mode) -> tuple[Outcome, ...]:
    """The ends that a case of the item in this mode can have; a definition may list fewer than its pattern allows.

    Raises LookupError for a mode that the item does not allow.
    """
    if mode not in definition.modes:
        raise LookupError(mode)
    possible = list(_BY_PATTERN[definition.pattern])
    if mode is Mode.COUNTER and Outcome.WITHDRAWN in possible:
        possible.append(Outcome.RECALLED)
    if definition.limits.silence_accepts:
        possible.append(Outcome.DEEMED_ACCEPTED)
    asks = any(stage.on_refusal is OnRefusal.ASK_APPLICANT for stage in definition.stages)
    if asks or (definition.parties and definition.parties.persons):
        possible.append(Outcome.PARTLY_GRANTED)
    if definition.outcomes:
        possible = [outcome for outcome in possible if outcome in definition.outcomes]
    return tuple(possible)
