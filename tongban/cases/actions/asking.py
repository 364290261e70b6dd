"""An ask: what is wanted of a case whose home is another node."""

import secrets
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.conf import settings

from tongban.base.actor import Actor
from tongban.base.canonical import canonical_json, digest
from tongban.base.times import moment
from tongban.base.uuid7 import uuid7
from tongban.calendar.queries import now
from tongban.cases.models import Ask
from tongban.cases.rules.table import Act
from tongban.exchange.actions import send
from tongban.exchange.rules import Part


def send_ask(
    actor: Actor,
    case_id: UUID,
    act: Act,
    *,
    home: str,
    seen: int | None,
    content: Mapping[str, Any],
    applicant: UUID | None = None,
    organ: str = "",
) -> Ask:
    """Write the ask in the caller's transaction; the home answers it with a step or a signed rejection.

    applicant, organ: the local person, and the local organ that received, for whom the answer is kept.
    """
    body = canonical_json({"salt": secrets.token_hex(16), "content": dict(content)})
    at = now()
    letter = send(
        kind="ask",
        subject=str(case_id),
        letter_id=uuid7(),
        data={
            "case": str(case_id),
            "act": str(act),
            "home": home,
            "from": settings.NODE,
            "seen": seen,
            "made_at": moment(at),
            "by": {"role": str(actor.stands_for), "organ": actor.organ},
            "bodies": {"home": digest(body)},
        },
        receivers=[home],
        parts={home: [Part("home", body)]},
    )
    return Ask.objects.create(
        letter=letter.id,
        case_id=case_id,
        home=home,
        act=act,
        made_by=actor.person,
        applicant=applicant,
        organ=organ,
        made_at=at,
    )
