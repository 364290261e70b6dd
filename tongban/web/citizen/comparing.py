"""One item in two provinces, side by side: in what the standards differ."""

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from tongban.catalogue.queries import definition_in, find_version, get_base_item, provinces_of
from tongban.catalogue.rules.comparing import differences
from tongban.web.context import nodes
from tongban.web.door import Visit


@require_safe
def compare(request: Visit, key: str) -> HttpResponse:
    item, known = get_base_item(key), provinces_of(key)
    ours = next((code for code in (request.GET.get("a", ""), settings.NODE, *known) if code in known), "")
    rest = [code for code in known if code != ours]
    theirs = next((code for code in (request.GET.get("b", ""), *rest) if code in rest), "")
    here, there = (find_version(key, code) if code else None for code in (ours, theirs))
    content = {
        "item": item,
        "choices": [(code, nodes().get(code, (code, ""))[0]) for code in known],
        "a": ours,
        "b": theirs,
        "here": here,
        "there": there,
        "here_name": nodes().get(ours, (ours, ""))[0],
        "there_name": nodes().get(theirs, (theirs, ""))[0],
        "differences": differences(definition_in(here), definition_in(there)) if here and there else (),
    }
    return render(request, "web/citizen/compare.html", content)
