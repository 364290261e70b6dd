"""The step before an application: for whom, for which place, by which mode. Then a draft begins."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from tongban.applications.actions import start
from tongban.applications.rules import SERVED_AS, Channel, modes_for
from tongban.base.words import say
from tongban.catalogue.queries import get_definition
from tongban.catalogue.rules import Definition
from tongban.orgs.queries import place_name
from tongban.people.queries import get_person, masked
from tongban.web.citizen.guide import way_of
from tongban.web.citizen.zone import Where, where_of
from tongban.web.door import Visit, for_persons


@require_http_methods(["GET", "POST"])
@for_persons
def begin(request: Visit, key: str) -> HttpResponse:
    """GET shows what is about to begin, POST begins it; where it cannot, the guide says why."""
    data = request.POST if request.method == "POST" else request.GET
    where = where_of(data)
    if not where.there:
        return redirect(f"/items/{key}/?{where.query}#where")
    where = Where(where.here or where.there, where.there)
    definition = get_definition(key, where.there[:2])[1]
    way = way_of(key, where, definition)
    if way.next != "begin":
        return redirect(f"/items/{key}/?{where.query}#where")
    person = get_person(request.actor, request.actor.subject or request.actor.person or UUID(int=0))
    served = SERVED_AS[person.kind] in definition.served
    if request.method == "POST" and served:
        application = start(
            request.actor,
            item=key,
            place=where.there,
            receiving_place=where.here,
            mode=data.get("mode", ""),
            answers=_known_answers(definition, where),
        )
        return redirect(f"/apply/{application.id}/")
    modes = modes_for(Channel.PORTAL, way.route.modes)
    content: dict[str, Any] = {
        "definition": definition,
        "where": where,
        "here_name": place_name(where.here),
        "there_name": place_name(where.there),
        "way": way,
        "modes": [(str(mode), say(f"mode.{mode}"), say(f"mode_explained.{mode}")) for mode in modes],
        "served": served,
        "person": masked(person),
        "kind_name": say(f"kind.{person.kind}"),
    }
    return render(request, "web/citizen/begin.html", content)


def _known_answers(definition: Definition, where: Where) -> dict[str, Any]:
    """What the person has said already is not asked again."""
    field = definition.field(definition.home.field)
    if definition.home.fan_out and field is not None:
        return {field.name: [where.there]} if len(where.there.rstrip("0")) > len("34") else {}
    return {definition.home.field: where.there}
