"""What the worker does for the catalogue by itself."""

from datetime import datetime

from django.conf import settings

from tongban.base.actor import system
from tongban.catalogue import actions, queries

AT_ONCE = 20


def publish_drafts(_now: datetime) -> bool:
    """Publish the standards whose day has come; whether more wait."""
    waiting = queries.drafts_to_publish(most=AT_ONCE)
    for draft in waiting:
        actions.publish_draft(system(settings.NODE), draft)
    return len(waiting) == AT_ONCE
