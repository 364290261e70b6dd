"""What the worker does for cases by itself: silence accepts, queries are answered, files are fetched."""

import logging
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.db import transaction

from tongban.base.actor import system
from tongban.base.errors import NotYet, Rejected
from tongban.calendar.queries import days, today
from tongban.cases.actions.answering import answer_at_once
from tongban.cases.actions.consequences import read_dossier
from tongban.cases.actions.taking import take
from tongban.cases.models import Case
from tongban.cases.queries.situations import definition_of
from tongban.cases.rules.clocks import is_deemed_accepted
from tongban.cases.rules.state import from_json
from tongban.cases.rules.table import Act, Status
from tongban.catalogue.rules.kinds import Pattern
from tongban.exchange.actions import send
from tongban.exchange.client import fetch_file
from tongban.files.actions import keep, postpone, settle
from tongban.files.queries import wanted, wants_due

logger = logging.getLogger(__name__)
AT_A_TIME = 50


def deem_accepted(now: datetime) -> bool:
    """行政许可法 art. 32: where the notice day has passed in silence, the case stands accepted."""
    del now
    overdue = Case.objects.filter(is_home=True, status=Status.SUBMITTED, notice_due__lt=today())
    found = list(overdue.order_by("notice_due").values_list("id", flat=True)[:AT_A_TIME])
    return any([_deem(case_id) for case_id in found])


def _deem(case_id: UUID) -> bool:
    case = Case.objects.get(id=case_id)
    if not is_deemed_accepted(from_json(case.state), definition_of(case), days(), today()):
        return False
    try:
        take(system(settings.NODE), case_id, Act.DEEM_ACCEPTED, seen=None, content={})
    except Rejected as refusal:
        logger.warning("deem_accepted_refused", extra={"case": str(case_id), "reason": refusal.reason})
        return False
    return True


def answer_queries(now: datetime) -> bool:
    """Cases just opened whose item is answered at once; a department's system that is away is asked again."""
    del now
    fresh = Case.objects.filter(
        is_home=True, status=Status.SUBMITTED, pattern__in=(Pattern.INSTANT, Pattern.CHECK, Pattern.HANDOFF), head=1
    )
    done = False
    for case_id in list(fresh.order_by("id").values_list("id", flat=True)[:AT_A_TIME]):
        try:
            answer_at_once(case_id)
            done = True
        except NotYet as refusal:
            logger.warning("department_away", extra={"case": str(case_id), "reason": refusal.reason})
        except Rejected as refusal:
            logger.info("answered_already", extra={"case": str(case_id), "reason": refusal.reason})
    return done


def finish_cooling(now: datetime) -> bool:
    """冷静期 ends by itself; 公示 is ended by the officer who looked at the objections."""
    del now
    over = Case.objects.filter(is_home=True, wait_until__lt=today()).order_by("wait_until")
    for case in list(over[:AT_A_TIME]):
        for part in from_json(case.state).current_parts:
            content = {"part": part.id, "outcome": "done"}
            take(system(settings.NODE), case.id, Act.PART_DECIDED, seen=None, content=content)
    return False


def fetch_files(now: datetime) -> bool:
    """Pull named files from their origin; when a case has all of them, tell the origin that it need not keep them."""
    del now
    done = False
    for wish in list(wants_due()[:AT_A_TIME]):
        try:
            content = fetch_file(wish.source_node, wish.digest, case=wish.case)
            file = keep(system(settings.NODE), content, media_type=_media_types(wish.case).get(wish.digest, ""))
            if file.digest != wish.digest:
                raise NotYet("file_differs", digest=wish.digest)
        except (NotYet, Rejected) as refusal:
            postpone(wish, trouble=refusal.reason)
            continue
        with transaction.atomic():
            Case.objects.select_for_update().get(id=wish.case)
            settle(wish)
            if not wanted(wish.case):
                data = {"case": str(wish.case), "files": sorted(_media_types(wish.case))}
                send(kind="held", subject=str(wish.case), data=data, receivers=[wish.source_node])
        done = True
    return done


def _media_types(case_id: UUID) -> dict[str, str]:
    """Digest of each file of the case, replaced ones included -> what the application says it is."""
    dossier = read_dossier(Case.objects.get(id=case_id))
    named = [*dossier.get("replaced", []), *dossier["materials"]]
    return {entry["digest"]: str(entry.get("media_type", "")) for entry in named if entry.get("digest")}
