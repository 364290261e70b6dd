"""On its day a draft becomes the province's next version."""

from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction

from tongban.base.actor import Actor
from tongban.base.canonical import parse_json
from tongban.base.errors import Rejected
from tongban.base.words import say
from tongban.calendar.queries import now, today
from tongban.catalogue import queries
from tongban.catalogue.actions.base_items import index_items
from tongban.catalogue.actions.drafting import note_step
from tongban.catalogue.actions.publishing import check_may_publish
from tongban.catalogue.actions.standards import publish
from tongban.catalogue.models import Draft, DraftStep, ItemVersion
from tongban.catalogue.queries.drafts import drafted
from tongban.catalogue.rules.drafting import LONGEST_SAID, Act, Given, Status
from tongban.orgs.queries import organ_names


@transaction.atomic
def publish_draft(actor: Actor, draft: UUID) -> ItemVersion | None:
    """Publish a draft whose day has come; None where there is nothing to do, or where it went back to its drafters.

    It applies from the day on which it is really published: nobody is held to a rule before it can be read. What cannot
    be published on its day goes back with the reason.
    """
    check_may_publish(actor)
    row = Draft.objects.select_for_update(of=("self",)).select_related("item").get(id=draft)
    if row.status != Status.SCHEDULED or row.publish_on is None or row.publish_on > today() or row.content is None:
        return None
    try:
        with transaction.atomic():
            _check_newest(row)
            version = publish(actor, content=parse_json(bytes(row.content)), why=_why(actor, row))
    except Rejected as refusal:
        said = say(f"reason.{refusal.reason}", **dict[str, Any](refusal.facts))[:LONGEST_SAID]
        row.publish_on = None
        _close(row, Act.FAIL, Status.DRAFTING, said)
        return None
    row.version = version.version
    _close(row, Act.PUBLISH, Status.PUBLISHED, "")
    index_items(actor, synonyms=queries.shipped_synonyms())
    return version


def _check_newest(row: Draft) -> None:
    """After a restore the version may have come back already by its letter: that is no other version."""
    last = queries.versions(row.item_id, settings.NODE).first()
    if last is not None and last.version != row.base and last.digest != row.digest:
        raise Rejected("draft_outdated", version=last.version)


def _close(row: Draft, act: Act, status: Status, said: str) -> None:
    row.status = status
    row.revision += 1
    row.changed_at = now()
    row.save()
    note_step(row, act, Given(said=said), by=None)


def _why(actor: Actor, row: Draft) -> str:
    """For the public change log: the drafters' reason, and the offices that drafted, reviewed and were asked."""
    sent = DraftStep.objects.filter(draft=row, act=Act.SEND).order_by("-no").values_list("said", flat=True).first()
    found = drafted(actor, row)
    names = organ_names([row.organ])
    return say(
        "draft.public_why" if found.units else "draft.public_why_alone",
        why=sent or "",
        drafted=names.get(row.organ, row.organ),
        lead=found.lead.name if found.lead else row.item.lead_unit,
        count=len(found.units),
    )
