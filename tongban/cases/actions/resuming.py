"""What a restore has interrupted: asks that a rebuilt case had written and nobody got, and what closes by itself."""

from uuid import UUID

from django.conf import settings

from tongban.base.actor import Actor, Role, Via
from tongban.base.errors import Rejected
from tongban.cases.actions.asking import send_ask
from tongban.cases.actions.completing import bodies_of
from tongban.cases.actions.consequences import Request, follow_up
from tongban.cases.actions.rebuilding import send_missing
from tongban.cases.actions.taking import carry_out, catch_up, lock_home_case, tell_lead
from tongban.cases.models import Ask, Case, Dossier, Step
from tongban.cases.rules.memory import content_of
from tongban.cases.rules.parts import PartStatus
from tongban.cases.rules.state import State, from_json
from tongban.cases.rules.table import OPEN_STATUSES, Act, Status
from tongban.exchange.actions import raise_alarm

LEAD_ENDED = {"reason": "lead_ended"}


def resume_home(case_id: UUID) -> None:
    """Bring the case to where the old life would have brought it by itself; a second time changes nothing.

    Raises NotYet("recovering") while a follower has still to tell what it holds.
    """
    case = lock_home_case(case_id)
    send_missing(case, strict=True)
    if not Dossier.objects.filter(case=case).exists():
        return
    for request in _unsent(case):
        try:
            carry_out(case, request)
        except Rejected as refusal:
            facts = {"reason": refusal.reason, "act": str(request.act)}
            raise_alarm("unsettled", peer=request.home, subject=str(case.id), facts=facts)
    catch_up(case_id)


def _unsent(case: Case) -> list[Request]:
    """What the case still wants of others, and nobody has been asked for."""
    state = from_json(case.state)
    if state.status is Status.ACCEPTED:
        links = [
            {"part": part.id, "co_case": part.co_case, "node": part.node or ""}
            for part in state.parts
            if part.status is PartStatus.WAITING and part.co_case and not _is_known(UUID(part.co_case), Act.OPEN)
        ]
        return follow_up(case, Act.ACCEPT, {}, {"links": links})
    if state.status is Status.TRANSFERRED:
        return [request for request in _of_transfer(case, state) if not _is_known(request.case_id, request.act)]
    if state.status in (Status.WITHDRAWN, Status.DENIED, Status.CLOSED):
        wanted = follow_up(case, Act.WITHDRAW, {}, {})
        return [request for request in wanted if not _is_known(request.case_id, request.act)]
    return []


def _of_transfer(case: Case, state: State) -> list[Request]:
    step = Step.objects.filter(case=case, act=Act.TRANSFER).order_by("-no").first()
    said = content_of(bodies_of(step)) if step else {}
    if step is None or "place" not in said:
        return []
    return follow_up(case, Act.TRANSFER, said, {"successor": state.successor})


def _is_known(case_id: UUID, act: Act) -> bool:
    """Whether the ask was written, or has become needless: the case is there, or has ended."""
    if Ask.objects.filter(case_id=case_id, act=act).exists():
        return True
    case = Case.objects.filter(id=case_id).first()
    return case is not None and (act is Act.OPEN or case.status not in OPEN_STATUSES)


def resume_copy(case: Case) -> None:
    """Let the lead here hear of its assist case; one of which no lead knows any more is asked to end."""
    tell_lead(case)
    if case.lead_node != settings.NODE or case.status not in OPEN_STATUSES:
        return
    lead = Case.objects.filter(id=case.lead or case.id, is_home=True).first()
    wanted = {part.co_case for part in from_json(lead.state).parts} if lead else set()
    if str(case.id) in wanted or Ask.objects.filter(case_id=case.id, act=Act.WITHDRAW).exists():
        return
    organ = Actor(role=Role.ORGAN, node=settings.NODE, organ=lead.organ if lead else None, via=Via.LETTER)
    send_ask(organ, case.id, Act.WITHDRAW, home=case.home, seen=None, content=LEAD_ENDED)
