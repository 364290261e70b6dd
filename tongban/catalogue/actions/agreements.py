"""Agreements: put into force here, or heard with another node's signature."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction

from tongban.base.actor import Actor
from tongban.base.canonical import canonical_json, digest
from tongban.base.errors import NotYet, Rejected
from tongban.calendar.queries import now
from tongban.catalogue.actions.publishing import check_may_publish, peers
from tongban.catalogue.models import Agreement
from tongban.catalogue.rules.agreements import AgreementKind, agreement_of
from tongban.catalogue.rules.bodies import AGREEMENT, agreement_subject
from tongban.exchange import actions as exchange


@transaction.atomic
def publish_agreement(actor: Actor, *, content: Mapping[str, Any]) -> Agreement:
    """Sign an agreement and send it to every node; it holds between two provinces once both have signed.

    Publishing what another party sent adds this node's signature; the same content again changes nothing. What the
    cities of one province agree on among themselves is sent to nobody.
    Raises Rejected("definition_faults"), ("not_a_party"), ("agreement_differs").
    """
    check_may_publish(actor)
    agreement = agreement_of(content)
    if settings.NODE not in agreement.signers:
        raise Rejected("not_a_party")
    row = _kept(content)
    if any(entry["node"] == settings.NODE for entry in row.signatures):
        return row
    receivers = [] if agreement.kind is AgreementKind.PROVINCIAL else peers()
    letter = exchange.send(
        kind=AGREEMENT, subject=agreement_subject(row.key), data={"content": dict(content)}, receivers=receivers
    )
    return _sign(row, node=settings.NODE, letter=letter.id)


def keep_agreement(content: Mapping[str, Any], *, node: str, letter: UUID) -> Agreement:
    """Keep what another node signed, within the caller's transaction.

    Raises NotYet("agreement_unreadable"), or Rejected("agreement_differs") for another content of a known version.
    """
    try:
        agreement_of(content)
    except Rejected as error:
        raise NotYet("agreement_unreadable", first=str(error.facts.get("first", ""))[:200]) from error
    return _sign(_kept(content), node=node, letter=letter)


def _kept(content: Mapping[str, Any]) -> Agreement:
    agreement = agreement_of(content)
    stored = canonical_json(dict(content))
    row, _ = Agreement.objects.select_for_update().get_or_create(
        key=agreement.key,
        version=agreement.version,
        defaults={
            "name": agreement.name,
            "content": stored,
            "digest": digest(stored),
            "starts": agreement.starts,
            "until": agreement.until,
            "heard_at": now(),
        },
    )
    if row.digest != digest(stored):
        raise Rejected("agreement_differs", name=agreement.name, version=agreement.version)
    return row


def _sign(row: Agreement, *, node: str, letter: UUID) -> Agreement:
    if str(letter) in {entry["letter"] for entry in row.signatures}:
        return row
    row.signatures = [*row.signatures, {"node": node, "letter": str(letter)}]
    row.save()
    return row
