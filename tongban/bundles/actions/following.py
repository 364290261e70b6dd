"""What the worker does when an earlier part has come to its end: the next one is handed in, or the person is asked."""

import logging
from datetime import datetime

from django.db import DatabaseError, InterfaceError, transaction

from tongban.base.errors import NotYet, Rejected
from tongban.bundles.actions.handing import hand_in, maker_of, touch
from tongban.bundles.models import Bundle, Part
from tongban.bundles.queries.standing import to_follow, verdict_of
from tongban.bundles.rules.following import PartState, Verdict
from tongban.calendar.queries import now

logger = logging.getLogger(__name__)
AT_A_TIME = 50


def follow_bundles(at: datetime) -> bool:
    """A batch of what is due; whether anything was done. Several may run it at once, and again after any crash."""
    del at
    return any([_alone(part) for part in list(to_follow().values_list("pk", flat=True)[:AT_A_TIME])])


def _alone(part: int) -> bool:
    """Whatever is wrong with this one, the others have their turn."""
    try:
        return follow(part)
    except (NotYet, Rejected) as refusal:
        logger.warning("left_alone", extra={"part": part, "reason": refusal.reason})
    except (DatabaseError, InterfaceError):
        raise
    except Exception:
        logger.exception("bundle_failed", extra={"part": part})
    return False


@transaction.atomic
def follow(key: int) -> bool:
    """What follows for one part is written together with the note that it was done; False if it was already."""
    named = Part.objects.filter(pk=key).values("bundle")
    bundle = Bundle.objects.select_for_update().filter(pk__in=named).first()
    part = Part.objects.filter(pk=key, state=PartState.WAITING, awaits__isnull=False).first()
    if bundle is None or part is None or part.awaits is None:
        return False
    outcome = verdict_of(part.awaits)
    if outcome is Verdict.OPEN:
        return False
    if outcome is Verdict.DONE:
        hand_in(bundle, part, maker_of(bundle))
    else:
        part.state, part.why, part.changed_at = PartState.ASKED, "before_failed", now()
        part.save()
    touch(bundle)
    return True
