"""Originals at a counter: taken only where the item demands it, sent only after the home's pre-check, given back."""

from uuid import UUID

from django.db import transaction

from tongban.applications import vault
from tongban.applications.actions.drafting import keep
from tongban.applications.models import Application, Custody
from tongban.applications.queries import get_application
from tongban.base.actor import Actor, Role
from tongban.base.errors import Rejected
from tongban.calendar.queries import now
from tongban.cases.actions import move
from tongban.cases.models import Case
from tongban.cases.rules.state import from_json
from tongban.cases.rules.table import Act
from tongban.catalogue.queries import get_definition

EVENTS = {
    "custody_taken": (frozenset({""}), Custody.Place.HERE),
    "custody_sent": (frozenset({Custody.Place.HERE}), Custody.Place.SENT),
    "custody_arrived": (frozenset({Custody.Place.SENT}), Custody.Place.ARRIVED),
    "custody_returned": (frozenset({Custody.Place.HERE, Custody.Place.ARRIVED}), Custody.Place.RETURNED),
}


@transaction.atomic
def note_custody(
    actor: Actor, application_id: UUID, *, event: str, material: str, count: int = 1, waybill: str = ""
) -> Custody:
    """One movement of an original. After the application has gone, the home is told of it by an ask of its own.

    Raises Rejected("no_original") where the item holds none, ("precheck_first") when it would travel before the home
    has looked at the scans, ("custody_elsewhere") when it is not where the movement begins.
    """
    if actor.stands_for is not Role.CLERK or event not in EVENTS:
        raise Rejected("not_allowed")
    application = Application.objects.select_for_update().get(id=get_application(actor, application_id).id)
    before, after = EVENTS[event]
    held = Custody.objects.filter(application=application, material=material).exclude(place="returned").first()
    if event == "custody_taken":
        if held is not None:
            raise Rejected("custody_elsewhere")
        held = _take(actor, application, material, count)
    elif held is None or held.place not in before:
        raise Rejected("custody_elsewhere")
    if event == "custody_sent":
        _check_may_travel(application, waybill)
        held.waybill = waybill.strip()[:60]
    held.place, held.changed_at = after, now()
    held.save()
    _tell(actor, application, event, held)
    return held


def _take(actor: Actor, application: Application, material: str, count: int) -> Custody:
    definition = get_definition(application.item, application.standard, application.version)[1]
    if material not in {entry.key for entry in definition.materials if entry.original}:
        raise Rejected("no_original")
    if not 1 <= count <= 99 or actor.person is None:
        raise Rejected("invalid", fields={"count": "not_a_choice"})
    running = application.custody_set.count() + 1
    return Custody(
        application=application,
        number=f"Y{str(application.id)[:13]}-{running:02d}",
        material=material,
        count=count,
        taken_at=now(),
        taken_by=actor.person,
    )


def _check_may_travel(application: Application, waybill: str) -> None:
    case = Case.objects.filter(id=application.id).first()
    if case is None or from_json(case.state).precheck != "passed":
        raise Rejected("precheck_first")
    if not waybill.strip():
        raise Rejected("invalid", fields={"waybill": "required"})


def _tell(actor: Actor, application: Application, event: str, held: Custody) -> None:
    facts = {"material": held.material, "number": held.number, "count": held.count, "waybill": held.waybill}
    if application.state == Application.State.DRAFT:
        content = vault.unlock_json(application.content)
        content["custody"] = [entry for entry in content["custody"] if entry["number"] != held.number]
        if event != "custody_returned":
            content["custody"].append(facts)
        keep(application, content)
        return
    move(actor, application.id, Act.RECORD, seen=None, content={"event": event, **facts})
