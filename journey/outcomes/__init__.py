"""Which outcomes an item can come to in a mode, and the turns that lead there."""

from journey.items import Item
from journey.outcomes import flow, signing, turns
from journey.play import Turn

Script = tuple[Turn, ...]

BEGIN: Script = (turns.hand_in, turns.received)
DECIDE: Script = (turns.accept, flow.stages, turns.grant, turns.hand_out)

DECIDED: dict[str, Script] = {
    "granted": (*BEGIN, *DECIDE),
    "corrected_granted": (*BEGIN, turns.ask_correction, turns.supply, *DECIDE),
    "denied": (*BEGIN, turns.accept, turns.deny),
    "declined": (*BEGIN, turns.decline),
    "withdrawn": (*BEGIN, turns.accept, turns.withdraw),
    "withdrawn_in_correction": (*BEGIN, turns.ask_correction, turns.withdraw),
    "sent_back": (*BEGIN, turns.send_back),
    "reopened": (*BEGIN, turns.send_back, turns.reopen, *DECIDE),
    "paused_granted": (*BEGIN, turns.accept, turns.suspend_and_extend, flow.stages, turns.grant, turns.hand_out),
    "raced": (*BEGIN, turns.accept, flow.stages, turns.race),
    "rectified": (*BEGIN, *DECIDE, turns.rectify, turns.archive),
    "revoked": (*BEGIN, *DECIDE, turns.revoke),
}
AT_COUNTER: dict[str, Script] = {
    "recalled": (*BEGIN, turns.recall),
    "kept_original": (*BEGIN, turns.custody, *DECIDE),
}
SILENT: dict[str, Script] = {
    "deemed_accepted": (*BEGIN, turns.silence, flow.stages, turns.grant, turns.hand_out),
}
TRANSFERRED: dict[str, Script] = {"transferred": (*BEGIN, turns.transfer)}
REFUSED_ELSEWHERE: dict[str, Script] = {
    "refused_elsewhere": (*BEGIN, turns.accept, flow.refused_elsewhere("fail"), turns.deny),
}
PARTLY: dict[str, Script] = {
    "partly_granted": (*BEGIN, turns.accept, flow.refused_elsewhere("continue"), turns.grant_partly, turns.hand_out),
}
WHEN_ASKED: Script = (*BEGIN, turns.accept, flow.refused_elsewhere("ask_applicant"))
THE_REST: Script = (flow.stages, turns.grant_partly, turns.hand_out)
ASKED: dict[str, Script] = {
    "partly_granted": (*WHEN_ASKED, flow.go_on, *THE_REST),
    "partly_granted_unanswered": (*WHEN_ASKED, flow.say_nothing, *THE_REST),
    "withdrawn_when_asked": (*WHEN_ASKED, flow.withdraw_when_asked),
}
PAPERS_END: dict[str, Script] = {
    "papers_renewed": (*BEGIN, turns.accept, flow.papers_end, turns.grant, turns.hand_out),
}
BOUNCED: dict[str, Script] = {
    "bounced_paid": (
        *BEGIN,
        turns.accept,
        flow.stages,
        turns.grant,
        turns.money_bounces,
        turns.new_account,
        turns.hand_out,
    ),
}
ANSWERED: dict[str, Script] = {"answered": (turns.hand_in, turns.answered_by_itself)}
NOTICE: dict[str, Script] = {
    "answered": (*BEGIN, turns.answer),
    "corrected_answered": (*BEGIN, turns.ask_correction, turns.supply, turns.answer),
    "sent_back": (*BEGIN, turns.send_back),
    "reopened": (*BEGIN, turns.send_back, turns.reopen, turns.answer),
    "withdrawn": (*BEGIN, turns.withdraw),
}
UNMATCHED: dict[str, Script] = {
    name: (*BEGIN, turns.not_passed, *DECIDED[name][len(BEGIN) :])
    for name in ("granted", "corrected_granted", "denied", "declined", "withdrawn", "sent_back")
}
HANDOFF: dict[str, Script] = {"handed_off": (turns.hand_in, turns.answered_by_itself)}

SIGNED_AGAIN: dict[str, Script] = {"signed_again": (turns.hand_in_signed_twice, turns.received, *DECIDE)}
ONE_WITHDRAWS: dict[str, Script] = {"withdrawn_by_one": (*BEGIN, signing.one_withdraws_alone)}
ONE_DENIED: dict[str, Script] = {
    "partly_granted": (*BEGIN, turns.accept, flow.stages, signing.deny_one, turns.hand_out),
}

BY_ITSELF = frozenset({"instant", "check", "handoff"})


def outcomes_of(item: Item, mode: str, answers: dict[str, object]) -> dict[str, Script]:
    """Name of each outcome -> the turns to it."""
    found = _possible(item, mode, answers)
    if item.has_windows:
        found = {name: (turns.window_opens, *script) for name, script in found.items()}
    if any(item.correctable(answers)):
        return found
    return {name: script for name, script in found.items() if turns.ask_correction not in script}


def _possible(item: Item, mode: str, answers: dict[str, object]) -> dict[str, Script]:
    if item.pattern in BY_ITSELF:
        # The department is asked about whom the matter concerns: only the applicant can be one whom it does not know.
        check = ANSWERED if item.concerns_another(answers) else ANSWERED | UNMATCHED
        return {"instant": ANSWERED, "check": check, "handoff": HANDOFF}[item.pattern]
    at_counter = AT_COUNTER if item.is_handed_in_at_counter(mode) else {}
    if item.pattern == "notice":
        return NOTICE | {name: script for name, script in at_counter.items() if name == "recalled"}
    found = DECIDED | at_counter
    if item.silence_accepts:
        found = found | SILENT
    if item.pattern == "approval":
        found = found | TRANSFERRED
    if item.pattern == "money":
        found = found | BOUNCED
    found = found | _with_parties(item, answers)
    if any(stage.get("relies_on") for stage in item.stages_for(answers)):
        found = found | PAPERS_END
    meanings = {flow.meaning_of(stage) for stage in item.stages_for(answers) if stage["place"] != "home"}
    for meaning, scripts in (("fail", REFUSED_ELSEWHERE), ("continue", PARTLY), ("ask_applicant", ASKED)):
        if meaning in meanings:
            found = found | scripts
    return found


def _with_parties(item: Item, answers: dict[str, object]) -> dict[str, Script]:
    """What only happens where several people take part."""
    found: dict[str, Script] = {}
    changed = item.correctable(answers)[0]
    if (
        any(answers.get(field) for field in item.signing_fields)
        and item.corrected(changed, answers) != answers[changed]
    ):
        found |= SIGNED_AGAIN
    if any(answers.get(field) for field in item.co_applicant_fields) and item.withdraws_alone:
        found |= ONE_WITHDRAWS
    persons = answers.get(item.persons_field)
    if isinstance(persons, list) and len(persons) > 1:
        found |= ONE_DENIED
    return found
