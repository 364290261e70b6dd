"""One act at the home: lock, rules, step, consequences, letters; all or nothing."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction

from tongban.base.actor import Actor, Role, Via, system
from tongban.base.canonical import canonical_json
from tongban.base.errors import Rejected
from tongban.base.words import has, say
from tongban.calendar.queries import days, today
from tongban.cases.actions.asking import send_ask
from tongban.cases.actions.consequences import Request, follow_up
from tongban.cases.actions.following import add_follower
from tongban.cases.actions.opening import open_case
from tongban.cases.actions.parts import turn_of_parts
from tongban.cases.actions.reporting import report_of
from tongban.cases.actions.stepping import Doing, append
from tongban.cases.models import Case, Dossier, Link, Step
from tongban.cases.queries.relations import relations
from tongban.cases.queries.situations import definition_of, situation_of
from tongban.cases.rules import clocks, guards
from tongban.cases.rules.bodies import Follows
from tongban.cases.rules.contents import known_members, without_reports
from tongban.cases.rules.following import TERMS
from tongban.cases.rules.opening import read_opening
from tongban.cases.rules.parts import Part, PartStatus, stage_of
from tongban.cases.rules.state import WITHDRAWAL_ASKED, from_json
from tongban.cases.rules.table import OPEN_STATUSES, Act, Move, Status, Who, find_move
from tongban.catalogue.rules.definition import Definition
from tongban.catalogue.rules.kinds import Pattern

MOST_CONTENT = 900_000
"""Bytes of what an act says: its bodies for the person, the counter and an informed organ fit into one request."""

BY_PARTS = frozenset({Act.ACCEPT, Act.DEEM_ACCEPTED, Act.PART_DECIDED, Act.GO_ON, Act.RENEW})


@transaction.atomic
def take(
    actor: Actor,
    case_id: UUID,
    act: Act,
    *,
    seen: int | None,
    content: Mapping[str, Any],
    answers: UUID | None = None,
) -> Step:
    """Do the act, or refuse it and change nothing.

    seen: number of the last step that the actor had before him; None where the law leaves no choice (a job).
    content: what the act says (`rules.guards`). answers: id of the ask that it answers.
    Raises Rejected: not_found, erased, contents_lost, stale, not_now, not_allowed, invalid, and the reasons of
    `rules.guards`.
    """
    case = lock_home_case(case_id)
    if not relations(actor, case):
        raise Rejected("not_allowed" if actor.via is Via.LETTER else "not_found")
    if case.erased_at is not None:
        raise Rejected("erased")
    if not Dossier.objects.filter(case=case).exists():
        raise Rejected("contents_lost")
    definition = definition_of(case)
    check_plain(content)
    content = known_members(content) if actor.role is Role.SYSTEM else without_reports(known_members(content))
    if act is not Act.DEEM_ACCEPTED:
        _silence_first(case, definition)
    elif not _silence_has_accepted(case, definition):
        raise Rejected("not_now", status=say(f"status.{case.status}"), act=say(f"act.{act}"))
    if seen is not None and seen != case.head:
        raise Rejected("stale", changed=_changes_since(case, seen), head=case.head)
    return _perform(case, definition, actor, act, content, answers)


def lock_home_case(case_id: UUID) -> Case:
    """The row of a case whose home is here, locked until the transaction ends. Raises Rejected("not_found").

    The lead of an assist case is locked before it: the end of either changes the other.
    """
    lead = Link.objects.filter(co_case=case_id).values_list("case_id", flat=True).first()
    if lead is not None:
        Case.objects.select_for_update().filter(id=lead).first()
    case = Case.objects.select_for_update().filter(id=case_id, is_home=True).first()
    if case is None:
        raise Rejected("not_found")
    return case


def check_plain(content: Mapping[str, Any]) -> None:
    """Content becomes canonical JSON. Raises Rejected("malformed")."""
    try:
        size = len(canonical_json(dict(content)))
    except (TypeError, ValueError) as error:
        raise Rejected("malformed", why=str(error)) from error
    if size > MOST_CONTENT:
        raise Rejected("malformed", why="too large")


def _perform(
    case: Case, definition: Definition, actor: Actor, act: Act, content: Mapping[str, Any], answers: UUID | None
) -> Step:
    move, who = _move_for(case, actor, act)
    state = from_json(case.state)
    situation = situation_of(
        case,
        definition,
        by_system=actor.role is Role.SYSTEM,
        by_authority=bool(who & {Who.OFFICER, Who.SYSTEM}),
        by_counter=Who.RECEIVER in who,
    )
    facts = guards.check(act, content, situation)
    if act is Act.WITHDRAW and facts.get("event") == WITHDRAWAL_ASKED:
        act, move = Act.RECORD, find_move(Act.RECORD, Status(case.status), Pattern(case.pattern)) or move
    if act in BY_PARTS or (act is Act.REOPEN and move.after is Status.ACCEPTED):
        facts |= turn_of_parts(case, state, definition, act, facts)
    deemed = act is Act.DEEM_ACCEPTED
    step = append(
        case,
        Doing(
            actor=actor,
            move=move,
            definition=definition,
            facts=facts,
            content=content,
            answers=answers,
            # 行政许可法 art. 32: silence accepts from the day on which the papers, or the supplement, were received.
            day=state.corrected_on or state.received_on if deemed else None,
        ),
    )
    for request in follow_up(case, act, content, facts):
        carry_out(case, request)
    _close_when_due(case, definition)
    tell_lead(case)
    return step


def _move_for(case: Case, actor: Actor, act: Act) -> tuple[Move, frozenset[Who]]:
    """The row of the table, and in what relation to the case the actor does it. Raises not_now, not_allowed."""
    move = find_move(act, Status(case.status), Pattern(case.pattern))
    who = relations(actor, case, act)
    if move is None:
        raise Rejected("not_now", status=say(f"status.{case.status}"), act=say(f"act.{act}"))
    if not who & move.who:
        raise Rejected("not_allowed")
    return move, who


def carry_out(case: Case, request: Request) -> None:
    """Ask another case's home, or do it at once when that is this node."""
    organ = Actor(role=Role.ORGAN, node=settings.NODE, organ=case.organ, via=Via.LETTER)
    if request.home != settings.NODE:
        send_ask(organ, request.case_id, request.act, home=request.home, seen=None, content=request.content)
    elif request.act is Act.OPEN:
        open_case(organ, read_opening(request.case_id, request.content))
    elif Case.objects.get(id=request.case_id).status in OPEN_STATUSES:
        take(organ, request.case_id, request.act, seen=None, content=request.content)


def catch_up(case_id: UUID) -> None:
    """Do what follows by itself from where the case stands, where that was interrupted by a restore."""
    case = lock_home_case(case_id)
    _close_when_due(case, definition_of(case))
    tell_lead(case)


def tell_lead(case: Case) -> None:
    """When an assist case known here has ended, its part of the lead that lives here is decided with it."""
    link = Link.objects.filter(co_case=case.id).first()
    if link is None or case.status in OPEN_STATUSES:
        return
    lead = lock_home_case(link.case_id)
    part = _waits_for(lead, link)
    if part is None:
        return
    shown = stage_of(definition_of(lead), part).notice_to_applicant
    content = {"part": part.id, "co_case": str(case.id), "co_head": case.head_digest, **report_of(case, shown=shown)}
    take(system(settings.NODE), lead.id, Act.PART_DECIDED, seen=None, content=content)


def co_case_opened(co_case: UUID) -> None:
    """The other place has opened the assist case: from now on it hears of the lead, not before it knows what for.

    Where the lead has come to its end meanwhile, or its part was refused, there is nothing to tell any more.
    """
    link = Link.objects.filter(co_case=co_case).first()
    if link is None:
        return
    lead = lock_home_case(link.case_id)
    if not TERMS[Follows.CO_HANDLING].over(from_json(lead.state), link.node):
        add_follower(lead, link.node, Follows.CO_HANDLING)


def part_refused_by_transport(co_case: UUID, reason: str, facts: Mapping[str, str]) -> bool:
    """The other place would not even open the assist case: its part is refused, and an officer decides what that means.

    Returns whether the case was an assist case of ours.
    """
    link = Link.objects.filter(co_case=co_case).first()
    if link is None:
        return False
    lead = lock_home_case(link.case_id)
    if _waits_for(lead, link) is not None:
        content = {
            "part": link.needs,
            "outcome": PartStatus.REFUSED,
            "co_case": str(co_case),
            "reason": say("part.not_taken"),
            "opinion": say(f"reason.{reason}", **facts) if has(f"reason.{reason}") else reason,
        }
        take(system(settings.NODE), lead.id, Act.PART_DECIDED, seen=None, content=content)
    return True


def _waits_for(lead: Case, link: Link) -> Part | None:
    """The part that this co-case is to decide: after a reopening or a renewal another one may have taken its place."""
    state = from_json(lead.state)
    waiting = state.parts if state.status is Status.ACCEPTED else ()
    return next(
        (part for part in waiting if part.status is PartStatus.WAITING and part.co_case == str(link.co_case)), None
    )


def _silence_first(case: Case, definition: Definition) -> None:
    """What silence has already decided stands before whatever is done now (house rule of the home's clock)."""
    if _silence_has_accepted(case, definition):
        _perform(case, definition, system(settings.NODE), Act.DEEM_ACCEPTED, {}, None)


def _silence_has_accepted(case: Case, definition: Definition) -> bool:
    return clocks.is_deemed_accepted(from_json(case.state), definition, Pattern(case.pattern), days(), today())


def _close_when_due(case: Case, definition: Definition) -> None:
    """Close by itself once the item's closing event has come; a refusal closes when it is delivered."""
    state = from_json(case.state)
    granted = state.status is Status.GRANTED and guards.closing_event_happened(definition, state)
    refused = state.status is Status.DENIED and state.delivered
    decided_for_lead = case.pattern == Pattern.ASSIST and state.status in (Status.GRANTED, Status.DENIED)
    if granted or refused or decided_for_lead:
        move = find_move(Act.CLOSE, state.status, Pattern(case.pattern))
        if move:
            append(case, Doing(actor=system(settings.NODE), move=move, definition=definition))


def _changes_since(case: Case, seen: int) -> str:
    acts = Step.objects.filter(case=case, no__gt=seen).order_by("no").values_list("act", flat=True)
    return "、".join(say(f"act.{act}") for act in acts)
