"""What cases say to and hear from other nodes: asks at the home, steps and due dates at the followers."""

import re
from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

from django.conf import settings
from django.utils import timezone

from tongban.base.actor import Actor, Role, Via
from tongban.base.canonical import parse_json
from tongban.base.errors import NotYet, Rejected
from tongban.base.times import legal_date, parse_moment
from tongban.calendar.queries import today
from tongban.cases.actions.completing import give_back
from tongban.cases.actions.copying import take_over
from tongban.cases.actions.opening import open_case
from tongban.cases.actions.taking import check_plain, co_case_opened, part_refused_by_transport, take, tell_lead
from tongban.cases.models import Ask, Case, Step
from tongban.cases.queries.situations import definition_of
from tongban.cases.rules.opening import Opening, read_opening
from tongban.cases.rules.table import FROM_AFAR, Act
from tongban.catalogue.queries import agreements, definition_in, find_version, is_valid_on
from tongban.catalogue.rules.agreements import Right, route
from tongban.catalogue.rules.kinds import Mode
from tongban.exchange.actions import raise_alarm
from tongban.exchange.rules import Heard, LetterRef
from tongban.files.actions import release

CLAIMED_ROLES = {role.value: role for role in (Role.APPLICANT, Role.CLERK, Role.OFFICER, Role.ORGAN)}
HEX64 = re.compile(r"[0-9a-f]{64}")


def hear_ask(heard: Heard, *, received_on: date | None = None) -> None:
    """An ask to this home. It is answered by a step, or by Rejected, which becomes the signed receipt.

    received_on: the day on which it was taken, where that is not today.
    """
    data = heard.data
    case_id, act = _case_id(heard), _act(data)
    if data.get("home") != settings.NODE:
        raise Rejected("not_home", home=str(data.get("home"))[:8])
    part = next((part for part in heard.parts if part.audience == "home"), None)
    if part is None:
        raise Rejected("malformed", why="an ask has a body for the home")
    body = parse_json(part.content, most_bytes=1_500_000)
    content = body.get("content") if isinstance(body, dict) else None
    if not isinstance(content, dict):
        raise Rejected("malformed", why="the body of an ask has a content")
    check_plain(content)
    actor = _claimed(heard)
    if is_answered(case_id, heard.id):
        # This node was restored: the step that answers was seen by others, the receipt was not.
        if act is Act.OPEN:
            give_back(case_id, read_opening(case_id, content))
        return
    if act is Act.OPEN:
        opening = read_opening(case_id, content)
        clock_from = _may_open(heard, actor, opening, received_on or today())
        open_case(actor, opening, answers=heard.id, clock_from=clock_from)
        return
    if act is Act.DELIVER:
        _may_hand_out(heard.sender, case_id)
    seen = data.get("seen")
    if seen is not None and (isinstance(seen, bool) or not isinstance(seen, int)):
        raise Rejected("malformed", why="seen is a step number")
    take(actor, case_id, act, seen=seen, content=content, answers=heard.id)


def is_answered(case_id: UUID, ask: UUID) -> bool:
    return Step.objects.filter(case=case_id, case__is_home=True, header__answers=str(ask)).exists()


def _may_open(heard: Heard, actor: Actor, opening: Opening, received_on: date) -> date | None:
    """Organ to organ the lead or predecessor must be the sender's own; else an agreement must cover place and mode.

    A well-formed ask under a valid agreement is always opened: whether it deserves acceptance is the home's next act.
    Returns the day from which the notice clock runs, where the agreement gives the counter no 收件权: received_on.
    """
    if opening.place[:2] != settings.NODE:
        raise Rejected("not_home", home=opening.place[:2])
    if opening.lead is not None or opening.predecessor is not None:
        lead_is_theirs = opening.lead is None or opening.lead.node == heard.sender
        old_is_theirs = opening.predecessor is None or opening.predecessor.get("home") == heard.sender
        if actor.role is not Role.ORGAN or not lead_is_theirs or not old_is_theirs:
            raise Rejected("not_allowed")
        _check_ties(heard.sender, opening)
        return None
    if not opening.receiving.node == opening.receiving.place[:2] == heard.sender:
        raise Rejected("not_allowed")
    # A counter receives for 代收代办 and 多地联办, a portal for 全程网办: neither has the other's rights.
    if opening.mode == (Mode.ONLINE if opening.receiving.organ else Mode.COUNTER):
        raise Rejected("not_allowed")
    version = find_version(opening.item, opening.standard, opening.version)
    if version is None:
        raise NotYet("version_unknown", item=opening.item, version=opening.version)
    on = legal_date(opening.receiving.at)
    if not is_valid_on(opening.item, opening.standard, opening.version, on):
        raise Rejected("version_not_valid", item=opening.item, version=opening.version, on=on.isoformat())
    way = route(
        agreements(),
        place=opening.receiving.place,
        authority_place=opening.place,
        definition=definition_in(version),
        on=on,
    )
    if not way.allowed or opening.mode not in {str(mode) for mode in way.modes}:
        raise Rejected("no_agreement", why=way.why)
    return received_on if opening.receiving.organ and Right.RECEIVE not in way.rights else None


def _check_ties(sender: str, opening: Opening) -> None:
    """A part is asked for at the place that it names; a case before, where it is known here, was the sender's."""
    if opening.lead is not None and opening.lead.part.partition("@")[2] != opening.place:
        raise Rejected("malformed", why="the part names the place that is to decide it")
    if opening.predecessor is not None:
        before = Case.objects.filter(id=opening.predecessor["case"]).first()
        if before is not None and before.home != sender:
            raise Rejected("not_allowed")


def _may_hand_out(sender: str, case_id: UUID) -> None:
    """A counter hands out the result (送达) where the agreement of the day of receipt says so."""
    first = Step.objects.filter(case=case_id, no=1, case__is_home=True, case__receiving_node=sender).first()
    if first is None:
        raise Rejected("not_allowed")
    case, on = first.case, legal_date(first.case.received_at)
    place = first.header["received"]["place"]
    way = route(agreements(), place=place, authority_place=case.place, definition=definition_of(case), on=on)
    if Right.DELIVER not in way.rights:
        raise Rejected("not_allowed")


def answered_ask(letter: LetterRef, receiver: str, outcome: str, reason: str | None, facts: Mapping[str, str]) -> None:
    """The receipt of an ask of ours: taken, or rejected with a reason that the asker reads."""
    Ask.objects.filter(letter=letter.id).update(
        outcome=outcome, reason=reason or "", facts=dict(facts), answered_at=timezone.now()
    )
    ask = Ask.objects.filter(letter=letter.id, act=Act.OPEN).first()
    if ask is None:
        return
    if outcome == "taken":
        co_case_opened(ask.case_id)
        return
    if part_refused_by_transport(ask.case_id, reason or "", facts):
        return
    if ask.made_by is None:
        # Organs ask for assist cases and for successors only.
        raise_alarm("successor_rejected", peer=receiver, subject=str(ask.case_id), facts={"reason": reason})


def hear_step(heard: Heard) -> None:
    """A step of a case that this node follows; never skipped. Raises NotYet("gap", "fork", "unexpected_case")."""
    header = check_header(heard)
    case = take_over(heard, header)
    tell_lead(case)


def check_header(heard: Heard) -> dict[str, Any]:
    """The form of a step's header (protocol, section on steps). Raises Rejected("malformed", "not_home")."""
    header = dict(heard.data)
    _case_id(heard)
    if header.get("home") != heard.sender:
        raise Rejected("not_home", home=str(header.get("home"))[:8])
    number, previous = header.get("no"), header.get("prev")
    if isinstance(number, bool) or not isinstance(number, int) or number < 1:
        raise Rejected("malformed", why="no is a positive number")
    if (previous is None) != (number == 1) or (previous is not None and not HEX64.fullmatch(str(previous))):
        raise Rejected("malformed", why="prev is the digest of the step before, null in step 1")
    for name in ("act", "status"):
        if not isinstance(header.get(name), str) or not 0 < len(header[name]) <= 24:
            raise Rejected("malformed", why=f"{name} is a word")
    if not isinstance(header.get("facts", {}), dict) or not isinstance(header.get("bodies", {}), dict):
        raise Rejected("malformed", why="facts and bodies are objects")
    for name in ("followers", "removed"):
        if not isinstance(codes := header.get(name, []), list) or not all(isinstance(code, str) for code in codes):
            raise Rejected("malformed", why=f"{name} are codes of nodes")
    try:
        date.fromisoformat(header["legal_date"])
        parse_moment(header["recorded_at"])
    except (KeyError, TypeError, ValueError) as error:
        raise Rejected("malformed", why="legal_date and recorded_at are needed") from error
    return header


def hear_due(heard: Heard) -> None:
    """The home's due dates, for show; they are no part of the chain and a later letter replaces them."""
    case = Case.objects.select_for_update().filter(id=_case_id(heard), is_home=False).first()
    if case is None or case.home != heard.sender:
        raise NotYet("unexpected_case")
    for name in ("notice", "decision", "statutory"):
        value = heard.data.get(name)
        setattr(case, f"{name}_due", date.fromisoformat(value) if isinstance(value, str) else None)
    case.due_is_provisional = heard.data.get("provisional") is True
    case.save(update_fields=["notice_due", "decision_due", "statutory_due", "due_is_provisional"])


def hear_held(heard: Heard) -> None:
    """The home keeps these files of the case now; this node need not. Those handed in since are still to be pulled."""
    files = heard.data.get("files")
    if not isinstance(files, list) or not all(isinstance(digest, str) for digest in files):
        raise Rejected("malformed", why="files is a list of digests")
    release(case=_case_id(heard), by=heard.sender, digests=files)


def _claimed(heard: Heard) -> Actor:
    """The sender vouches for who acted there; the home records it as claimed."""
    claim = heard.data.get("by")
    role = CLAIMED_ROLES.get(claim.get("role", "")) if isinstance(claim, dict) else None
    if role is None or not isinstance(claim, dict):
        raise Rejected("malformed", why="by names a role")
    organ = claim.get("organ")
    if organ is not None and (not isinstance(organ, str) or len(organ) > 18):
        raise Rejected("malformed", why="organ is a code")
    return Actor(role=role, node=heard.sender, organ=organ, via=Via.LETTER)


def _act(data: Mapping[str, Any]) -> Act:
    try:
        act = Act(str(data.get("act")))
    except ValueError as error:
        raise NotYet("act_unknown", act=str(data.get("act"))[:24]) from error
    if act not in FROM_AFAR:
        raise Rejected("not_allowed")
    return act


def _case_id(heard: Heard) -> UUID:
    if str(heard.data.get("case")) != heard.subject:
        raise Rejected("malformed", why="case is the letter's subject")
    try:
        return UUID(heard.subject)
    except ValueError as error:
        raise Rejected("malformed", why="case is a UUID") from error
