"""`/healthz`: whether this node can answer, for launchers, load balancers and watchers."""

import json

from django.conf import settings
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from tongban.exchange import queries


@require_safe
def healthz(request: HttpRequest) -> HttpResponse:  # noqa: ARG001
    """200 when the database answers, 503 when it does not; outbox_age_seconds: how long the oldest letter waits."""
    content: dict[str, object] = {"node": settings.NODE, "mode": settings.MODE}
    try:
        content |= {"status": "ok", "outbox_age_seconds": queries.outbox_age().total_seconds()}
    except DatabaseError:
        content |= {"status": "database"}
    status = 200 if content["status"] == "ok" else 503
    return HttpResponse(json.dumps(content), status=status, content_type="application/json")
