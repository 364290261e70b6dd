"""The zone (专区): where am I, what do I want to do, where does the matter lie."""

from dataclasses import dataclass
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.shortcuts import render
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from tongban.base.errors import Rejected
from tongban.base.words import say
from tongban.bundles.queries import shipped
from tongban.catalogue.queries import search
from tongban.orgs.queries import divisions_under
from tongban.orgs.rules import CODE_LENGTH
from tongban.web.boxes import Box, place_box, read_place
from tongban.web.door import Visit

ALL_ITEMS = 200


@dataclass(frozen=True, slots=True)
class Where:
    """here: where the person is; there: where the matter lies. Both 12-digit codes, empty when not chosen."""

    here: str
    there: str

    @property
    def query(self) -> str:
        """For links that keep the choice."""
        return urlencode({name: code for name, code in (("from", self.here), ("at", self.there)) if code})


def where_of(data: QueryDict) -> Where:
    return Where(read_place("from", data), read_place("at", data))


def where_boxes(where: Where, *, narrow_at: str) -> tuple[Box, Box]:
    here = place_box("from", say("citizen.here"), where.here, narrow_at=narrow_at)
    there = place_box("at", say("citizen.there"), where.there, narrow_at=narrow_at)
    return here, there


@require_safe
def zone(request: Visit) -> HttpResponse:
    where = where_of(request.GET)
    here, there = where_boxes(where, narrow_at="/")
    found = search(request.actor, "", most=ALL_ITEMS)
    content = {
        "here": here,
        "there": there,
        "where": where,
        "q": request.GET.get("q", ""),
        "ready": [entry for entry in found if entry.provinces],
        "batches": [(batch, sum(1 for entry in found if entry.item.batch == batch)) for batch in (1, 2, 3)],
        "count": len(found),
        "bundles": list(shipped().values()),
    }
    return render(request, "web/citizen/zone.html", content)


@require_safe
@cache_control(public=True, max_age=3600)
def places(request: HttpRequest) -> JsonResponse:
    """The places directly under one, for the selects: [[code, name], …]."""
    under = request.GET.get("under", "")
    if under and not (len(under) == CODE_LENGTH and under.isdigit()):
        raise Rejected("unknown_division", code=under[:12])
    return JsonResponse([[place.code, place.name] for place in divisions_under(under)], safe=False)
