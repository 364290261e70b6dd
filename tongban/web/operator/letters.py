"""The letters with one peer, both ways, without what they say; and another try at once."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from tongban.base.actor import Role
from tongban.base.errors import Rejected
from tongban.base.words import say
from tongban.catalogue.queries import agreement_rows, item_names
from tongban.catalogue.rules.bodies import agreement_subject
from tongban.exchange.actions import try_now
from tongban.exchange.models import Delivery, Inbox
from tongban.exchange.queries import directory, letters_from, letters_to, receipt_facts
from tongban.journal.actions import record
from tongban.web.door import Visit, only
from tongban.web.lines import address, node_name
from tongban.web.operator.explaining import Told, tell_reason, tell_trouble
from tongban.web.paging import Pager

PAGE = 30


@dataclass(frozen=True, slots=True)
class LetterLine:
    """A letter on its way or taken. about: what it concerns. why: what stands in its way, or why it was rejected."""

    row: Delivery | Inbox
    about: str
    why: Told | None


@require_safe
@only(Role.OPERATOR, Role.AUDITOR)
def peer(request: Visit, code: str) -> HttpResponse:
    _check_known(code)
    came = request.GET.get("way") == "from"
    open_only = request.GET.get("open") == "yes" and not came
    before = request.GET.get("before", "")
    rows: QuerySet[Any] = letters_from(request.actor, code) if came else letters_to(request.actor, code)
    if open_only:
        rows = rows.filter(receipt=None)
    if before.isascii() and before.isdigit() and len(before) < 18:
        rows = rows.filter(id__lt=int(before))
    page = list(rows[: PAGE + 1])
    here = reverse("ops:peer", args=[code])
    choice = {"way": "from" if came else "", "open": "yes" if open_only else ""}
    following = address(here, **choice, before=page[PAGE - 1].pk) if len(page) > PAGE else ""
    content = {
        "code": code,
        "name": node_name(code),
        "came": came,
        "letters": _lines(page[:PAGE]),
        "phone": directory().get_node(code).phone,
        "tabs": [
            {"name": say("ops.tab_sent"), "address": here, "now": not came and not open_only},
            {"name": say("ops.tab_open"), "address": address(here, open="yes"), "now": open_only},
            {"name": say("ops.tab_came"), "address": address(here, way="from"), "now": came},
        ],
        "pager": Pager(address(here, **choice) if before else "", following),
        "may_act": request.actor.role is Role.OPERATOR,
        "crumbs": [(say("ops.overview"), reverse("ops:overview")), (node_name(code), "")],
    }
    return render(request, "web/operator/peer.html", content)


def _lines(rows: Sequence[Delivery | Inbox]) -> list[LetterLine]:
    """With the names of items and agreements; what concerns a case goes by its number alone."""
    names = item_names() | {agreement_subject(row.key): row.name for row in agreement_rows()}
    return [LetterLine(row, names.get(row.subject.partition("@")[0], ""), _why(row)) for row in rows]


def _why(row: Delivery | Inbox) -> Told | None:
    if row.reason:
        return tell_reason(row.reason, receipt_facts(row))
    trouble = row.trouble if isinstance(row, Delivery) and row.receipt is None else ""
    return tell_trouble(trouble) if trouble else None


@require_POST
@only(Role.OPERATOR)
def retry(request: Visit, code: str) -> HttpResponse:
    _check_known(code)
    count = try_now(code)
    record(request.actor, event="letters_tried_again", facts={"peer": code, "letters": count})
    messages.success(request, say("ops.tried_again", count=count) if count else say("ops.nothing_waits"))
    return redirect("ops:peer", code)


def _check_known(code: str) -> None:
    """Raises Rejected("not_found")."""
    if code not in directory().nodes:
        raise Rejected("not_found")
