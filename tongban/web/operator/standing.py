"""Whether an item is taken: a province suspends and withdraws its standard, the hub ends or merges the item."""

from datetime import date

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from tongban.base.actor import Role
from tongban.base.errors import Rejected
from tongban.base.words import say
from tongban.calendar.queries import today
from tongban.catalogue.actions import change_base_item, resume, suspend, withdraw
from tongban.catalogue.models import BaseItem, ItemVersion
from tongban.catalogue.queries import base_items, find_version, get_base_item, is_over, is_suspended, published_items
from tongban.journal.actions import record
from tongban.web.door import Visit, only
from tongban.web.mishaps import sentence_of, sentences

HUB = "00"
AT_HUB = ("ended", "merged", "open")


@require_safe
@only(Role.OPERATOR, Role.AUDITOR)
def listed(request: Visit) -> HttpResponse:
    """The plan's items: as many as it has, never more."""
    day, own = today(), {row.item_id: row for row in published_items(settings.NODE)}
    rows = [(item, own.get(item.key), _state(item, own.get(item.key), day)) for item in base_items()]
    content = {
        "rows": [row for row in rows if row[1] is not None or settings.NODE == HUB],
        "crumbs": [(say("ops.overview"), reverse("ops:overview")), (say("standing_page.title"), "")],
    }
    return render(request, "web/operator/standards.html", content)


@require_http_methods(["GET", "POST"])
@only(Role.OPERATOR, Role.AUDITOR)
def shown(request: Visit, key: str) -> HttpResponse:
    item, row = get_base_item(key), find_version(key, settings.NODE)
    if row is None and settings.NODE != HUB:
        raise Rejected("not_found")
    wrong: dict[str, str] = {}
    if request.method == "POST":
        if request.actor.role is not Role.OPERATOR:
            raise Rejected("not_allowed")
        try:
            _change(request, item, row)
        except Rejected as refusal:
            wrong = sentences(refusal) or {"do": sentence_of(refusal)}
        else:
            messages.success(request, say("standing_page.done"))
            return redirect("ops:standard", key)
    content = {
        "item": item,
        "row": row,
        "state": _state(item, row, today()),
        "choices": [(name, say(f"standing_page.{name}"), say(f"standing_page.{name}_hint")) for name in _acts(row)],
        "others": _successors(key),
        "typed": {name: request.POST.get(name, "") for name in ("do", "since", "until", "successor", "why")},
        "wrong": wrong,
        "may_act": request.actor.role is Role.OPERATOR,
        "crumbs": [(say("standing_page.title"), reverse("ops:standards")), (item.name, "")],
    }
    return render(request, "web/operator/standard.html", content, status=422 if wrong else 200)


def _state(item: BaseItem, row: ItemVersion | None, day: date) -> str:
    if is_over(item, day):
        return say("listed.over")
    if row is None:
        return say("listed.open" if settings.NODE == HUB else "listed.undefined")
    return say("listed.suspended" if is_suspended(row, day) else "listed.open")


def _successors(key: str) -> list[tuple[str, str]]:
    """Into which items the hub can merge this one."""
    return [(other.key, other.name) for other in base_items() if other.key != key] if settings.NODE == HUB else []


def _acts(row: ItemVersion | None) -> tuple[str, ...]:
    if settings.NODE == HUB:
        return AT_HUB
    return ("resume", "withdraw") if row and row.suspended_from else ("suspend", "withdraw")


def _change(request: Visit, item: BaseItem, row: ItemVersion | None) -> None:
    """Raises Rejected("invalid", fields=…), and what the actions raise."""
    do, why = request.POST.get("do", ""), request.POST.get("why", "").strip()
    wrong = {} if do in _acts(row) else {"do": "required"}
    if not why:
        wrong["why"] = "required"
    days = {name: _day(request.POST.get(name, "").strip(), name, wrong) for name in ("since", "until")}
    if wrong:
        raise Rejected("invalid", fields=wrong)
    since, until = days["since"], days["until"]
    named = {"item": item.key, "why": why}
    if do in AT_HUB:
        change_base_item(request.actor, state=do, successor=request.POST.get("successor") or None, since=since, **named)
    elif row is not None:
        version = row.version
        if do == "suspend":
            suspend(request.actor, version=version, since=since, until=until, **named)
        elif do == "resume":
            resume(request.actor, version=version, **named)
        else:
            withdraw(request.actor, version=version, on=since, **named)
    record(request.actor, event="standing_changed", facts={"item": item.key, "do": do})


def _day(text: str, name: str, wrong: dict[str, str]) -> date | None:
    try:
        found = date.fromisoformat(text) if text else None
    except ValueError:
        wrong[name] = "answer_not_date"
        return None
    if found is not None and found < today():
        wrong[name] = "days_out_of_range"
    return found
