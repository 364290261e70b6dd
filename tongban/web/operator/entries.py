"""A province's whole catalogue: taken in from a file, and held against 五级四同."""

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from tongban.base.actor import Role
from tongban.base.errors import Rejected
from tongban.base.words import say
from tongban.catalogue.actions.importing import Report, import_entries
from tongban.catalogue.queries import inconsistent
from tongban.catalogue.rules.entries import ColumnMap
from tongban.catalogue.sheets import FORMATS, read_mapping
from tongban.journal.actions import record
from tongban.web.door import Visit, only
from tongban.web.lines import address
from tongban.web.mishaps import sentence_of
from tongban.web.paging import PAGE, Pager

MOST_BYTES = 30_000_000
MOST_SHOWN = 100


@require_http_methods(["GET", "POST"])
@only(Role.OPERATOR)
def import_page(request: Visit) -> HttpResponse:
    report, wrong = None, ""
    if request.method == "POST":
        try:
            report = _import(request)
        except Rejected as refusal:
            wrong = sentence_of(refusal)
    faults = (
        [(fault, say(f"import_fault.{fault.reason}", value=fault.value)) for fault in report.faults] if report else []
    )
    content = {
        "report": report,
        "wrong": wrong,
        "faults": faults[:MOST_SHOWN],
        "more": max(len(faults) - MOST_SHOWN, 0),
        "mapping": request.POST.get("mapping", ""),
        "way": request.POST.get("way", "try"),
        "crumbs": [(say("ops.overview"), reverse("ops:overview")), (say("import.title"), "")],
    }
    return render(request, "web/operator/import.html", content, status=422 if wrong else 200)


def _import(request: Visit) -> Report:
    """Raises Rejected("file_unreadable"), which says what to do."""
    file = request.FILES.get("file")
    if file is None or file.size is None or file.size > MOST_BYTES:
        raise Rejected("file_unreadable", why=say("import.no_file"))
    form = (file.name or "").rpartition(".")[2].lower()
    if form not in FORMATS:
        raise Rejected("file_unreadable", why=say("import.wrong_form"))
    text, way = request.POST.get("mapping", ""), request.POST.get("way", "try")
    report = import_entries(
        request.actor,
        province=settings.NODE,
        content=file.read(),
        form=form,
        mapping=read_mapping(text) if text.strip() else ColumnMap(),
        dry_run=way not in ("all", "rows"),
        per_row=way == "rows",
    )
    if report.written:
        record(request.actor, event="catalogue_imported", facts={"new": report.new, "changed": report.changed})
    return report


@require_safe
@only(Role.OPERATOR, Role.AUDITOR)
def consistency(request: Visit) -> HttpResponse:
    after = request.GET.get("after", "")
    found = inconsistent(after=after if after.isascii() and after.isdigit() else "", most=PAGE)
    codes = list(dict.fromkeys(entry.base_code for entry in found))
    here = reverse("ops:consistency")
    content = {
        "found": [(entry, say(f"difference.{entry.column}")) for entry in found],
        "pager": Pager(here if after else "", address(here, after=codes[-1]) if len(codes) == PAGE else ""),
        "crumbs": [(say("ops.overview"), reverse("ops:overview")), (say("import.consistency"), "")],
    }
    return render(request, "web/operator/consistency.html", content)
