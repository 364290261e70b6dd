"""Let people serve an organ, and say what they may do."""

from collections.abc import Iterable
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from tongban.base.actor import Actor
from tongban.base.errors import Rejected
from tongban.orgs.actions.rights import only_operator
from tongban.orgs.models import Grant, Officer
from tongban.orgs.queries import get_organ, is_closed
from tongban.orgs.rules import EVERYTHING


@transaction.atomic
def appoint_officer(actor: Actor, *, account_id: UUID, name: str, organ: str, officer_id: UUID) -> Officer:
    """Let somebody with a log-in serve an organ. Appointing him again elsewhere moves him.

    Raises Rejected("unknown_organ"), ("organ_closed"): a closed one gets nobody new.
    """
    only_operator(actor)
    serves = get_organ(organ)
    if is_closed(serves) and not Officer.objects.filter(id=officer_id, organ=serves).exists():
        raise Rejected("organ_closed", on=str(serves.closed_on))
    facts = {"account_id": account_id, "name": name, "organ": serves, "is_demo": serves.is_demo}
    officer, _ = Officer.objects.update_or_create(id=officer_id, defaults=facts)
    return officer


@transaction.atomic
def grant(actor: Actor, *, officer: UUID, acts: Iterable[str], item: str = EVERYTHING, region: str = "") -> Grant:
    """Allow an officer acts on an item in a region (how the codes of its places begin; empty is everywhere).

    Granting the same again changes nothing. Raises Rejected("no_acts") without an act, ("unknown_officer").
    """
    only_operator(actor)
    wanted = sorted(set(acts))
    if not wanted:
        raise Rejected("no_acts")
    if not Officer.objects.select_for_update().filter(id=officer).exists():
        raise Rejected("unknown_officer")
    row, _ = Grant.objects.get_or_create(
        officer_id=officer,
        acts=wanted,
        item=item,
        region=region,
        ended_at=None,
        defaults={"granted_by": actor.person},
    )
    return row


@transaction.atomic
def take_back(actor: Actor, *, officer: UUID, grant_id: int) -> None:
    """End a grant; its row stays. Ending it twice changes nothing."""
    only_operator(actor)
    Grant.objects.filter(id=grant_id, officer_id=officer, ended_at=None).update(
        ended_at=timezone.now(), ended_by=actor.person
    )
