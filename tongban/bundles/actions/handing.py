"""Handing in: one application per part, each with its own home, officer, clock and result.

What goes wrong with one part stays with that part: the others are handed in all the same.
"""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction

from tongban.applications import actions as applications
from tongban.base.actor import Actor, Role, Via
from tongban.base.errors import Rejected
from tongban.bundles import vault
from tongban.bundles.actions.drafting import check_seen
from tongban.bundles.models import Bundle, Part
from tongban.bundles.queries import content_of, faults_of, get_bundle, locked_draft, prospects_of
from tongban.bundles.queries.standing import day_granted
from tongban.bundles.rules.asking import Open, answers_for
from tongban.bundles.rules.following import HELD, PartState
from tongban.bundles.rules.planning import Fate, Prospect, opened, waits_for
from tongban.calendar.queries import now
from tongban.catalogue.queries import get_definition
from tongban.catalogue.rules.answers import needed_materials
from tongban.files.actions import let_go_all


@transaction.atomic
def submit(actor: Actor, bundle_id: UUID, *, seen: int | None = None) -> Bundle:
    """Hand in every part that waits for no other; the rest follows when the earlier one is granted.

    Raises Rejected("invalid", fields=…) naming everything that is missing in any part at one time, ("draft_changed"),
    ("submitted_already").
    """
    bundle = locked_draft(actor, bundle_id)
    check_seen(bundle, seen)
    content = content_of(bundle)
    found = prospects_of(bundle, content["answers"])
    if wrong := faults_of(bundle, content, found):
        raise Rejected("invalid", fields=wrong)
    _note_maker(bundle, actor)
    parts = [_part(bundle, position, entry, found, content) for position, entry in enumerate(found)]
    for part in parts:
        if part.state == PartState.WAITING and not part.after:
            hand_in(bundle, part, actor)
    bundle.state, bundle.submitted_at, bundle.content = Bundle.State.SUBMITTED, now(), b""
    touch(bundle)
    return bundle


def _note_maker(bundle: Bundle, actor: Actor) -> None:
    """Who hands it in, hands in what follows, too."""
    bundle.person, bundle.role, bundle.organ = actor.person or bundle.person, actor.role, actor.organ or ""


def _part(bundle: Bundle, position: int, entry: Prospect, found: Sequence[Prospect], content: dict[str, Any]) -> Part:
    states = {Fate.SKIPPED: PartState.SKIPPED, Fate.OPEN: PartState.WAITING}
    state = states.get(entry.fate, PartState.APART)
    stored = b""
    if state is PartState.WAITING:
        ready = next(one for one in opened(found, bundle.place) if one.part.key == entry.part.key)
        stored = vault.lock_json(_content(ready, content))
    return Part.objects.create(
        bundle=bundle,
        key=entry.part.key,
        position=position,
        item=entry.part.item,
        name=entry.part.name,
        place=entry.place,
        state=state,
        after=waits_for(entry.part, found) if state is PartState.WAITING else "",
        content=stored,
        why=entry.why,
        facts=dict(entry.facts or {}),
        changed_at=now(),
    )


def _content(ready: Open, content: dict[str, Any]) -> dict[str, Any]:
    """What of the whole concerns this part: all answers, since what is asked later may depend on any of them."""
    names = {ready.target(name) for name in _questions(ready)}
    answers = {name: value for name, value in content["answers"].items() if name in names}
    wanted = needed_materials(ready.definition, answers_for(ready, content["answers"]))
    given = content["materials"]
    files = [{"key": one.key, **given[key]} for one in wanted if (key := ready.part.paper(one.key)) in given]
    return {"answers": answers, "materials": files}


def _questions(ready: Open) -> list[str]:
    return [entry.key for entry in ready.definition.situations] + [entry.name for entry in ready.definition.fields]


def hand_in(bundle: Bundle, part: Part, actor: Actor) -> None:
    """Make the application of a part of the locked bundle, and hand it in if nothing is missing.

    What only the person can do (signatures of others, what was not known before) leaves it as a draft of hers, complete
    as far as it goes. What cannot even be begun stays with the bundle, with the reason.
    """
    content = vault.unlock_json(part.content)
    try:
        with transaction.atomic():
            application = _begin(bundle, part, actor, content)
    except Rejected as refusal:
        _set(part, PartState.REFUSED, refusal.reason)
        return
    part.application, part.content = application, b""
    try:
        with transaction.atomic():
            applications.submit(actor, application)
    except Rejected as refusal:
        _set(part, PartState.MADE, refusal.reason)
    else:
        _set(part, PartState.MADE, "")
    Part.objects.filter(bundle=bundle, after=part.key, state=PartState.WAITING).update(awaits=application)


def _begin(bundle: Bundle, part: Part, actor: Actor, content: dict[str, Any]) -> UUID:
    described = get_bundle(bundle.key).part(part.key)
    if described is None:
        raise Rejected("bundle_part_gone")
    definition = get_definition(part.item, part.place[:2])[1]
    before = Part.objects.filter(bundle=bundle, key=part.after).values_list("application", flat=True).first()
    day = day_granted(before) if before else None
    answers = answers_for(
        Open(described, definition, part.place, bundle.place, bool(part.after)),
        content["answers"],
        after_day=day.isoformat() if day else "",
    )
    application = applications.start(
        actor, item=part.item, place=part.place, receiving_place=bundle.place, answers=answers
    )
    for file in content["materials"]:
        applications.attach(actor, application.id, material=file["key"], digest=file["digest"], name=file["name"])
    return application.id


def maker_of(bundle: Bundle) -> Actor:
    """Who handed the bundle in, as he acts through the worker when a part's turn comes."""
    return Actor(
        role=Role(bundle.role),
        node=settings.NODE,
        person=bundle.person,
        on_behalf_of=bundle.applicant if bundle.applicant != bundle.person else None,
        organ=bundle.organ or None,
        via=Via.JOB,
    )


def touch(bundle: Bundle) -> None:
    """The bundle has changed; its files may go once no part keeps them any more."""
    held = Part.objects.filter(bundle=bundle, state__in=HELD).exists()
    if bundle.state == Bundle.State.SUBMITTED and not held:
        let_go_all([bundle.id])
    bundle.revision += 1
    bundle.changed_at = now()
    bundle.save()


def _set(part: Part, state: PartState, why: str) -> None:
    part.state, part.why, part.facts, part.changed_at = state, why[:40], {}, now()
    part.save()
