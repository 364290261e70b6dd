"""A standard drafted by a department: begun, written, sent for review, settled by the lead unit, given a day."""

from collections.abc import Callable, Mapping
from uuid import UUID

from django.conf import settings
from django.db import transaction

from tongban.base.actor import Actor
from tongban.base.canonical import canonical_json, digest, parse_json
from tongban.base.errors import Rejected
from tongban.calendar.queries import days, now, today
from tongban.calendar.rules import add_workdays
from tongban.catalogue import queries
from tongban.catalogue.actions.publishing import HUB
from tongban.catalogue.models import BaseItem, Draft, DraftStep
from tongban.catalogue.queries.drafts import Drafted, drafted, may_draft
from tongban.catalogue.rules.checking import check_text
from tongban.catalogue.rules.drafting import LONGEST_TEXT, OPEN, Act, Given, Status, check, check_given, obstacle
from tongban.catalogue.rules.writing import text_of


@transaction.atomic
def begin_draft(actor: Actor, *, item: str) -> Draft:
    """Begin a draft with the text of the version in force; where there is none, with the item's key and name.

    One draft of an item at once. Raises Rejected("not_allowed"), ("item_unknown"), ("item_ended"),
    ("draft_open_already").
    """
    if settings.NODE == HUB or actor.person is None or not may_draft(actor, item):
        raise Rejected("not_allowed")
    row = BaseItem.objects.select_for_update().filter(key=item).first()
    if row is None:
        raise Rejected("item_unknown", item=item[:40])
    if queries.is_over(row, today()):
        raise Rejected("item_ended", item=row.key, note=row.state_note)
    if Draft.objects.filter(item=row, province=settings.NODE, status__in=OPEN).exists():
        raise Rejected("draft_open_already", name=row.name)
    draft = Draft.objects.create(
        item=row,
        province=settings.NODE,
        base=_newest(row.key),
        organ=actor.organ or "",
        authors=[actor.person],
        text=_first_text(row),
        changed_at=now(),
    )
    _note(actor, draft, Act.BEGIN, Given())
    return draft


def _first_text(item: BaseItem) -> str:
    row = queries.find_version(item.key, settings.NODE)
    return text_of(parse_json(bytes(row.content)) if row else {"key": item.key, "name": item.name})


def _newest(item: str) -> int:
    """The number of the newest version of this province, 0 where there is none."""
    last = queries.versions(item, settings.NODE).first()
    return last.version if last else 0


@transaction.atomic
def save_text(actor: Actor, draft: UUID, *, seen: int, base: int, text: str) -> Draft:
    """Keep the text as it is, with faults too. base: the version that the writer had before him: from now the draft's.

    Raises Rejected("not_found"), ("not_allowed"), ("draft_not_now"), ("standard_changed") for another revision than the
    one seen, ("draft_outdated") where a newer version was published since, ("invalid").
    """
    found = _lock(actor, draft, seen)
    check(Act.SAVE, Status(found.draft.status), found.part)
    if len(text) > LONGEST_TEXT or "\0" in text:
        raise Rejected("invalid", fields={"text": "text_too_large"})
    _check_base(found.draft, base)
    row = found.draft
    row.base, row.text = base, text.replace("\r\n", "\n")
    if actor.person is not None and actor.person not in row.authors:
        row.authors = [*row.authors, actor.person]
    _keep(row)
    return row


@transaction.atomic
def take_step(actor: Actor, draft: UUID, *, act: Act, seen: int, given: Given) -> DraftStep:
    """Take a step of the table.

    Raises Rejected("not_found"), ("not_allowed"), ("own_draft"), ("draft_not_now"), ("standard_changed"), ("invalid"),
    ("draft_outdated"), ("definition_faults") whose fields are lines, and what stands in the way of the step itself.
    """
    if act not in _DOING:
        raise Rejected("not_allowed")
    found = _lock(actor, draft, seen)
    move = check(act, Status(found.draft.status), found.part)
    given = check_given(act, given, part=found.part, again=found.draft.status == Status.SCHEDULED, day=today())
    _DOING[act](found, given)
    found.draft.status = move.after or found.draft.status
    _keep(found.draft)
    return _note(actor, found.draft, act, given)


def _lock(actor: Actor, draft: UUID, seen: int) -> Drafted:
    """The draft, its row held, as the actor meets it."""
    queries.get_draft(actor, draft)
    row = Draft.objects.select_for_update(of=("self",)).select_related("item").get(id=draft)
    if row.revision != seen:
        raise Rejected("standard_changed")
    return drafted(actor, row)


def _check_base(row: Draft, base: int) -> None:
    newest = _newest(row.item_id)
    if base != newest:
        raise Rejected("draft_outdated", version=newest)


def _keep(row: Draft) -> None:
    row.revision += 1
    row.changed_at = now()
    row.save()


def _note(actor: Actor, row: Draft, act: Act, given: Given) -> DraftStep:
    content = bytes(row.content) if act is Act.SEND and row.content is not None else None
    return note_step(row, act, given, by=actor.person, organ=actor.organ or "", content=content)


def note_step(
    row: Draft, act: Act, given: Given, *, by: UUID | None, organ: str = "", content: bytes | None = None
) -> DraftStep:
    """Write the line of the draft's record, while its row is held."""
    last = DraftStep.objects.filter(draft=row).order_by("-no").values_list("no", flat=True).first() or 0
    days_named = {Act.CONSULT: row.due, Act.SCHEDULE: row.publish_on}
    return DraftStep.objects.create(
        draft=row,
        no=last + 1,
        act=act,
        by=by,
        organ=organ,
        at=now(),
        said=given.said,
        round=row.round,
        unit=given.unit,
        verdict=given.verdict,
        answers=given.answers,
        day=days_named.get(act),
        digest=row.digest,
        content=content,
    )


def _send(found: Drafted, given: Given) -> None:
    del given
    row = found.draft
    _check_base(row, row.base)
    checked = check_text(row.text, key=row.item_id, name=row.item.name)
    if checked.content is None or checked.faults:
        fields: dict[str, str] = {}
        for line, what in checked.faults:
            fields[f"text:{line}"] = f"{fields[f'text:{line}']} {what}" if f"text:{line}" in fields else what
        line, what = checked.faults[0]
        raise Rejected("draft_faults", fields=fields, count=len(checked.faults), line=line, what=what)
    stored = canonical_json(dict(checked.content))
    last = queries.versions(row.item_id, settings.NODE).first()
    if last is not None and last.digest == digest(stored) and last.status == last.Status.PUBLISHED:
        raise Rejected("draft_says_the_same", version=last.version)
    row.content, row.digest = stored, digest(stored)


def _return(found: Drafted, given: Given) -> None:
    del given
    found.draft.publish_on = None


def _consult(found: Drafted, given: Given) -> None:
    row = found.draft
    _check_base(row, row.base)
    if not found.units:
        raise Rejected("no_units_to_ask")
    row.round += 1
    row.consulted = row.digest
    row.due = add_workdays(days(), today(), given.days or 0)


def _opine(found: Drafted, given: Given) -> None:
    if given.unit not in found.part.units:
        raise Rejected("not_allowed")
    _check_silent(found, given.unit)


def _record(found: Drafted, given: Given) -> None:
    """Only for a unit that has no organ here: who has one speaks for himself."""
    if given.unit not in found.units or given.unit in found.organs:
        raise Rejected("unit_speaks_itself")
    _check_silent(found, given.unit)


def _deem(found: Drafted, given: Given) -> None:
    if given.unit not in found.units:
        raise Rejected("invalid", fields={"unit": "not_a_choice"})
    _check_silent(found, given.unit)
    if found.draft.due is None or today() <= found.draft.due:
        raise Rejected("unit_may_still_speak", unit=given.unit, until=str(found.draft.due))


def _check_silent(found: Drafted, unit: str) -> None:
    if any(place.unit == unit and not place.is_silent for place in found.positions):
        raise Rejected("unit_has_spoken", unit=unit)


def _answer(found: Drafted, given: Given) -> None:
    if not any(place.wants_answer and place.spoken and place.spoken.no == given.answers for place in found.positions):
        raise Rejected("nothing_to_answer")


def _schedule(found: Drafted, given: Given) -> None:
    row = found.draft
    _check_base(row, row.base)
    changed = row.digest != row.consulted
    if found.draft.status != Status.SCHEDULED and (
        code := obstacle(found.positions, changed=changed, units=found.units, round_no=row.round, said=given.said)
    ):
        raise Rejected(code)
    row.publish_on = given.on


def _withdraw(found: Drafted, given: Given) -> None:
    del given
    found.draft.publish_on = None


_DOING: Mapping[Act, Callable[[Drafted, Given], None]] = {
    Act.SEND: _send,
    Act.RETURN: _return,
    Act.CONSULT: _consult,
    Act.OPINE: _opine,
    Act.RECORD: _record,
    Act.DEEM: _deem,
    Act.ANSWER: _answer,
    Act.SCHEDULE: _schedule,
    Act.WITHDRAW: _withdraw,
}
