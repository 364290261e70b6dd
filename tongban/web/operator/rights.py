"""What an officer may do, in words; more of it, and less."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from tongban.base.actor import Role
from tongban.base.errors import Rejected
from tongban.base.words import say
from tongban.catalogue.queries import item_names
from tongban.catalogue.rules import Option
from tongban.orgs.models import Grant
from tongban.orgs.queries import grants_of, place_names
from tongban.orgs.rules import full_code, stem
from tongban.people.models import Account
from tongban.people.queries import get_staff
from tongban.staff.actions import allow, end_right
from tongban.staff.rules import ALL, RIGHTS, Sheet, heading
from tongban.web.boxes import Box, choices_of, faults_of, place_box, read_place
from tongban.web.door import Visit, only
from tongban.web.mishaps import sentence_of, sentences
from tongban.web.operator.framing import crumbs, province


@dataclass(frozen=True, slots=True)
class ShownRight:
    """A grant in words."""

    grant: Grant
    place: str
    item: str
    acts: str


@dataclass(frozen=True, slots=True)
class Typed:
    """What was chosen in the form. place: code of the division that is the region."""

    place: str
    item: str
    acts: tuple[str, ...]


def shown_rights(account: Account) -> list[ShownRight]:
    """Everything he was ever granted, what has ended too."""
    grants = list(grants_of(account.officer_id)) if account.officer_id else []
    names = item_names() if grants else {}
    regions = {grant.region: full_code(grant.region) for grant in grants if grant.region}
    places = place_names(regions.values())
    return [
        ShownRight(
            grant=grant,
            place=places[regions[grant.region]] if grant.region else say("right_page.everywhere"),
            item=say("right_page.every_item") if grant.item == ALL else names.get(grant.item, grant.item),
            acts=_acts(grant.acts),
        )
        for grant in grants
    ]


def _acts(acts: list[str]) -> str:
    every = [say("right_page.every_act")] if ALL in acts else []
    return say("right_page.between").join([*every, *(say(f"act.{act}") for act in RIGHTS if act in acts)])


@require_http_methods(["GET", "POST"])
@only(Role.OPERATOR)
def new(request: Visit, account_id: UUID) -> HttpResponse:
    account = get_staff(request.actor, account_id)
    if request.method != "POST":
        return _form(request, account, Typed(province(request.actor), "", ()), {})
    typed = Typed(read_place("region", request.POST), request.POST.get("item", ""), tuple(request.POST.getlist("acts")))
    if "narrow" in request.POST:
        return _form(request, account, typed, {})
    region = stem(typed.place) if typed.place else ""
    try:
        allow(request.actor, account=account.id, acts=typed.acts, item=typed.item, region=region)
    except Rejected as refusal:
        return _form(request, account, typed, sentences(refusal) or {"acts": sentence_of(refusal)})
    messages.success(request, say("right_page.given", name=account.name))
    return redirect("ops:member", account.id)


@require_POST
@only(Role.OPERATOR)
def end(request: Visit, account_id: UUID, grant_id: int) -> HttpResponse:
    account = get_staff(request.actor, account_id)
    end_right(request.actor, account=account.id, grant_id=grant_id)
    messages.success(request, say("right_page.ended"))
    return redirect("ops:member", account.id)


def _form(request: Visit, account: Account, typed: Typed, faults: Mapping[str, str]) -> HttpResponse:
    boxes = [replace(box, wrong=faults.get(box.name, "")) for box in _boxes(typed)]
    title = say("right_page.title")
    page = reverse("ops:member", args=[account.id])
    content = {
        "title": title,
        "account": account,
        "boxes": boxes,
        "errors": faults_of(boxes),
        "back": page,
        "crumbs": crumbs((say("organ_page.staff"), reverse("ops:staff")), (account.name, page), (title, "")),
    }
    return render(request, "web/operator/right_form.html", content, status=422 if faults else 200)


def _boxes(typed: Typed) -> list[Box]:
    acts = [Option(ALL, say("right_page.every_act")), *(Option(act, say(f"act.{act}")) for act in RIGHTS)]
    items = [Option(ALL, say("right_page.every_item")), *(Option(key, name) for key, name in item_names().items())]
    return [
        place_box("region", heading(Sheet.GRANTS, "region"), typed.place, hint=say("right_page.hint_region")),
        Box("item", heading(Sheet.GRANTS, "item"), "choice", choices=choices_of(items, typed.item)),
        Box("acts", heading(Sheet.GRANTS, "acts"), "choices", choices=choices_of(acts, typed.acts)),
    ]
