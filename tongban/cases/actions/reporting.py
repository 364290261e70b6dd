"""What the end of an assist case says to its lead: how it ended, why, and what it has put out."""

from collections.abc import Mapping
from typing import Any

from tongban.base.canonical import digest
from tongban.base.errors import Rejected
from tongban.cases import vault
from tongban.cases.models import Body, Case, Step
from tongban.cases.rules.bodies import Audience
from tongban.cases.rules.contents import known_members
from tongban.cases.rules.parts import PartStatus
from tongban.cases.rules.state import from_json
from tongban.cases.rules.table import Act

OUTCOMES = {"granted": PartStatus.DONE, "partial": PartStatus.PARTIAL}
DECISIONS = (Act.GRANT, Act.DENY, Act.SEND_BACK)


def report_of(case: Case, *, shown: bool) -> dict[str, Any]:
    """outcome; of a refusal the reason; which of many persons were denied; of a document its last day and, where the
    person may see it (shown), its page.

    Of what another home says, only what has its form is taken over, and a page only when it is the one that it signed.
    """
    outcome = OUTCOMES.get(from_json(case.state).outcome or "", PartStatus.REFUSED)
    step = Step.objects.filter(case=case, act__in=DECISIONS).order_by("no").last()
    if step is None:
        return {"outcome": outcome}
    body = Body.objects.filter(step=step, audience=Audience.DECIDING).first()
    said = vault.unlock_json(body.content, place="body") if body else {}
    if outcome is PartStatus.REFUSED:
        return {"outcome": outcome, **_well_formed("reason", said.get("reason"))}
    found = {"outcome": outcome, **_well_formed("denied", said.get("denied"))}
    found |= _well_formed("valid_until", step.header.get("facts", {}).get("valid_until"))
    if shown:
        found |= _signed_page(step, said.get("document"))
    return found


def _signed_page(step: Step, document: object) -> dict[str, Any]:
    found = _well_formed("co_document", document)
    listed = step.header.get("documents") or []
    pages = {entry.get("digest") for entry in listed if isinstance(entry, Mapping)}
    return found if found and digest(found["co_document"]["html"].encode()) in pages else {}


def _well_formed(name: str, value: object) -> dict[str, Any]:
    try:
        return known_members({name: value})
    except Rejected:
        return {}
