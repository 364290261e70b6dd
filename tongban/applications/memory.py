"""What this node had received for other homes, or for itself, as far as a restore took it away."""

import logging
from collections.abc import Iterable, Sequence
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.db import transaction

from tongban.applications.actions import numbering
from tongban.applications.actions.recovering import take_back, was_sent
from tongban.cases.actions.completing import complete_copy
from tongban.cases.memory import forgotten_here, opening_received_here
from tongban.cases.models import Case
from tongban.exchange.rules import Recalled

logger = logging.getLogger(__name__)


def count(recalled: Iterable[Recalled]) -> None:
    """收件编号 go on above the highest that anybody has seen."""
    firsts = (entry.letter.data for entry in recalled if entry.letter.data.get("no") == 1)
    received = (first.get("received") or {} for first in firsts)
    numbering.go_on_above([str(entry["number"]) for entry in received if entry.get("node") == settings.NODE])


def settle(subject: str, recalled: Sequence[Recalled]) -> None:
    """The application behind a case that was received here."""
    del recalled
    case_id = UUID(subject)
    found = opening_received_here(case_id)
    if found is not None:
        take_back(*found)
    else:
        was_sent(case_id)


def complete_forgotten(now: datetime) -> bool:
    """First steps that came after the recovery say who had asked for their case."""
    del now
    for case_id in forgotten_here():
        with transaction.atomic():
            complete_copy(Case.objects.select_for_update().get(id=case_id))
            settle(str(case_id), ())
        logger.info("remembered", extra={"case": str(case_id)})
    return False
