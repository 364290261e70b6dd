"""The directory of nodes, open to everyone: it proves itself by the hub's signature (protocol, section 2)."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from tongban.api.nodes import problems
from tongban.base.canonical import canonical_json
from tongban.base.errors import NotYet
from tongban.exchange import queries


@require_safe
def directory(request: HttpRequest) -> HttpResponse:  # noqa: ARG001
    try:
        sealed = queries.sealed_directory()
    except NotYet as refusal:
        return problems.respond(problems.problem_of(refusal))
    return HttpResponse(canonical_json(sealed.as_json()), content_type="application/jose+json")
