"""All other services of a province's catalogue, found by words: where to ask for what is not on the list."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from tongban.catalogue.queries import find_entries
from tongban.web.door import Visit
from tongban.web.paging import PAGE, numbered

LAST_PAGE = 50


@require_safe
def entries(request: Visit) -> HttpResponse:
    text, asked = request.GET.get("q", "").strip()[:60], request.GET.get("page", "1")
    page = min(max(int(asked), 1), LAST_PAGE) if asked.isascii() and asked.isdigit() and len(asked) < 5 else 1
    found = find_entries(text, most=PAGE + 1, skip=(page - 1) * PAGE) if text else []
    content = {
        "q": text,
        "found": found[:PAGE],
        "pager": numbered("/catalogue/", {"q": text}, page, more=len(found) > PAGE and page < LAST_PAGE),
    }
    return render(request, "web/citizen/entries.html", content)
