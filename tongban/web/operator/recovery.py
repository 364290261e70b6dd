"""After a restore: who has told what this node forgot, what is stuck, and what is gone for good."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from tongban.base.actor import Actor, Role
from tongban.base.words import say
from tongban.exchange.models import Loss, Telling
from tongban.exchange.queries import losses, recovery_standing
from tongban.web.door import Visit, only
from tongban.web.lines import address, node_name
from tongban.web.operator.explaining import Told, tell_reason
from tongban.web.paging import Pager
from tongban.web.templatetags.wording import words

PAGE = 50
DIGITS = 7


@dataclass(frozen=True, slots=True)
class TellingLine:
    """A peer and whether it has told. tone: class of the tag that says so."""

    name: str
    code: str
    standing: str
    tone: str
    why: Told | None


@dataclass(frozen=True, slots=True)
class RecoveryBox:
    """opened: since when the node writes again; None while it can only be read. stuck: subject and reason."""

    begun: datetime
    opened: datetime | None
    tellings: Sequence[TellingLine]
    left: int
    stuck: Sequence[tuple[str, Told]]


def recovery_box(actor: Actor) -> RecoveryBox | None:
    """None for a node that has everything back."""
    standing = recovery_standing(actor)
    if standing is None:
        return None
    return RecoveryBox(
        begun=standing.recovery.begun_at,
        opened=standing.recovery.opened_at,
        tellings=[_line(telling) for telling in standing.tellings],
        left=standing.left,
        stuck=[(subject, tell_reason(trouble, {})) for subject, trouble in standing.stuck],
    )


def _line(telling: Telling) -> TellingLine:
    if telling.told_at is not None:
        standing, tone = "told", "tag-good"
    elif telling.released_at is not None:
        standing, tone = "released", "tag-warn"
    else:
        standing, tone = "untold", "tag-wait"
    why = tell_reason(telling.trouble, {}) if telling.trouble and telling.told_at is None else None
    return TellingLine(node_name(telling.peer), telling.peer, say(f"recovery.{standing}"), tone, why)


@dataclass(frozen=True, slots=True)
class LossLine:
    what: str
    subject: str
    detail: str
    at: datetime


@require_safe
@only(Role.OPERATOR, Role.AUDITOR)
def gone(request: Visit) -> HttpResponse:
    before = request.GET.get("before", "")
    rows = losses(request.actor)
    if before.isascii() and before.isdigit() and len(before) < 18:
        rows = rows.filter(id__lt=int(before))
    page = list(rows[: PAGE + 1])
    here = reverse("ops:losses")
    following = address(here, before=page[PAGE - 1].pk) if len(page) > PAGE else ""
    content = {
        "losses": [_loss(loss) for loss in page[:PAGE]],
        "pager": Pager(here if before else "", following),
        "crumbs": [(say("ops.overview"), reverse("ops:overview")), (say("recovery.losses"), "")],
    }
    return render(request, "web/operator/losses.html", content)


def _loss(loss: Loss) -> LossLine:
    detail = loss.detail
    if loss.kind in ("numbers", "numbers_free"):
        first, _, last = detail.partition("-")
        detail = (
            first.zfill(DIGITS)
            if first == last
            else say("recovery.from_to", first=first.zfill(DIGITS), last=last.zfill(DIGITS))
        )
    elif loss.kind == "body":
        number, _, audience = detail.partition(" ")
        detail = say("recovery.body", no=number, audience=words("audience", audience))
    return LossLine(words("loss", loss.kind), words("series", loss.subject), detail, loss.at)
