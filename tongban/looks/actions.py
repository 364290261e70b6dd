"""Ask the other nodes who looked at cases of a person, all at once and for a short time, and keep what they tell."""

import logging
import secrets
from collections import defaultdict
from collections.abc import Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from tongban.base.actor import Actor, system
from tongban.base.errors import NotYet, Rejected
from tongban.cases.models import Case
from tongban.cases.queries.following import other_holders
from tongban.exchange.client import ask
from tongban.journal.rules import without_numbers
from tongban.looks.models import Inquiry, Told
from tongban.looks.queries.keeping import long_unasked, told_before
from tongban.looks.rules import (
    MOST_ANSWER_BYTES,
    Look,
    OfCase,
    Question,
    digest_of_person,
    is_due,
    question_as_json,
    read_answer,
)
from tongban.people.queries import get_person, reveal

logger = logging.getLogger(__name__)

DEADLINE_SECONDS = 2.0
"""How long a page waits for all other nodes together."""
PATH = "/nodes/v1/looks"
UNREACHABLE = "unreachable"


def ask_around(actor: Actor, cases: Sequence[Case]) -> None:
    """Ask every node that holds something of these cases of the actor, unless it has just been asked.

    cases: at most a page of them (`rules.MOST_CASES`), read for this actor. One request a node, all at the same time.
    Whoever does not answer in time is asked again by a later call; what he said before stays. Raises
    Rejected("not_found") for an actor who is no person.
    """
    if actor.subject is None:
        raise Rejected("not_found")
    due = _claim(other_holders([case.id for case in cases]), now=timezone.now())
    if not due:
        return
    me = system(settings.NODE)
    salt = secrets.token_hex(16)
    person = digest_of_person(reveal(me, get_person(me, actor.subject)).id_number, salt)
    questions = {
        node: Question(person, salt, {inquiry.case: inquiry.after for inquiry in inquiries})
        for node, inquiries in due.items()
    }
    answers = _ask_all(questions)
    _keep([inquiry for inquiries in due.values() for inquiry in inquiries], answers, now=timezone.now())


def _claim(holders: Mapping[UUID, set[str]], *, now: datetime) -> dict[str, list[Inquiry]]:
    """Node -> what is to be asked of it now; no other process asks the same for the next seconds."""
    wanted = [(case, node) for case, nodes in sorted(holders.items()) for node in sorted(nodes)]
    if not wanted:
        return {}
    held = set(Inquiry.objects.filter(case__in=holders).values_list("case", "node"))
    if missing := [pair for pair in wanted if pair not in held]:
        Inquiry.objects.bulk_create((Inquiry(case=case, node=node) for case, node in missing), ignore_conflicts=True)
    due: dict[str, list[Inquiry]] = defaultdict(list)
    with transaction.atomic():
        for row in Inquiry.objects.filter(case__in=holders).select_for_update(skip_locked=True).order_by("id"):
            if is_due(asked_at=row.asked_at, answered_at=row.answered_at, more=row.more, now=now):
                due[row.node].append(row)
        claimed = [row.pk for rows in due.values() for row in rows]
        Inquiry.objects.filter(pk__in=claimed).update(asked_at=now)
    return due


def _ask_all(questions: Mapping[str, Question]) -> dict[str, list[OfCase] | str]:
    """Node -> what it told, or why it did not; nothing here touches the database."""
    pool = ThreadPoolExecutor(len(questions), thread_name_prefix="looks")
    futures = {node: pool.submit(_ask, node, question) for node, question in questions.items()}
    wait(futures.values(), timeout=DEADLINE_SECONDS)
    pool.shutdown(wait=False, cancel_futures=True)
    return {node: _outcome(node, future) for node, future in futures.items()}


def _ask(node: str, question: Question) -> list[OfCase]:
    value = ask(node, PATH, question_as_json(question), seconds=DEADLINE_SECONDS, most=MOST_ANSWER_BYTES)
    return read_answer(value, question)


def _outcome(node: str, future: Future[list[OfCase]]) -> list[OfCase] | str:
    if not future.done():
        return UNREACHABLE
    try:
        return future.result()
    except (NotYet, Rejected) as refusal:
        return refusal.reason
    except Exception:
        logger.exception("looks_not_asked", extra={"peer": node})
        return UNREACHABLE


@transaction.atomic
def _keep(inquiries: Sequence[Inquiry], answers: Mapping[str, list[OfCase] | str], *, now: datetime) -> None:
    """Add what is new; a node may tell again what it has told."""
    told: list[Told] = []
    for inquiry in inquiries:
        answer = answers[inquiry.node]
        if isinstance(answer, str):
            inquiry.trouble = answer[:60]
            continue
        of_case = next(one for one in answer if one.case == inquiry.case)
        if of_case.refused:
            inquiry.trouble = of_case.refused
            continue
        inquiry.answered_at, inquiry.trouble = now, ""
        inquiry.after, inquiry.more = of_case.after, of_case.more
        told += [Told(case=inquiry.case, node=inquiry.node, **_as_row(look)) for look in of_case.looks]
    Told.objects.bulk_create(told, ignore_conflicts=True)
    Inquiry.objects.bulk_update(inquiries, ["answered_at", "after", "more", "trouble"])


def _as_row(look: Look) -> dict[str, Any]:
    return {
        "entry": look.id,
        "at": look.at,
        "role": look.role,
        "organ": look.organ,
        "officer": look.officer,
        "what": look.what,
        "purpose": without_numbers(look.purpose),
    }


def forget_unasked(actor: Actor, *, before: datetime, most: int) -> list[str]:
    """Erase what was told of cases about which nobody has asked since a moment; returns what, one text each.

    Raises Rejected("not_allowed").
    """
    found = list(long_unasked(actor, before=before)[:most])
    for inquiry in found:
        Told.objects.filter(case=inquiry.case, node=inquiry.node).delete()
    Inquiry.objects.filter(pk__in=[inquiry.pk for inquiry in found]).delete()
    return [f"inquiry {inquiry.case} {inquiry.node}" for inquiry in found]


def forget_told(actor: Actor, *, before: datetime, most: int) -> list[str]:
    """Erase what was told of looks older than a moment; returns what, one text each. Raises Rejected("not_allowed")."""
    found = list(told_before(actor, before=before)[:most])
    Told.objects.filter(pk__in=[row.pk for row in found]).delete()
    return [f"look {row.case} {row.node} {row.entry}" for row in found]
