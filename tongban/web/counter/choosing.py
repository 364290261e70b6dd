"""An intake begins: which item, where the matter lies; whether it may be received here, how, and why."""

from dataclasses import dataclass

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from tongban.applications.actions import start
from tongban.applications.rules import Channel, modes_for
from tongban.base.actor import Role
from tongban.base.words import say
from tongban.catalogue.queries import find_route, get_definition, search
from tongban.catalogue.queries.items import Found
from tongban.catalogue.rules import APPLICANT_PLACE, Definition
from tongban.orgs.queries import get_organ, place_name
from tongban.web.boxes import place_box, read_place
from tongban.web.door import Visit, only
from tongban.web.shown import readable

MOST = 8


@dataclass(frozen=True, slots=True)
class Offer:
    """An item found, and what may be done for it here. modes: value and name; empty when it cannot be received.

    rights: what the agreement lets this counter do for the authority.
    """

    key: str
    name: str
    scenario: str
    modes: tuple[tuple[str, str], ...]
    why: str
    rights: str


@require_http_methods(["GET", "POST"])
@only(Role.CLERK)
def choose(request: Visit) -> HttpResponse:
    if request.method == "POST":
        return _begin(request)
    text = request.GET.get("q", "").strip()[:60]
    place = read_place("place", request.GET)
    here = get_organ(request.actor.organ or "").division_id
    chosen = bool(place) and "narrow" not in request.GET
    offers = [_offer(found, here, place) for found in search(request.actor, text, most=MOST)] if chosen else []
    content = {
        "q": text,
        "box": place_box("place", say("counter.where"), place, narrow_at=request.path),
        "place": place,
        "place_name": place_name(place) if place else "",
        "offers": offers,
        "asked": chosen,
        "crumbs": [(say("counter.desk"), "/counter/"), (say("counter.new"), "")],
    }
    return render(request, "web/counter/new.html", content)


def _offer(found: Found, here: str, place: str) -> Offer:
    route = find_route(item=found.item.key, place=here, authority_place=place)
    modes = modes_for(Channel.COUNTER, route.modes) if route.allowed else ()
    why = say(f"route.{route.why}", **readable(route.facts))
    if route.allowed and not modes:
        why = say("counter.online_only")
    return Offer(
        key=found.item.key,
        name=found.item.name,
        scenario=found.item.scenario,
        modes=tuple((str(mode), say(f"mode.{mode}")) for mode in modes),
        why=why,
        rights="、".join(say(f"right.{right}") for right in route.rights) if modes else "",
    )


def _begin(request: Visit) -> HttpResponse:
    item, place = request.POST.get("item", ""), read_place("place", request.POST)
    definition = get_definition(item, place[:2])[1]
    application = start(
        request.actor,
        item=item,
        place=place,
        mode=request.POST.get("mode", ""),
        answers=_known_answers(definition, place),
    )
    return redirect("counter:intake", application.id)


def _known_answers(definition: Definition, place: str) -> dict[str, object]:
    """Where the matter lies has been said; it is not asked again."""
    if definition.home.field == APPLICANT_PLACE:
        return {}
    return {definition.home.field: [place] if definition.home.fan_out else place}
