"""What holds today beside what the plan said in 2020: as a page, as CSV and as JSON."""

import csv
import io
from typing import Any

from django.conf import settings
from django.http import HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from tongban.base.words import say
from tongban.calendar.queries import today
from tongban.catalogue.queries import Listed, the_list
from tongban.catalogue.rules.definition import Definition
from tongban.web.context import nodes
from tongban.web.door import Visit

HUB = "00"
COLUMNS = (
    "key",
    "batch",
    "number",
    "name",
    "lead_unit",
    "cooperating_units",
    "deadline_text",
    "scenario",
    "standing",
    "modes",
    "version",
    "effective_from",
    "successor",
    "note",
)
BOM = "\ufeff"
"""Spreadsheet programs read a CSV without it in a Chinese code page of old."""


def province_of(request: Visit) -> str:
    """The province asked for, or this one; the hub shows the list without a province's standards."""
    asked = request.GET.get("province", "")
    return asked if asked in nodes() and asked != HUB else settings.NODE


@require_safe
def the_list_today(request: Visit) -> HttpResponse:
    province = province_of(request)
    entries = the_list(province)
    batches = [(batch, [_line(entry) for entry in entries if entry.item.batch == batch]) for batch in (1, 2, 3)]
    content = {
        "batches": batches,
        "day": today(),
        "province": province,
        "province_name": nodes().get(province, (province, ""))[0],
        "open": sum(entry.standing == "open" for entry in entries),
        "total": len(entries),
    }
    return render(request, "web/citizen/lists/today.html", content)


def _line(entry: Listed) -> tuple[Listed, str, str]:
    return entry, say(f"listed.{entry.standing}"), _modes(entry.definition)


def _modes(definition: Definition | None) -> str:
    return "、".join(say(f"mode.{mode}") for mode in definition.modes) if definition else ""


@require_safe
def as_csv(request: Visit) -> HttpResponse:
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow([say(f"list_column.{name}") for name in COLUMNS])
    for entry in the_list(province_of(request)):
        row = _row(entry)
        writer.writerow([row[name] for name in COLUMNS])
    answer = HttpResponse(BOM + text.getvalue(), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = 'attachment; filename="kstb-items.csv"'
    return answer


@require_safe
def as_json(request: Visit) -> JsonResponse:
    rows = [_row(entry) for entry in the_list(province_of(request))]
    content = {"province": province_of(request), "on": today().isoformat(), "items": rows}
    return JsonResponse(content, json_dumps_params={"ensure_ascii": False})


def _row(entry: Listed) -> dict[str, Any]:
    item, version = entry.item, entry.version
    return {
        "key": item.key,
        "batch": item.batch,
        "number": item.number,
        "name": item.name,
        "lead_unit": item.lead_unit,
        "cooperating_units": item.cooperating_units,
        "deadline_text": item.deadline_text,
        "scenario": item.scenario,
        "standing": say(f"listed.{entry.standing}"),
        "modes": _modes(entry.definition),
        "version": version.version if version else "",
        "effective_from": version.effective_from.isoformat() if version and version.effective_from else "",
        "successor": item.successor_id or "",
        "note": item.state_note,
    }
