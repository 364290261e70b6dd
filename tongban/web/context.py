"""What every page shows: which node this is, who is here, and whether it is only a demonstration."""

import csv
import functools
from typing import Any

from django.conf import settings
from django.http import HttpRequest

from tongban.base.actor import Actor, Role
from tongban.exchange.queries import is_recovering


def page(request: HttpRequest) -> dict[str, Any]:
    actor = getattr(request, "actor", None) or Actor(role=Role.ANYONE, node=settings.NODE)
    name, phone = nodes().get(settings.NODE, (settings.NODE, ""))
    return {
        "actor": actor,
        "node": settings.NODE,
        "node_name": name,
        "node_phone": phone,
        "is_hub": settings.NODE == "00",
        "demo": settings.DEMO,
        "node_mode": settings.MODE,
        "recovering": is_recovering(),
        "account_name": getattr(getattr(request, "user", None), "name", ""),
    }


@functools.cache
def nodes() -> dict[str, tuple[str, str]]:
    """Code of a node -> its name and the telephone of its inquiry desk."""
    with settings.NODES.open(encoding="utf-8", newline="") as file:
        return {row["code"]: (row["name"], row["phone"]) for row in csv.DictReader(file)}
