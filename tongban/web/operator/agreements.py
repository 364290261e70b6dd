"""Agreements with other places: read, signed with what they open and close in view, extended, ended, proposed anew."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from tongban.base.actor import Role
from tongban.base.canonical import parse_json
from tongban.base.errors import Rejected
from tongban.base.words import say
from tongban.calendar.queries import today
from tongban.catalogue.actions import publish_agreement
from tongban.catalogue.queries import agreement_rows, concluded_in, effects_of, get_agreement, item_names
from tongban.catalogue.rules import read_content
from tongban.catalogue.rules.agreements import agreement_of, read_agreement
from tongban.journal.actions import record
from tongban.web.door import Visit, only
from tongban.web.mishaps import sentence_of
from tongban.web.pacts import changes, shown

FILE = "agreement.toml"


@require_safe
@only(Role.OPERATOR, Role.AUDITOR)
def agreements(request: Visit) -> HttpResponse:
    names, day = item_names(), today()
    rows = [(row, shown(concluded_in(row), names, day)) for row in agreement_rows()]
    content = {"rows": rows, "may_act": request.actor.role is Role.OPERATOR, "crumbs": _crumbs()}
    return render(request, "web/operator/agreements.html", content)


@require_safe
@only(Role.OPERATOR, Role.AUDITOR)
def agreement(request: Visit, key: str, version: int) -> HttpResponse:
    row, concluded = get_agreement(key, version)
    waits = settings.NODE in concluded.missing
    content = {
        "row": row,
        "shown": shown(concluded, item_names(), today()),
        "waits": waits,
        "changes": changes(effects_of(concluded.agreement), item_names()) if waits else [],
        "may_act": request.actor.role is Role.OPERATOR,
        "may_change": settings.NODE in concluded.agreement.signers,
        "crumbs": _crumbs((row.name, "")),
    }
    return render(request, "web/operator/agreement.html", content)


@require_POST
@only(Role.OPERATOR)
def sign(request: Visit, key: str, version: int) -> HttpResponse:
    row, _ = get_agreement(key, version)
    return _sign(request, parse_json(bytes(row.content)))


@require_http_methods(["GET", "POST"])
@only(Role.OPERATOR)
def change(request: Visit, key: str, version: int) -> HttpResponse:
    """Another last day, under a document of its own: as the next version, which holds when the others sign it too."""
    row, concluded = get_agreement(key, version)
    until, document = request.POST.get("until", "").strip(), request.POST.get("document", "").strip()[:200]
    content = {**parse_json(bytes(row.content)), "version": version + 1, "until": until, "document": document}
    wrong = {} if request.method != "POST" else _wrong_change(until, document)
    if request.method == "POST" and not wrong:
        answer = _confirm(request, content, typed={"until": until, "document": document})
        if answer is not None:
            return answer
    page = {
        "row": row,
        "agreement": concluded.agreement,
        "until": until,
        "document": document,
        "wrong": wrong,
        "crumbs": _crumbs((row.name, reverse("ops:agreement", args=[key, version])), (say("agreement.change"), "")),
    }
    return render(request, "web/operator/agreement_change.html", page, status=422 if wrong else 200)


def _wrong_change(until: str, document: str) -> dict[str, str]:
    wrong = {} if document else {"document": say("agreement.document_missing")}
    try:
        date.fromisoformat(until)
    except ValueError:
        wrong["until"] = say("reason.answer_not_date")
    return wrong


@require_http_methods(["GET", "POST"])
@only(Role.OPERATOR)
def propose(request: Visit) -> HttpResponse:
    """A new agreement, or a new version with other terms, as the definition file says it."""
    text, faults = request.POST.get("text", ""), {}
    if request.method == "POST":
        try:
            read_agreement(text, file=FILE)
        except Rejected as refusal:
            faults = dict(refusal.fields)
        else:
            answer = _confirm(request, {"sources": {}, **read_content(text, file=FILE)}, typed={"text": text})
            if answer is not None:
                return answer
    content = {"text": text, "faults": faults, "crumbs": _crumbs((say("agreement.propose"), ""))}
    return render(request, "web/operator/agreement_new.html", content, status=422 if faults else 200)


def _confirm(request: Visit, content: Mapping[str, Any], *, typed: Mapping[str, str]) -> HttpResponse | None:
    """First what it would open and close, then the signature. None when this node cannot sign it, with a message."""
    try:
        proposed = agreement_of(content)
    except Rejected as refusal:
        messages.error(request, sentence_of(refusal))
        return None
    if settings.NODE not in proposed.signers:
        messages.error(request, say("reason.not_a_party"))
        return None
    if request.POST.get("confirm"):
        return _sign(request, content)
    page = {
        "agreement": proposed,
        "changes": changes(effects_of(proposed), item_names()),
        "typed": typed,
        "crumbs": _crumbs((proposed.name, "")),
    }
    return render(request, "web/operator/agreement_preview.html", page)


def _sign(request: Visit, content: Mapping[str, Any]) -> HttpResponse:
    try:
        row = publish_agreement(request.actor, content=content)
    except Rejected as refusal:
        messages.error(request, sentence_of(refusal))
        return redirect("ops:agreements")
    record(request.actor, event="agreement_signed", facts={"agreement": row.key, "version": row.version})
    messages.success(request, say("agreement.signed"))
    return redirect("ops:agreement", row.key, row.version)


def _crumbs(*further: tuple[str, str]) -> list[tuple[str, str]]:
    first = [(say("ops.overview"), reverse("ops:overview"))]
    here = (say("agreement.title"), reverse("ops:agreements") if further else "")
    return [*first, here, *further]
