"""What may be asked where: open to everyone."""

from datetime import date
from typing import Annotated, Any

from django.conf import settings
from ninja import Query, Router

from tongban.api.public import paging
from tongban.api.public.door import Call
from tongban.api.public.shapes.catalogue import Agreements, Items, Standard, Way
from tongban.api.public.shapes.values import ITEM_KEY, NO_NUL, PLACE, ItemKeyInPath
from tongban.base.actor import Actor, Role, Via
from tongban.base.canonical import parse_json
from tongban.base.errors import Rejected
from tongban.base.words import say
from tongban.catalogue.models import Agreement as AgreementRow
from tongban.catalogue.models import ItemVersion
from tongban.catalogue.queries import Found, agreement_rows, find_route, find_version, get_base_item, search

router = Router(tags=["catalogue"])

MOST_SKIPPED = 100_000
Text = Annotated[str, Query("", max_length=100, pattern=NO_NUL)]
Province = Annotated[str | None, Query(None, pattern=r"^[0-9]{2}$", description=say("parameter.province"))]
Batch = Annotated[int | None, Query(None, ge=1, le=9)]
Number = Annotated[int | None, Query(None, ge=1, le=2**31 - 1)]
Key = Annotated[str, Query(..., pattern=ITEM_KEY)]
Code = Annotated[str, Query(..., pattern=PLACE)]
Day = Annotated[date | None, Query(None)]


@router.get("/items", auth=None, response=Items, operation_id="list_items")
def items(
    request: Call,  # noqa: ARG001
    q: Text = "",
    province: Province = None,
    batch: Batch = None,
    cursor: paging.Cursor = None,
) -> object:
    skip = paging.number(cursor, most=MOST_SKIPPED) or 0
    anyone = Actor(role=Role.ANYONE, node=settings.NODE, via=Via.API)
    found = search(anyone, q, batch=batch, most=paging.PAGE + 1, skip=skip)
    asked = province or settings.NODE
    following = paging.pack(str(skip + paging.PAGE)) if len(found) > paging.PAGE else None
    return {"items": [_item(entry, asked) for entry in found[: paging.PAGE]], "next": following}


@router.get("/items/{key}", auth=None, response=Standard, operation_id="get_item")
def item(
    request: Call,  # noqa: ARG001
    key: ItemKeyInPath,
    province: Province = None,
    version: Number = None,
) -> object:
    get_base_item(key)
    asked = province or settings.NODE
    row = find_version(key, asked, version)
    if row is None:
        raise Rejected("item_not_defined", item=key, province=asked)
    return _standard(row)


@router.get("/route", auth=None, response=Way, operation_id="find_route")
def way(
    request: Call,  # noqa: ARG001
    item: Key,
    place: Code,
    authority_place: Code,
    on: Day = None,
) -> object:
    found = find_route(item=item, place=place, authority_place=authority_place, on=on)
    return {
        "allowed": found.allowed,
        "modes": list(found.modes),
        "rights": list(found.rights),
        "agreement": found.agreement,
        "why": found.why,
        "reason": say(f"route.{found.why}", **found.facts),
        "opens": found.facts.get("opens") or None,
    }


@router.get("/agreements", auth=None, response=Agreements, operation_id="list_agreements")
def agreements(request: Call) -> object:  # noqa: ARG001
    """All versions; there are some tens of them in the whole country."""
    return {"items": [_agreement(row) for row in agreement_rows()]}


def _agreement(row: AgreementRow) -> dict[str, Any]:
    return {
        "key": row.key,
        "version": row.version,
        "name": row.name,
        "digest": row.digest,
        "starts": row.starts,
        "until": row.until,
        "signed": sorted(entry["node"] for entry in row.signatures),
        "content": parse_json(bytes(row.content)),
    }


def _item(found: Found, province: str) -> dict[str, Any]:
    row = found.item
    return {
        "key": row.key,
        "name": row.name,
        "batch": row.batch,
        "number": row.number,
        "scenario": row.scenario,
        "lead_unit": row.lead_unit,
        "cooperating_units": row.cooperating_units,
        "deadline": row.deadline,
        "state": row.state,
        "defined": province in found.provinces,
        "provinces": list(found.provinces),
    }


def _standard(row: ItemVersion) -> dict[str, Any]:
    content = parse_json(bytes(row.content))
    if not settings.DEMO:
        content.pop("examples", None)
    return {
        "key": row.item_id,
        "province": row.province,
        "version": row.version,
        "status": row.status,
        "digest": row.digest,
        "effective_from": row.effective_from,
        "withdrawn_on": row.withdrawn_on,
        "published_at": row.published_at,
        "heard_at": row.heard_at,
        "definition": content,
    }
