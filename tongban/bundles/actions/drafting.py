"""Making a bundle: started, filled in over several sittings, dropped."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction

from tongban.applications.actions.drafting import channel_of
from tongban.applications.rules import SERVED_AS, Channel
from tongban.base.actor import Actor, system
from tongban.base.canonical import canonical_json
from tongban.base.errors import Rejected
from tongban.base.uuid7 import uuid7
from tongban.bundles import vault
from tongban.bundles.models import Bundle
from tongban.bundles.queries import get_bundle, locked_draft, prospects_of
from tongban.bundles.rules.asking import papers, tidy
from tongban.bundles.rules.planning import opened
from tongban.calendar.queries import now
from tongban.files.actions import allow, let_go, let_go_all
from tongban.files.queries import find_file
from tongban.files.rules import is_digest
from tongban.orgs.queries import find_division
from tongban.people.queries import get_person

MOST_CONTENT = 400_000
MOST_PAPERS = 100


@transaction.atomic
def start(actor: Actor, *, key: str, place: str) -> Bundle:
    """Begin a bundle for a person at `place`, in this node's province; nothing leaves before it is submitted.

    Also for a clerk who helps a person (帮办), not at the counter itself. Raises Rejected("bundle_unknown",
    "not_allowed", "not_served"), ("invalid") for a place that is none or is served by another node.
    """
    described = get_bundle(key)
    if channel_of(actor) is Channel.COUNTER or actor.subject is None or actor.person is None:
        raise Rejected("not_allowed")
    if find_division(place) is None or place[:2] != settings.NODE:
        raise Rejected("invalid", fields={"place": "not_a_place"})
    if SERVED_AS[get_person(system(settings.NODE), actor.subject).kind] not in described.served:
        raise Rejected("not_served")
    at = now()
    return Bundle.objects.create(
        id=uuid7(),
        key=key,
        version=described.version,
        name=described.name,
        place=place,
        applicant=actor.subject,
        person=actor.person,
        role=actor.role,
        organ=actor.organ or "",
        state=Bundle.State.DRAFT,
        content=vault.lock_json({"answers": {}, "materials": {}}),
        made_at=at,
        changed_at=at,
    )


@transaction.atomic
def fill(actor: Actor, bundle_id: UUID, *, answers: Mapping[str, Any], seen: int | None = None) -> Bundle:
    """Keep answers as far as they have come; faults are told when it is handed in.

    seen: the revision that was filled in; another one's changes are not overwritten: Rejected("draft_changed").
    """
    bundle = locked_draft(actor, bundle_id)
    check_seen(bundle, seen)
    described = get_bundle(bundle.key)
    content = vault.unlock_json(bundle.content)
    ready = opened(prospects_of(bundle, dict(answers)), bundle.place)
    content["answers"] = tidy(described, ready, answers)
    wanted = {paper.key for paper in papers(described, ready, content["answers"])}
    return keep(bundle, content, {key: file for key, file in content["materials"].items() if key in wanted})


@transaction.atomic
def attach(actor: Actor, bundle_id: UUID, *, paper: str, digest: str, name: str) -> Bundle:
    """Put an uploaded file to a paper, for all parts that want it; the same paper again replaces it.

    Raises Rejected("file_unknown"), ("invalid") for a paper that no part wants.
    """
    bundle = locked_draft(actor, bundle_id)
    content = vault.unlock_json(bundle.content)
    ready = opened(prospects_of(bundle, content["answers"]), bundle.place)
    if paper not in {entry.key for entry in papers(get_bundle(bundle.key), ready, content["answers"])}:
        raise Rejected("invalid", fields={"paper": "material_unknown"})
    if not is_digest(digest):
        raise Rejected("file_unknown")
    # Named first, so that it stays, then looked at whether it is there.
    allow(digest, case=bundle.id, nodes=[])
    file = find_file(digest)
    if file is None:
        raise Rejected("file_unknown")
    given = {
        "digest": digest,
        "name": name.replace("\x00", "")[-200:],
        "size": file.size,
        "media_type": file.media_type,
    }
    return keep(bundle, content, {**content["materials"], paper: given})


@transaction.atomic
def remove_paper(actor: Actor, bundle_id: UUID, *, paper: str) -> Bundle:
    bundle = locked_draft(actor, bundle_id)
    content = vault.unlock_json(bundle.content)
    return keep(bundle, content, {key: file for key, file in content["materials"].items() if key != paper})


@transaction.atomic
def drop(actor: Actor, bundle_id: UUID) -> None:
    """Give a draft up."""
    bundle = locked_draft(actor, bundle_id)
    let_go_all([bundle.id])
    bundle.state, bundle.content, bundle.changed_at = Bundle.State.DROPPED, b"", now()
    bundle.revision += 1
    bundle.save()


def check_seen(bundle: Bundle, seen: int | None) -> None:
    if seen is not None and seen != bundle.revision:
        raise Rejected("draft_changed")


def keep(bundle: Bundle, content: dict[str, Any], materials: dict[str, Any]) -> Bundle:
    """Keep the content of the locked draft; files that it names no more may go."""
    before = {str(file["digest"]) for file in content["materials"].values()}
    let_go(before - {str(file["digest"]) for file in materials.values()}, case=bundle.id)
    content["materials"] = materials
    bundle.content = vault.lock_json(_checked(content))
    bundle.version = get_bundle(bundle.key).version
    bundle.revision += 1
    bundle.changed_at = now()
    bundle.save()
    return bundle


def _checked(content: dict[str, Any]) -> dict[str, Any]:
    """Raises Rejected("malformed") for what has no canonical form or is too large."""
    try:
        size = len(canonical_json(content))
    except (TypeError, ValueError) as error:
        raise Rejected("malformed", why=str(error)) from error
    if size > MOST_CONTENT or len(content["materials"]) > MOST_PAPERS:
        raise Rejected("malformed", why="too large")
    return content
