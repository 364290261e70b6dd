"""What the worker does for cases by itself: silence accepts, queries are answered, files are fetched."""

import logging
from collections.abc import Callable
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.db import DatabaseError, InterfaceError, transaction
from django.db.models import Q, QuerySet

from tongban.base.actor import system
from tongban.base.errors import NotYet, Rejected
from tongban.calendar.queries import days, today
from tongban.cases.actions.answering import answer_at_once
from tongban.cases.actions.completing import materials_told
from tongban.cases.actions.consequences import read_dossier
from tongban.cases.actions.recounting import recount_some
from tongban.cases.actions.taking import take
from tongban.cases.models import Case
from tongban.cases.queries.situations import definition_of
from tongban.cases.rules import clocks
from tongban.cases.rules.parts import stage_of
from tongban.cases.rules.state import from_json
from tongban.cases.rules.table import Act, Status, find_move
from tongban.catalogue.queries import get_definition
from tongban.catalogue.rules.kinds import Pattern, StageKind
from tongban.exchange.actions import send
from tongban.exchange.client import fetch_file
from tongban.files.actions import keep, postpone, settle
from tongban.files.models import Want
from tongban.files.queries import wanted, wants_due

logger = logging.getLogger(__name__)
AT_A_TIME = 50
UNREACHABLE = "unreachable"

_not_answered: dict[str, UUID] = {}
"""Item -> the case that its department could not answer last, in this process."""


def deem_accepted(now: datetime) -> bool:
    """行政许可法 art. 32: where the notice day has passed in silence, the case stands accepted.

    First the due days themselves follow the calendar, where it has changed.
    """
    del now
    more = recount_some(AT_A_TIME)
    overdue = Case.objects.filter(is_home=True, status=Status.SUBMITTED, notice_due__lt=today())
    # Where silence accepts nothing a case stays overdue for long: such cases must not hide the others.
    found = overdue.filter(_where_silence_accepts(overdue)).order_by("notice_due", "id")
    return any([_alone(_deem, case) for case in list(found[:AT_A_TIME])]) or more


def _where_silence_accepts(overdue: QuerySet[Case]) -> Q:
    kinds = overdue.order_by().values_list("item", "standard", "version", "pattern").distinct()
    wanted = Q(pk__in=[])
    for item, standard, version, pattern in kinds:
        definition = get_definition(item, standard, version=version)[1]
        if definition.limits.silence_accepts and find_move(Act.DEEM_ACCEPTED, Status.SUBMITTED, Pattern(pattern)):
            wanted |= Q(item=item, standard=standard, version=version, pattern=pattern)
    return wanted


def _deem(case: Case) -> bool:
    take(system(settings.NODE), case.id, Act.DEEM_ACCEPTED, seen=None, content={})
    return True


def _alone(work: Callable[[Case], bool], case: Case) -> bool:
    """Do the work for one case; whatever is wrong with this one, the others have their turn."""
    try:
        return work(case)
    except (NotYet, Rejected) as refusal:
        logger.warning("left_alone", extra={"case": str(case.id), "work": work.__name__, "reason": refusal.reason})
    except (DatabaseError, InterfaceError):
        raise
    except Exception:
        logger.exception("case_failed", extra={"case": str(case.id), "work": work.__name__})
    return False


def answer_queries(now: datetime) -> bool:
    """Cases just opened whose item is answered at once.

    Item by item, since each has its own department: one that is away is asked again later and holds up no other; what
    it could not answer takes its place behind the rest of its item.
    """
    del now
    fresh = Case.objects.filter(
        is_home=True, status=Status.SUBMITTED, pattern__in=(Pattern.INSTANT, Pattern.CHECK, Pattern.HANDOFF), head=1
    )
    items = list(fresh.order_by().values_list("item", flat=True).distinct())
    return any([_answer_item(fresh.filter(item=item), item) for item in items])


def _answer_item(fresh: QuerySet[Case], item: str) -> bool:
    rest = fresh.filter(id__gt=_not_answered[item]) if item in _not_answered else fresh
    _not_answered.pop(item, None)
    done = False
    for case in list(rest.order_by("id")[:AT_A_TIME]):
        if not _alone(_answer, case):
            _not_answered[item] = case.id
            return done
        done = True
    return done


def _answer(case: Case) -> bool:
    answer_at_once(case.id)
    return True


def finish_waiting(now: datetime) -> bool:
    """冷静期 ends, an application that nobody has followed up lapses; 公示 is ended by who looked at the objections."""
    del now
    over = Case.objects.filter(is_home=True, status=Status.ACCEPTED, wait_until__lt=today())
    found = list(over.order_by("wait_until", "id")[:AT_A_TIME])
    return any([_alone(_finish, case) for case in found]) and len(found) == AT_A_TIME


def _finish(case: Case) -> bool:
    state, definition, me = from_json(case.state), definition_of(case), system(settings.NODE)
    if state.suspended:
        return False
    if clocks.has_lapsed(state, definition, days(), today()):
        take(me, case.id, Act.WITHDRAW, seen=None, content={"lapsed": True})
        return True
    for part in state.current_parts:
        if stage_of(definition, part).kind is StageKind.COOLING:
            take(me, case.id, Act.PART_DECIDED, seen=None, content={"part": part.id, "outcome": "done"})
    return True


def fetch_files(now: datetime) -> bool:
    """Pull named files from their origin; when a case has all of them, tell the origin that it need not keep them."""
    del now
    done, away = False, set[str]()
    for wish in list(wants_due()[:AT_A_TIME]):
        if wish.source_node in away:
            postpone(wish, trouble=UNREACHABLE)
            continue
        try:
            _fetch(wish)
            done = True
        except (NotYet, Rejected) as refusal:
            postpone(wish, trouble=refusal.reason)
            away |= {wish.source_node} if refusal.reason == UNREACHABLE else set()
        except (DatabaseError, InterfaceError):
            raise
        except Exception:
            logger.exception("file_failed", extra={"case": str(wish.case), "digest": wish.digest})
            postpone(wish, trouble="defect")
    return done


def _fetch(wish: Want) -> None:
    content = fetch_file(wish.source_node, wish.digest, case=wish.case)
    file = keep(system(settings.NODE), content, media_type=_media_types(wish.case).get(wish.digest, ""))
    if file.digest != wish.digest:
        raise NotYet("file_wrong", digest=wish.digest)
    with transaction.atomic():
        case = Case.objects.select_for_update().get(id=wish.case)
        settle(wish)
        if case.is_home and not wanted(wish.case):
            data = {"case": str(wish.case), "files": sorted(_media_types(wish.case))}
            send(kind="held", subject=str(wish.case), data=data, receivers=[wish.source_node])


def _media_types(case_id: UUID) -> dict[str, str]:
    """Digest of each file of the case, replaced ones included -> what the application says it is."""
    case = Case.objects.get(id=case_id)
    if case.is_home:
        dossier = read_dossier(case)
        named = [*dossier.get("replaced", []), *dossier["materials"]]
    else:
        named = materials_told(case)
    return {entry["digest"]: str(entry.get("media_type", "")) for entry in named if entry.get("digest")}
