"""The guide: which items there are, and how one of them is done for a chosen place by a person at another."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from tongban.applications.rules import Channel, modes_for
from tongban.base.errors import NotYet
from tongban.base.words import say
from tongban.calendar.queries import now
from tongban.catalogue.models import BaseItem, ItemVersion
from tongban.catalogue.queries import (
    definition_in,
    find_route,
    find_version,
    get_base_item,
    local_standard,
    provinces_of,
    search,
)
from tongban.catalogue.rules import Definition
from tongban.catalogue.rules.agreements import Route
from tongban.exchange.queries import directory
from tongban.orgs.models import Organ
from tongban.orgs.queries import hall_near, names_no_organ, place_name, provinces, responsible_organ
from tongban.web.citizen.zone import Where, where_boxes, where_of
from tongban.web.context import nodes
from tongban.web.door import Visit
from tongban.web.paging import PAGE, numbered
from tongban.web.shown import readable, takes_part

HUB = "00"


@dataclass(frozen=True, slots=True)
class Way:
    """The answer to: may it be done from here, how, and why.

    next: what the person can do now: begin here, name a deeper place first, go to the node where he is (elsewhere),
    to a counter, or nothing (none).
    """

    route: Route
    sentence: str
    modes: tuple[tuple[str, str, str], ...]
    next: str
    elsewhere: str


@dataclass(frozen=True, slots=True)
class Copy:
    """How old the local copy of the standard is. since: when it was published or arrived here; days: since then."""

    row: ItemVersion
    province: str
    own: bool
    since: datetime | None
    days: int


@require_safe
def items(request: Visit) -> HttpResponse:
    """The items by words, batch and province."""
    where, text = where_of(request.GET), request.GET.get("q", "").strip()[:60]
    batch, province, page = request.GET.get("batch", ""), request.GET.get("province", ""), _page(request)
    chosen = int(batch) if batch in ("1", "2", "3") else None
    found = search(request.actor, text, batch=chosen, most=PAGE + 1, skip=(page - 1) * PAGE)
    if province:
        found = [entry for entry in search(request.actor, text, batch=chosen, most=200) if province in entry.provinces]
    facts = {name: value for name, value in (("q", text), ("batch", batch), ("province", province)) if value}
    facts |= {name: value for name, value in (("from", where.here), ("at", where.there)) if value}
    content = {
        "found": found if province else found[:PAGE],
        "q": text,
        "batch": batch,
        "province": province,
        "provinces": [(place.code[:2], place.name) for place in provinces()],
        "where": where,
        "here_name": place_name(where.here) if where.here else "",
        "there_name": place_name(where.there) if where.there else "",
        "pager": numbered("/items/", facts, page, more=not province and len(found) > PAGE),
        "page": page,
    }
    return render(request, "web/citizen/items.html", content)


def _page(request: Visit) -> int:
    text = request.GET.get("page", "1")
    return min(max(int(text), 1), 500) if text.isascii() and text.isdigit() else 1


@require_safe
def guide(request: Visit, key: str) -> HttpResponse:
    """One item, for the place where the matter lies; without a place, the standard of this province or the first."""
    item, where = get_base_item(key), where_of(request.GET)
    copy = _copy(item, where)
    here, there = where_boxes(where, narrow_at=request.path)
    content: dict[str, Any] = {
        "item": item,
        "where": where,
        "here": here,
        "there": there,
        "here_name": place_name(where.here) if where.here else "",
        "there_name": place_name(where.there) if where.there else "",
        "copy": copy,
        "known": [nodes().get(code, (code, ""))[0] for code in provinces_of(key)],
    }
    if copy is not None:
        content["definition"] = definition_in(copy.row)
        if where.there:
            content["local"] = local_standard(content["definition"], where.there)
            content["definition"] = content["local"].definition
        content["takes_part"] = takes_part(content["definition"])
    if where.there:
        content["way"] = way_of(key, where, content.get("definition"))
        content |= _contacts(content.get("definition"), where)
    return render(request, "web/citizen/guide.html", content)


def _copy(item: BaseItem, where: Where) -> Copy | None:
    wanted = [where.there[:2]] if where.there else [settings.NODE, where.here[:2], *provinces_of(item.key)]
    row = next((row for code in wanted if code and (row := find_version(item.key, code))), None)
    if row is None:
        return None
    name = nodes().get(row.province, (row.province, ""))[0]
    since = row.heard_at or row.published_at
    return Copy(row, name, row.province == settings.NODE, since, (now() - since).days if since else 0)


def way_of(key: str, where: Where, definition: Definition | None) -> Way:
    """Whoever has not said where he is, is taken to be where the matter lies."""
    here = where.here or where.there
    found = find_route(item=key, place=here, authority_place=where.there)
    elsewhere = "" if serves(where) else node_address(here[:2])
    return Way(
        route=found,
        sentence=say(f"route.{found.why}", **readable(found.facts)),
        modes=tuple((str(mode), say(f"mode.{mode}"), say(f"mode_explained.{mode}")) for mode in found.modes),
        next=_next(found, where, definition, elsewhere),
        elsewhere=elsewhere,
    )


def _next(found: Route, where: Where, definition: Definition | None, elsewhere: str) -> str:
    if definition is None or not found.allowed:
        return "none"
    if not modes_for(Channel.PORTAL, found.modes):
        return "counter"
    if not serves(where):
        return "elsewhere" if elsewhere else "none"
    too_wide = not definition.home.fan_out and names_no_organ(where.there, level=definition.authority.level)
    return "deeper" if too_wide else "begin"


def serves(where: Where) -> bool:
    """Whether this node's portal takes the application: it is where the person is, or where the matter lies."""
    return settings.NODE != HUB and settings.NODE in (where.here[:2] or where.there[:2], where.there[:2])


def node_address(code: str) -> str:
    try:
        node = directory().nodes.get(code)
    except NotYet:
        return ""
    return node.endpoint if node else ""


def _contacts(definition: Definition | None, where: Where) -> dict[str, Any]:
    """Who answers: the hall where the person is and the authority where the matter lies, as far as known here."""
    hall: Organ | None = hall_near(where.here) if where.here else None
    authority = definition.authority if definition else None
    organ = responsible_organ(authority.organ, where.there, level=authority.level) if authority else None
    home = nodes().get(where.there[:2], ("", ""))
    return {"hall": hall, "organ": organ, "home_name": home[0], "home_phone": home[1]}
