"""Another node asks, for a person, who looked at his cases here (protocol, section 17)."""

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_POST

from tongban.api.nodes import door
from tongban.base.canonical import canonical_json
from tongban.looks.queries import told_to
from tongban.looks.rules import answer_as_json, read_question


@require_POST
@door.from_node
def looks(request: HttpRequest, peer: str) -> HttpResponse:
    """An answer for each case of the question; a body, since an address may be written down anywhere."""
    answers = told_to(peer, read_question(door.body_of(request)))
    return HttpResponse(canonical_json(answer_as_json(answers, at=timezone.now())), content_type="application/json")
