"""依职权: a case that nobody applied for. The authority opens it, says why, and tells the person concerned."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.conf import settings
from django.db import transaction

from tongban.base.actor import Actor, Role, Via
from tongban.base.errors import Rejected
from tongban.base.uuid7 import uuid7
from tongban.calendar.queries import now, today
from tongban.cases.actions.opening import open_case
from tongban.cases.actions.supplying import with_files
from tongban.cases.actions.taking import take
from tongban.cases.models import Step
from tongban.cases.rules.opening import Opening, Receiving
from tongban.cases.rules.table import Act
from tongban.catalogue.queries import get_definition
from tongban.catalogue.rules.answers import check_answers, tidy_answers
from tongban.catalogue.rules.definition import Definition
from tongban.orgs.queries import find_division, permissions_of
from tongban.orgs.rules import covers

CHANNEL = "ex_officio"


@transaction.atomic
def initiate(
    actor: Actor,
    *,
    item: str,
    place: str,
    concerned: Mapping[str, Any],
    answers: Mapping[str, Any],
    reason: str,
    materials: Sequence[Mapping[str, Any]] = (),
) -> Step:
    """Open the case at this home and begin to decide it; the step that tells the person concerned.

    concerned: kind, name, id_type, id_number, phone. materials: key, digest and name of files kept here.
    Raises Rejected("not_allowed"), ("not_ex_officio") where the item is for applications alone, ("invalid").
    """
    if actor.role is not Role.OFFICER or actor.via is Via.LETTER or actor.person is None:
        raise Rejected("not_allowed")
    if place[:2] != settings.NODE or find_division(place) is None:
        raise Rejected("invalid", fields={"place": "not_a_place"})
    version, definition = get_definition(item, settings.NODE)
    if definition.parties is None or not definition.parties.ex_officio:
        raise Rejected("not_ex_officio")
    if not covers(permissions_of(actor.person), act=str(Act.OPEN), item=item, place=place):
        raise Rejected("not_allowed")
    if not reason.strip():
        raise Rejected("invalid", fields={"reason": "required"})
    case_id = uuid7()
    opening = Opening(
        case_id=case_id,
        item=item,
        version=version,
        standard=settings.NODE,
        place=place,
        mode=str(definition.modes[0]),
        applicant={**concerned, "phone": concerned.get("phone") or None},
        answers=_answers(definition, place, answers),
        materials=with_files({"materials": list(materials)}, case_id=case_id, home=settings.NODE)["materials"],
        receiving=Receiving(node=settings.NODE, place=place, organ="", number="", at=now(), channel=CHANNEL),
    )
    first = open_case(actor, opening, ex_officio=True)
    return take(actor, case_id, Act.ACCEPT, seen=first.no, content={"reason": reason})


def _answers(definition: Definition, place: str, answers: Mapping[str, Any]) -> dict[str, Any]:
    """What the form of the item asks, the place being that of the authority. Raises Rejected("invalid")."""
    found = tidy_answers(definition, {**answers, definition.home.field: place})
    wrong = check_answers(definition, found, demo=settings.DEMO, on=today())
    if wrong:
        raise Rejected("invalid", fields={f"answers.{path}": why for path, why in wrong.items()})
    return found
