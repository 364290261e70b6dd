"""Whole catalogues of provinces: searched by everyone, taken in by operators."""

import json
from typing import Annotated, Any

from django.conf import settings
from ninja import Query, Router
from ninja.responses import Status

from tongban.api.public import paging
from tongban.api.public.door import Call
from tongban.api.public.idempotency import Key, once
from tongban.api.public.shapes.entries import Entries, Import, Imported, Inconsistencies
from tongban.api.public.shapes.values import NO_NUL
from tongban.base.words import say
from tongban.catalogue.actions.importing import Report, import_entries
from tongban.catalogue.queries import find_entries, inconsistent
from tongban.catalogue.rules.entries import ColumnMap

router = Router(tags=["catalogue"])

MOST_SKIPPED = 1000
Text = Annotated[str, Query("", max_length=100, pattern=NO_NUL)]
Province = Annotated[str, Query("", pattern=r"^([0-9]{2})?$")]
Place = Annotated[str, Query("", pattern=r"^[0-9]{0,12}$")]


@router.get("/entries", auth=None, response=Entries, operation_id="list_entries")
def entries(
    request: Call,  # noqa: ARG001
    q: Text = "",
    province: Province = "",
    place: Place = "",
    cursor: paging.Cursor = None,
) -> object:
    skip = paging.number(cursor, most=MOST_SKIPPED) or 0
    found = find_entries(q, province=province, place=place, most=paging.PAGE + 1, skip=skip)
    more = len(found) > paging.PAGE and skip + paging.PAGE <= MOST_SKIPPED
    rows = [
        {"province": row.province, "code": row.code, "name": row.name, "content": row.content}
        for row in found[: paging.PAGE]
    ]
    return {"items": rows, "next": paging.pack(str(skip + paging.PAGE)) if more else None}


@router.get("/entries/inconsistencies", auth=None, response=Inconsistencies, operation_id="list_inconsistencies")
def inconsistencies(request: Call, cursor: paging.Cursor = None) -> object:  # noqa: ARG001
    after = paging.unpack(cursor) if cursor else ""
    found = inconsistent(after=after, most=paging.PAGE)
    codes = list(dict.fromkeys(entry.base_code for entry in found))
    rows = [
        {
            "base_code": entry.base_code,
            "column": entry.column,
            "values": [{"value": value, "codes": list(codes)} for value, codes in entry.values],
        }
        for entry in found
    ]
    return {"items": rows, "next": paging.pack(codes[-1]) if len(codes) == paging.PAGE else None}


@router.post("/entries/import", response=Imported, operation_id="import_entries")
def take_in(request: Call, body: Import, key: Key = None) -> Status[object]:
    def do() -> tuple[int, dict[str, Any]]:
        report = import_entries(
            request.auth.actor,
            province=settings.NODE,
            content=json.dumps(body.rows).encode(),
            form="json",
            mapping=ColumnMap(),
            dry_run=body.dry_run,
            per_row=body.per_row,
        )
        return 200, _told(report)

    return once(request, key, do)


def _told(report: Report) -> dict[str, Any]:
    faults = [
        {
            "row": fault.row,
            "column": fault.column,
            "reason": fault.reason,
            "detail": say(f"import_fault.{fault.reason}", value=fault.value),
        }
        for fault in report.faults
    ]
    counts = {name: getattr(report, name) for name in ("rows", "new", "changed", "same", "written")}
    return {**counts, "faults": faults}
