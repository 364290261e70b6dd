"""The organs of this node: found, registered, changed, closed."""

from collections.abc import Mapping
from dataclasses import replace

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from tongban.base.actor import Role
from tongban.base.errors import Rejected
from tongban.base.words import say
from tongban.calendar.queries import today
from tongban.catalogue.rules import Option
from tongban.orgs.actions import Outcome
from tongban.orgs.models import Organ
from tongban.orgs.queries import find_organ, is_closed, organ_kinds, organs, place_name, place_names
from tongban.orgs.rules import Nature, stem
from tongban.people.queries import staff
from tongban.staff.actions import close_organ, save_organ
from tongban.staff.rules import Reader, Sheet, heading
from tongban.web.boxes import Box, choices_of, faults_of, place_box, read_place
from tongban.web.door import Visit, only
from tongban.web.lines import address
from tongban.web.mishaps import sentences
from tongban.web.operator.framing import crumbs, filled, province, tabs, why_not
from tongban.web.paging import PAGE, Pager

COUNTY = 6
"""So long is the part of a code that the selects of a place can choose."""
TEXTS = ("name", "address", "phone", "hours", "duty")
HINTED = ("phone", "hours", "duty")


@require_safe
@only(Role.OPERATOR, Role.AUDITOR)
def listed(request: Visit) -> HttpResponse:
    place, begins = read_place("place", request.GET), request.GET.get("begins", "").strip()[:100]
    after, here = request.GET.get("after", "")[:18], reverse("ops:organs")
    page = list(organs(place=place, begins=begins, after=after)[: PAGE + 1])
    choice = {"place": place, "begins": begins}
    following = address(here, **choice, after=page[PAGE - 1].code) if len(page) > PAGE else ""
    places = place_names({organ.division_id for organ in page[:PAGE]})
    content = {
        "rows": [(organ, places[organ.division_id], kind_name(organ), is_closed(organ)) for organ in page[:PAGE]],
        "box": place_box("place", say("organ_page.place"), place, required=False, narrow_at=here),
        "begins": begins,
        "searched": bool(place or begins),
        "pager": Pager(address(here, **choice) if after else "", following),
        "may_act": request.actor.role is Role.OPERATOR,
        "tabs": tabs("organs"),
        "crumbs": crumbs(),
    }
    return render(request, "web/operator/organs.html", content)


def kind_name(organ: Organ) -> str:
    """What such an organ is called; the kind's own name where nobody has written one."""
    kind = next((kind for kind in organ_kinds() if kind.key == organ.kind), None)
    return next(iter(kind.names.values())) if kind else organ.kind


@require_http_methods(["GET", "POST"])
@only(Role.OPERATOR)
def new(request: Visit) -> HttpResponse:
    if request.method != "POST":
        return _form(request, None, {"nature": Nature.STATUTORY.value, "division": province(request.actor)})
    return _save(request, None)


@require_http_methods(["GET", "POST"])
@only(Role.OPERATOR)
def change(request: Visit, organ: str) -> HttpResponse:
    row = _found(organ)
    if request.method != "POST":
        return _form(request, row, _typed_of(row))
    return _save(request, row)


@require_safe
@only(Role.OPERATOR, Role.AUDITOR)
def shown(request: Visit, organ: str) -> HttpResponse:
    return _page(request, _found(organ))


@require_POST
@only(Role.OPERATOR)
def close(request: Visit, organ: str) -> HttpResponse:
    """On a day, or not after all while that day has not come."""
    row = _found(organ)
    try:
        on = Reader.day(request.POST.get("closed_on", "").strip())
        if on is None and "keep" not in request.POST:
            raise Rejected("day_form")
        outcome = close_organ(request.actor, code=row.code, on=on)
    except Rejected as refusal:
        return _page(request, row, refusal)
    if outcome is Outcome.CHANGED:
        messages.success(request, say("organ_page.closes") if on else say("organ_page.kept"))
    return redirect("ops:organ", row.code)


def _found(code: str) -> Organ:
    """Raises Rejected("not_found")."""
    row = find_organ(code)
    if row is None:
        raise Rejected("not_found")
    return row


def _page(request: Visit, row: Organ, refusal: Rejected | None = None) -> HttpResponse:
    content = {
        "organ": row,
        "place": place_name(row.division_id),
        "kind": kind_name(row),
        "nature": say(f"nature.{row.nature}"),
        "closed": is_closed(row),
        "serving": staff(request.actor, organ=row.code).filter(is_active=True).count(),
        "typed": request.POST.get("closed_on", today().isoformat()),
        "wrong": why_not(refusal),
        "may_act": request.actor.role is Role.OPERATOR,
        "crumbs": crumbs((say("organ_page.organs"), reverse("ops:organs")), (row.name, "")),
    }
    return render(request, "web/operator/organ.html", content, status=422 if refusal else 200)


def _typed_of(row: Organ) -> dict[str, str]:
    typed = {name: str(getattr(row, name)) for name in (*TEXTS, "code", "kind", "nature")}
    deeper = len(stem(row.division_id)) > COUNTY
    return typed | {"division": row.division_id, "below": row.division_id if deeper else ""}


def _read(post: QueryDict, row: Organ | None) -> dict[str, str]:
    typed = {name: post.get(name, "").strip() for name in (*TEXTS, "kind", "nature", "below")}
    return typed | {"code": row.code if row else post.get("code", ""), "division": read_place("division", post)}


def _save(request: Visit, row: Organ | None) -> HttpResponse:
    typed = _read(request.POST, row)
    if "narrow" in request.POST:
        return _form(request, row, typed)
    columns = {name: value for name, value in typed.items() if name != "below"}
    try:
        saved, outcome = save_organ(request.actor, **columns | {"division": typed["below"] or typed["division"]})
    except Rejected as refusal:
        return _form(request, row, typed, sentences(refusal))
    messages.success(request, say(f"organ_page.{outcome}"))
    return redirect("ops:organ", saved.code)


def _form(
    request: Visit, row: Organ | None, typed: Mapping[str, str], faults: Mapping[str, str] | None = None
) -> HttpResponse:
    boxes = [filled(box, typed, faults or {}) for box in _boxes(row, typed)]
    title = say("organ_page.change") if row else say("organ_page.register")
    content = {
        "title": title,
        "boxes": boxes,
        "errors": faults_of(boxes),
        "organ": row,
        "back": reverse("ops:organ", args=[row.code]) if row else reverse("ops:organs"),
        "crumbs": crumbs((say("organ_page.organs"), reverse("ops:organs")), (title, "")),
    }
    return render(request, "web/operator/organ_form.html", content, status=422 if faults else 200)


def _boxes(row: Organ | None, typed: Mapping[str, str]) -> list[Box]:
    kinds = [Option(kind.key, next(iter(kind.names.values()))) for kind in organ_kinds()]
    natures = [Option(str(nature), say(f"nature.{nature}")) for nature in Nature]
    texts = {name: Box(name, heading(Sheet.ORGANS, name), required=False) for name in TEXTS}
    hinted = {name: replace(texts[name], hint=say(f"organ_page.hint_{name}")) for name in HINTED}
    code = [] if row else [Box("code", heading(Sheet.ORGANS, "code"), "credit_code")]
    return [
        *code,
        replace(texts["name"], required=True),
        Box("kind", heading(Sheet.ORGANS, "kind"), "choice", choices=choices_of(kinds, typed.get("kind"))),
        place_box("division", say("organ_page.place"), typed.get("division", "")),
        Box("below", say("organ_page.below"), required=False, hint=say("organ_page.hint_below")),
        Box("nature", heading(Sheet.ORGANS, "nature"), "choice", choices=choices_of(natures, typed.get("nature"))),
        texts["address"],
        *hinted.values(),
    ]
