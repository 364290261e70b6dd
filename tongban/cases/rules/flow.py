"""What must be true before a stage is decided, before a case goes on without it, before its document is issued anew."""

from collections.abc import Mapping
from typing import Any

from tongban.base.canonical import digest
from tongban.base.errors import Rejected
from tongban.calendar.rules import add
from tongban.cases.rules.parts import WAITING_STAGES, Part, Parts, PartStatus, stage_of
from tongban.cases.rules.reading import choice, text
from tongban.cases.rules.situation import Situation
from tongban.cases.rules.validity import Hold, needed, needed_for
from tongban.catalogue.rules.flow import Stage
from tongban.catalogue.rules.kinds import OnRefusal, Pattern

Content = Mapping[str, Any]
Facts = dict[str, Any]

OUTCOMES = (PartStatus.DONE, PartStatus.PARTIAL, PartStatus.REFUSED)


def decide_part(content: Content, situation: Situation) -> Facts:
    part = _part_meant(content, situation)
    outcome = choice(content, "outcome", OUTCOMES)
    stage = stage_of(situation.definition, part)
    if part.co_case and not situation.by_system:
        raise Rejected("part_is_elsewhere")
    facts: Facts = {"part": part.id, "outcome": outcome}
    if outcome == PartStatus.REFUSED:
        return facts | _question(stage, content, situation) | _reported(content, situation)
    if part.co_case:
        return facts | _reported(content, situation)
    if stage.kind in WAITING_STAGES and part.id not in situation.wait_over:
        raise Rejected("still_waiting", stage=stage.name)
    check_papers(stage, situation.state.parts, situation)
    return facts | validity_of(stage, situation)


def _part_meant(content: Content, situation: Situation) -> Part:
    """One whose turn it is; but what another home has decided is noted whenever it is heard."""
    state = situation.state
    for part in state.parts if situation.by_system else ():
        if part.status is PartStatus.WAITING and part.co_case and part.co_case == content.get("co_case"):
            return part
    found = next((part for part in state.current_parts if part.id == content.get("part")), None)
    if found is None and state.asked:
        raise still_asked(situation)
    if found is None:
        raise Rejected("part_not_due")
    return found


def _question(stage: Stage, content: Content, situation: Situation) -> Facts:
    """Where the person is asked what the refusal means, he is told why, and until when he may answer.

    Where nobody applied there is nobody to ask: the case goes on.
    """
    if stage.on_refusal is not OnRefusal.ASK_APPLICANT or situation.state.ex_officio:
        return {}
    if not content.get("co_case"):
        text(content, "text")
    return {"answer_by": add(situation.days, situation.today, stage.answer_within).isoformat()}


def _reported(content: Content, situation: Situation) -> Facts:
    """What the assist case says of itself; its document is named by number and digest, as in its own step."""
    if not situation.by_system:
        return {}
    facts: Facts = {name: str(content[name]) for name in ("co_case", "co_head", "valid_until") if content.get(name)}
    if paper := content.get("co_document"):
        page = digest(paper["html"].encode())
        facts["co_document"] = {"kind": paper["kind"], "number": paper["number"], "digest": page}
    return facts


def validity_of(stage: Stage | None, situation: Situation) -> Facts:
    """The last day of the document that a stage puts out today, as it is printed on it."""
    if stage is None or stage.validity is None or stage.document is None:
        return {}
    return {"valid_until": add(situation.days, situation.today, stage.validity).isoformat()}


def check_papers(stage: Stage, parts: Parts, situation: Situation) -> None:
    """The documents on which the stage rests hold still. parts: of the case that had them put out."""
    for paper in needed_for(stage, parts, situation.definition):
        if paper.hold(situation.today) is not Hold.ENDED:
            continue
        until = paper.until.isoformat()
        if situation.pattern is Pattern.ASSIST:
            raise Rejected("lead_document_expired", document=paper.name, until=until)
        raise Rejected("document_expired", document=paper.name, until=until, stage=stage.name)


def go_on(content: Content, situation: Situation) -> Facts:
    """The person goes on without the refused parts; when he has let the time pass, the officer may."""
    asked = {part.id for part in situation.state.asked}
    if not asked:
        raise Rejected("nothing_asked")
    if not situation.by_authority:
        named = set(content.get("parts") or ())
        if not named or not named <= asked:
            raise Rejected("invalid", fields={"parts": "not_asked"})
        return {"parts": sorted(named)}
    if may_still_answer(situation):
        raise still_asked(situation)
    return {"parts": sorted(asked), "silent": True}


def may_still_answer(situation: Situation) -> bool:
    return any(part.answer_by and situation.today <= part.answer_by for part in situation.state.asked)


def still_asked(situation: Situation) -> Rejected:
    asked = situation.state.asked
    return Rejected(
        "applicant_asked",
        stage="、".join(dict.fromkeys(stage_of(situation.definition, part).name for part in asked)),
        since=min(part.decided_on.isoformat() for part in asked if part.decided_on),
        until=max(part.answer_by.isoformat() for part in asked if part.answer_by),
    )


def renew(content: Content, situation: Situation) -> Facts:
    """A document whose time is over, though a stage still rests on it, is to be put out anew by whoever put it out."""
    papers = needed(situation.state.parts, situation.definition)
    ended = tuple(paper.part.id for paper in papers if paper.hold(situation.today) is Hold.ENDED)
    if not ended:
        raise Rejected("nothing_expired")
    if situation.state.asked:
        raise still_asked(situation)
    part = choice(content, "part", ended)
    text(content, "reason")
    return {"part": part}
