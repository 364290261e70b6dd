"""What the person decides of a part that has not been handed in yet: go on all the same, or let it go."""

from uuid import UUID

from django.db import transaction

from tongban.base.actor import Actor
from tongban.base.errors import Rejected
from tongban.bundles.actions.handing import hand_in, touch
from tongban.bundles.models import Bundle, Part
from tongban.bundles.queries import locked
from tongban.bundles.rules.following import HELD, TO_DECIDE, PartState
from tongban.calendar.queries import now


@transaction.atomic
def go_on(actor: Actor, bundle_id: UUID, *, part: str) -> Bundle:
    """Hand the part in although the earlier one has failed, or try again what could not be begun.

    Raises Rejected("not_found"), ("part_not_open") for a part that is not up for decision.
    """
    bundle, found = _part(actor, bundle_id, part)
    if found.state not in TO_DECIDE:
        raise Rejected("part_not_open")
    hand_in(bundle, found, actor)
    touch(bundle)
    return bundle


@transaction.atomic
def let_go(actor: Actor, bundle_id: UUID, *, part: str) -> Bundle:
    """Give a part up that has not been handed in; what waits for it is asked about in its turn.

    Raises Rejected("not_found"), ("part_not_open"): what has been handed in is withdrawn as a case.
    """
    bundle, found = _part(actor, bundle_id, part)
    if found.state not in HELD:
        raise Rejected("part_not_open")
    found.state, found.content, found.why, found.changed_at = PartState.LET_GO, b"", "", now()
    found.save()
    waiting = Part.objects.filter(bundle=bundle, after=found.key, state=PartState.WAITING)
    waiting.update(state=PartState.ASKED, why="before_let_go", changed_at=now())
    touch(bundle)
    return bundle


def _part(actor: Actor, bundle_id: UUID, key: str) -> tuple[Bundle, Part]:
    bundle = locked(actor, bundle_id)
    found = Part.objects.filter(bundle=bundle, key=key).first()
    if found is None:
        raise Rejected("not_found")
    return bundle, found
