"""Items that are answered at once: by the department's system, or by the record of where the matter is really done."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.conf import settings

from tongban.base.actor import system
from tongban.cases.actions.consequences import read_dossier
from tongban.cases.actions.taking import take
from tongban.cases.models import Case
from tongban.cases.queries.situations import definition_of
from tongban.cases.rules.table import Act
from tongban.catalogue.rules.definition import Definition
from tongban.catalogue.rules.kinds import Pattern
from tongban.catalogue.rules.taking_part import subject
from tongban.people.rules import Kind
from tongban.sharing.queries import look_up


def _whom(definition: Definition, dossier: Mapping[str, Any]) -> Mapping[str, Any]:
    """Of whom the department is asked: the one whom the matter is about, where another applies for him."""
    concerned = subject(definition, dossier["answers"])
    if concerned is None or not concerned.number:
        applicant: Mapping[str, Any] = dossier["applicant"]
        return applicant
    return {"kind": Kind.NATURAL, "name": concerned.name, "id_type": "identity_card", "id_number": concerned.number}


def answer_at_once(case_id: UUID) -> None:
    """Answer a newly opened case without an officer; a check that the data do not pass is left to one, on record.

    Raises NotYet when the department's system is away, Rejected when somebody was quicker.
    """
    case = Case.objects.get(id=case_id)
    definition = definition_of(case)
    me = system(settings.NODE)
    if case.pattern == Pattern.HANDOFF and definition.handoff:
        handed = {"handed_to": definition.handoff.to, "channels": list(definition.handoff.channels)}
        take(me, case_id, Act.ANSWER, seen=case.head, content=handed)
        return
    dossier = read_dossier(case)
    found = look_up(
        item=case.item,
        organ=definition.authority.organ,
        subject=_whom(definition, dossier),
        answers=dossier["answers"],
    )
    content: dict[str, Any] = {"matched": found.matched, "text": found.note}
    content["records"] = [dict(record) for record in found.records]
    if case.pattern == Pattern.CHECK and not found.matched:
        take(me, case_id, Act.RECORD, seen=case.head, content={"event": "check_failed", "text": found.note})
        return
    take(me, case_id, Act.ANSWER, seen=case.head, content=content)
