"""Applications that several sign: 示例王芳 fills in, 示例李强 is named as the other."""

from datetime import date
from typing import Any

from tongban.applications.actions import attach, start
from tongban.applications.models import Application
from tongban.base.actor import Actor, Role, Via
from tongban.base.uuid7 import uuid7
from tongban.cases.tests.build import FEIXI, publish
from tongban.files.actions import keep
from tongban.orgs.models import Organ
from tongban.orgs.tests.build import HEFEI
from tongban.people.tests.build import LI, a_person

ITEM = "kstb-1-37"
CO_APPLICANTS = {"source": "示例", "co_applicants": ["members"]}
CHILD_BORN = date(2015, 6, 1)
OTHER = {"name": "示例李强", "id_number": LI, "relation": "spouse"}
ANSWERS = {
    "operation": "family",
    "premises": "shop",
    "permit": "no",
    "address": "示例路1号",
    "scope": "小吃服务",
    "employees": "2",
    "business_place": FEIXI,
    "members": [OTHER],
}


def publish_signed(*, province: str = "34", **changes: Any) -> None:
    """The item with somebody who signs beside the applicant. changes: of `[parties]`, or of modes and fields."""
    item = {name: changes.pop(name) for name in ("modes", "fields") if name in changes}
    publish(province=province, parties={**CO_APPLICANTS, **changes}, **item)


def wang() -> Actor:
    return a_log_in(a_person().id)


def li() -> Actor:
    return a_log_in(a_person(name="示例李强", id_number=LI).id)


def a_log_in(person: Any, **more: Any) -> Actor:
    return Actor(role=Role.APPLICANT, node="34", person=person, via=Via.WEB, **more)


def a_clerk() -> Actor:
    hall = Organ.objects.get(kind="service_hall", division_id=HEFEI)
    return Actor(role=Role.CLERK, node="34", person=uuid7(), organ=hall.code, via=Via.COUNTER)


def a_scan(actor: Actor, application: Application, material: str, content: str = "") -> Application:
    file = keep(actor, b"%PDF-1.4 " + (content or material).encode(), media_type="application/pdf")
    return attach(actor, application.id, material=material, digest=file.digest, name=f"{material}.pdf")


def filled_in(actor: Actor, *, place: str = FEIXI, **answers: Any) -> Application:
    """Complete, and not signed by anybody."""
    given = {**ANSWERS, "business_place": place, **answers}
    application = start(actor, item=ITEM, place=place, receiving_place=FEIXI, answers=given)
    for material in ("application", "premises_proof"):
        a_scan(actor, application, material)
    application.refresh_from_db()
    return application
