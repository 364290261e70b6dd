"""What the worker does for retention by itself."""

from datetime import datetime

from django.conf import settings

from tongban.base.actor import system
from tongban.retention.actions import erase_some, rules


def erase_expired(now: datetime) -> bool:
    """A batch of each rule; whether more waits. A shifted test clock counts for nothing here: days really pass."""
    return any([erase_some(rule, now=now) > 0 for rule in rules(system(settings.NODE))])
