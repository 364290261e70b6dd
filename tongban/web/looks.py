"""Personal data is opened after its purpose has been written down, and closes again by itself."""

from datetime import datetime, timedelta
from uuid import UUID

from tongban.base.errors import Rejected
from tongban.calendar.queries import now
from tongban.journal.actions import record_look
from tongban.web.door import Visit

LOOKS = "looks"
STAYS_OPEN = timedelta(minutes=30)
MOST = 50


def look(request: Visit, *, subject: UUID, case: UUID | None, what: str, purpose: str) -> None:
    """Write the look into the journal and keep the matter open for half an hour. Raises Rejected("no_purpose")."""
    record_look(request.actor, subject=subject, case=case, what=what, purpose=purpose)
    looks = {key: until for key, until in _looks(request).items() if datetime.fromisoformat(until) > now()}
    looks[_key(request, case or subject)] = (now() + STAYS_OPEN).isoformat()
    request.session[LOOKS] = dict(list(looks.items())[-MOST:])


def is_open(request: Visit, matter: UUID) -> bool:
    """Whether this person has said, less than half an hour ago, why he looks at the matter."""
    until = _looks(request).get(_key(request, matter))
    return until is not None and datetime.fromisoformat(until) > now()


def check_open(request: Visit, matter: UUID) -> None:
    """Raises Rejected("no_purpose")."""
    if not is_open(request, matter):
        raise Rejected("no_purpose")


def _looks(request: Visit) -> dict[str, str]:
    found: dict[str, str] = request.session.get(LOOKS, {})
    return found


def _key(request: Visit, matter: UUID) -> str:
    return f"{request.actor.person}:{matter}"
