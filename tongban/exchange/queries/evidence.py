"""Letters and receipts as the bytes that were signed, for who has to prove something by them."""

from collections.abc import Sequence
from uuid import UUID

from django.db.models import QuerySet

from tongban.base.actor import Actor, Role
from tongban.base.errors import Rejected
from tongban.base.seal import Sealed
from tongban.exchange.models import Delivery, Inbox, Letter
from tongban.exchange.queries.letters import sealed_of


def sealed_letters(letters: Sequence[UUID], *, sender: str | None) -> dict[UUID, Sealed]:
    """The signed texts of these letters. sender: the node that wrote them, None for this one."""
    if sender is None:
        return {row.id: sealed_of(row) for row in Letter.objects.filter(id__in=letters)}
    return {row.letter_id: sealed_of(row) for row in Inbox.objects.filter(letter_id__in=letters, sender=sender)}


def receipts_of(letters: Sequence[UUID], *, sender: str | None) -> list[bytes]:
    """The receipts that came for letters of ours, or that we gave to their sender, as flattened JWS."""
    if sender is None:
        rows = Delivery.objects.filter(letter__in=letters, receipt__isnull=False).order_by("id")
        return [bytes(receipt) for receipt in rows.values_list("receipt", flat=True) if receipt is not None]
    heard = Inbox.objects.filter(letter_id__in=letters, sender=sender).order_by("id")
    return [bytes(receipt) for receipt in heard.values_list("receipt", flat=True)]


def all_sent(actor: Actor, *, after: int = 0) -> QuerySet[Delivery]:
    """Every delivery of this node in its order, for auditors. Raises Rejected("not_allowed")."""
    _only_auditor(actor)
    return Delivery.objects.filter(id__gt=after).select_related("letter").order_by("id")


def all_heard(actor: Actor, *, after: int = 0) -> QuerySet[Inbox]:
    """Every letter that this node answered, in that order, for auditors. Raises Rejected("not_allowed")."""
    _only_auditor(actor)
    return Inbox.objects.filter(id__gt=after).order_by("id")


def _only_auditor(actor: Actor) -> None:
    if actor.role is not Role.AUDITOR:
        raise Rejected("not_allowed")
