"""Where one may be served for where: the lists and agreements, for everybody to read."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from tongban.calendar.queries import today
from tongban.catalogue.queries import agreements, item_names
from tongban.web.door import Visit
from tongban.web.pacts import shown, standing_of


@require_safe
def pacts(request: Visit) -> HttpResponse:
    """The newest version of every agreement that holds or will hold."""
    names, day = item_names(), today()
    known = [entry for entry in agreements() if standing_of(entry, day) in ("in_force", "ahead")]
    newest = {entry.agreement.key: entry for entry in known}
    order = sorted(newest.values(), key=lambda entry: (entry.agreement.kind != "national", entry.agreement.key))
    return render(request, "web/citizen/pacts.html", {"pacts": [shown(entry, names, day) for entry in order]})
