"""One draft: where it stands, what it changes, what the units say, what was done; its guide as people will read it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from tongban.base.errors import Rejected
from tongban.base.words import say
from tongban.catalogue.models import DraftStep
from tongban.catalogue.queries import Drafted, changes_of, checked_of, get_draft, newest_of, steps_of
from tongban.catalogue.rules.drafting import OPEN, Act, Position, Status, obstacle
from tongban.orgs.queries import officer_names, organ_names
from tongban.web.door import Visit, only
from tongban.web.drafting.listed import STAFF, lines
from tongban.web.lines import address
from tongban.web.shown import takes_part

BESIDE_AN_OPINION = (Act.ANSWER, Act.DEEM, Act.RECORD)
"""Their buttons stand beside the unit that they are about."""
LONGEST_QUOTE = 80
GRAVE = (Act.RETURN, Act.WITHDRAW)


@dataclass(frozen=True, slots=True)
class Said:
    """A unit's position with what can be done about it: name of the act and its address, empty for nothing."""

    place: Position
    standing: str
    tone: str
    doing: str
    address: str


@dataclass(frozen=True, slots=True)
class Moment:
    """A step in words. who: a person and his organ, or the node."""

    step: DraftStep
    title: str
    who: str
    verdict: str


STANDING_TONES = {"agree": "tag-good", "deemed": "", "remarks": "tag-wait", "object": "tag-warn", "overdue": "tag-warn"}


@require_safe
@only(*STAFF)
def shown(request: Visit, draft_id: UUID) -> HttpResponse:
    found = get_draft(request.actor, draft_id)
    row, checked, newest = found.draft, checked_of(found.draft), newest_of(found.draft)
    content = {
        **frame(found),
        "faults": quoted(checked.faults, row.text),
        "compared": changes_of(row, checked),
        "newest": newest,
        "outdated": row.status in OPEN and newest is not None and newest.version != row.base,
        "said": [_said(found, place) for place in found.positions],
        "doings": [
            (say(f"draft_act.{act}"), reverse("drafts:act", args=[row.id, act]), act in GRAVE)
            for act in found.acts
            if act not in (Act.SAVE, *BESIDE_AN_OPINION) and _makes_sense(found, act)
        ],
        "hindered": hindrance(found),
        "may_write": Act.SAVE in found.acts,
        "moments": _moments(found),
        "crumbs": crumbs((row.item.name, "")),
    }
    return render(request, "web/drafting/draft.html", content)


def hindrance(found: Drafted) -> str:
    """Why the lead unit can set no day yet, in words; empty when it can, or has none to set."""
    row = found.draft
    if Act.SCHEDULE not in found.acts or row.status == Status.SCHEDULED:
        return ""
    changed = row.digest != row.consulted
    units, said = found.units, say("draft.said_schedule")
    code = obstacle(found.positions, changed=changed, units=units, round_no=row.round, said=said)
    return say(f"reason.{code}") if code else ""


def _makes_sense(found: Drafted, act: Act) -> bool:
    if act is Act.CONSULT:
        return bool(found.units)
    if act is Act.SCHEDULE:
        return not hindrance(found)
    if act is Act.OPINE:
        return any(place.is_silent for place in found.positions if place.unit in found.part.units)
    return True


def frame(found: Drafted) -> dict[str, Any]:
    """What every page of a draft shows of it."""
    return {"found": found, "row": found.draft, "line": lines([found])[0]}


def quoted(faults: Sequence[tuple[int, str]], text: str) -> list[tuple[int, str, str]]:
    """Line, what is wrong in it, and how it reads: a box of text shows no numbers."""
    lines = text.splitlines() or [""]
    return [(line, what, lines[min(line, len(lines)) - 1].strip()[:LONGEST_QUOTE]) for line, what in faults]


def crumbs(*further: tuple[str, str]) -> list[tuple[str, str]]:
    return [(say("draft.title"), reverse("drafts:drafts")), *further]


def _said(found: Drafted, place: Position) -> Said:
    act = _doing(found, place)
    about = {"answers": place.spoken.no} if act is Act.ANSWER and place.spoken else {"unit": place.unit}
    where = address(reverse("drafts:act", args=[found.draft.id, act]), **about) if act else ""
    tone = STANDING_TONES.get(place.standing, "")
    return Said(place, say(f"draft_standing.{place.standing}"), tone, say(f"draft_act.{act}") if act else "", where)


def _doing(found: Drafted, place: Position) -> Act | None:
    if place.wants_answer and Act.ANSWER in found.acts:
        return Act.ANSWER
    if place.standing == "overdue" and Act.DEEM in found.acts:
        return Act.DEEM
    if place.is_silent and place.unit not in found.organs and Act.RECORD in found.acts:
        return Act.RECORD
    return None


def _moments(found: Drafted) -> list[Moment]:
    steps = list(steps_of(found.draft))
    people = officer_names({step.by for step in steps if step.by})
    organs = organ_names({step.organ for step in steps if step.organ})
    return [
        Moment(
            step=step,
            title=say(f"draft_act.{step.act}"),
            who=f"{organs.get(step.organ, '')} {people.get(step.by, '')}".strip() if step.by else say("draft.node"),
            verdict=say(f"draft_verdict.{step.verdict}") if step.verdict else "",
        )
        for step in reversed(steps)
    ]


@require_safe
@only(*STAFF)
def preview(request: Visit, draft_id: UUID) -> HttpResponse:
    """Raises Rejected("draft_faults") while the text cannot be read."""
    found = get_draft(request.actor, draft_id)
    checked = checked_of(found.draft)
    if checked.definition is None:
        line, what = checked.faults[0]
        raise Rejected("draft_faults", count=len(checked.faults), line=line, what=what)
    back = reverse("drafts:draft", args=[draft_id])
    title = (say("draft.preview"), "")
    content = {
        "definition": checked.definition,
        "takes_part": takes_part(checked.definition),
        "crumbs": crumbs((found.draft.item.name, back), title),
        "back": back,
    }
    return render(request, "web/drafting/guide.html", content)
