"""What an actor may see of the bundles made at this node."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db.models import Exists, OuterRef, Q, QuerySet

from tongban.base.actor import Actor, system
from tongban.base.errors import Rejected
from tongban.bundles import vault
from tongban.bundles.models import Bundle, Part
from tongban.bundles.queries.prospects import prospects
from tongban.bundles.queries.shelf import get_bundle
from tongban.bundles.rules.asking import faults, places_of
from tongban.bundles.rules.following import TO_DECIDE
from tongban.bundles.rules.planning import Fate, Prospect, opened
from tongban.calendar.queries import today
from tongban.catalogue.queries import local_standard
from tongban.orgs.queries import known_places, names_no_organ
from tongban.people.queries import get_person

Cursor = tuple[datetime, UUID] | None


def visible(actor: Actor) -> QuerySet[Bundle]:
    """The person's own; what was given up is gone."""
    if actor.subject is None:
        return Bundle.objects.none()
    return Bundle.objects.filter(applicant=actor.subject).exclude(state=Bundle.State.DROPPED)


def get_made(actor: Actor, bundle_id: UUID) -> Bundle:
    """Raises Rejected("not_found") for one that is not the actor's, as if it were not there."""
    found = visible(actor).filter(id=bundle_id).first()
    if found is None:
        raise Rejected("not_found")
    return found


def locked(actor: Actor, bundle_id: UUID) -> Bundle:
    found = visible(actor).select_for_update().filter(id=bundle_id).first()
    if found is None:
        raise Rejected("not_found")
    return found


def locked_draft(actor: Actor, bundle_id: UUID) -> Bundle:
    """Raises Rejected("not_found"), or ("submitted_already") when it has gone."""
    found = locked(actor, bundle_id)
    if found.state != Bundle.State.DRAFT:
        raise Rejected("submitted_already")
    return found


def my_bundles(actor: Actor, *, after: Cursor = None) -> QuerySet[Bundle]:
    """The last touched first; to_decide: whether a part waits for the person's word."""
    found = visible(actor)
    if after:
        found = found.filter(Q(changed_at__lt=after[0]) | Q(changed_at=after[0], id__lt=after[1]))
    asked = Part.objects.filter(bundle=OuterRef("pk"), state__in=TO_DECIDE)
    return found.annotate(to_decide=Exists(asked)).order_by("-changed_at", "-id")


def parts_of(bundle: Bundle) -> list[Part]:
    """To be called for a bundle that a query above gave out."""
    return list(Part.objects.filter(bundle=bundle).order_by("position"))


def bundles_of_cases(actor: Actor, cases: Iterable[UUID]) -> dict[UUID, Bundle]:
    """Of those that belong to a bundle of the actor's: case -> bundle."""
    rows = Part.objects.filter(application__in=list(cases), bundle__in=visible(actor)).select_related("bundle")
    return {row.application: row.bundle for row in rows if row.application}


def content_of(bundle: Bundle) -> dict[str, Any]:
    """answers and materials (name -> file); to be called only with a bundle that a query above gave out."""
    if not bundle.content:
        return {"answers": {}, "materials": {}}
    content: dict[str, Any] = vault.unlock_json(bundle.content)
    return content


def prospects_of(bundle: Bundle, answers: dict[str, Any]) -> list[Prospect]:
    """Each part with its item as it is met at its home: without what that place waives."""
    kind = get_person(system(settings.NODE), bundle.applicant).kind
    return [_met(entry) for entry in prospects(get_bundle(bundle.key), answers, bundle.place, kind=kind)]


def _met(entry: Prospect) -> Prospect:
    if entry.fate is not Fate.OPEN or entry.definition is None:
        return entry
    return replace(entry, definition=local_standard(entry.definition, entry.place).definition)


def faults_of(bundle: Bundle, content: dict[str, Any], found: list[Prospect]) -> dict[str, str]:
    """What stands in the way of handing it in now: "answers.x" and "materials.y" -> reason code."""
    described = get_bundle(bundle.key)
    ready = opened(found, bundle.place)
    wrong = faults(described, ready, content, demo=settings.DEMO, on=today())
    named = places_of(ready, described, content["answers"])
    known = known_places(code for code in named.values() if isinstance(code, str))
    for path, code in named.items():
        if code not in known:
            wrong.setdefault(f"answers.{path}", "answer_not_place")
    for entry in ready:
        path = f"answers.{entry.part.home}"
        if path not in wrong and names_no_organ(entry.place, level=entry.definition.authority.level):
            wrong[path] = "place_not_deep"
    if not ready and not wrong:
        wrong["parts"] = "nothing_open"
    return wrong
