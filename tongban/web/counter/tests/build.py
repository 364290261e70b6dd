"""A clerk at a counter in Hefei, with a person before him; Shanghai (31) publishes the item under an agreement."""

from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from tongban.applications.models import Application
from tongban.applications.queries import content_of
from tongban.base.actor import Actor, Role, Via
from tongban.base.uuid7 import uuid7
from tongban.cases.tests.build import FEIXI, in_force, publish
from tongban.catalogue.models import BaseItem
from tongban.catalogue.rules.words import vector
from tongban.catalogue.tests.build import an_agreement_content
from tongban.exchange.tests.build import a_federation
from tongban.orgs.models import Organ
from tongban.orgs.tests.build import HEFEI, some_organs
from tongban.people.models import Account
from tongban.people.tests.build import PHONE, WANG, a_person
from tongban.web.officer.tests.build import logged_in

ITEM = "kstb-1-37"
ANSWERS = {
    "operation": "personal",
    "premises": "shop",
    "permit": "no",
    "address": "示例路1号",
    "scope": "小吃服务",
    "employees": "2",
}
PERSON = {
    "kind": "natural",
    "name": "示例王芳",
    "id_type": "identity_card",
    "id_number": WANG,
    "phone": PHONE,
    "way": "card_seen",
}


def a_counter(settings: Any, folder: Any, **item_changes: Any) -> None:
    """The ground: organs, the item here and in Shanghai, an agreement between both."""
    a_federation(settings, folder)
    some_organs()
    publish(**item_changes)
    publish(province="31", **item_changes)
    in_force(an_agreement_content())
    BaseItem.objects.filter(key=ITEM).update(search=vector(("个体工商户设立登记", "", "", ""), []))


def a_clerk() -> Actor:
    hall = Organ.objects.get(kind="service_hall", division_id=HEFEI)
    return Actor(role=Role.CLERK, node="34", person=uuid7(), organ=hall.code, via=Via.COUNTER)


def a_clerk_at_the_counter(actor: Actor | None = None) -> Client:
    return logged_in(actor or a_clerk())


def an_account(password: str = "open-sesame", **more: Any) -> Account:
    """A citizen's own log-in, of 示例王芳."""
    account = Account(username="wang", name="示例王芳", role=Role.APPLICANT, person_id=a_person().id, **more)
    account.set_password(password)
    account.save()
    return account


def begin(client: Client, place: str = FEIXI) -> Application:
    answer = client.post("/counter/new/", {"item": ITEM, "place": place})
    return Application.objects.get(id=answer.url.rstrip("/").rpartition("/")[2])


def press(client: Client, application: Application, do: str = "save", **typed: Any) -> Any:
    """Send the intake's one form as a browser does: with what the page shows, unless something else is typed."""
    application.refresh_from_db()
    shown = client.get(address_of(application)).context["shown"]
    answers = content_of(application)["answers"]
    data = {"do": do, "seen": application.revision, "shown": shown, **answers, **typed}
    return client.post(address_of(application), data)


def address_of(application: Application, *rest: str) -> str:
    return "/".join([f"/counter/intakes/{application.id}", *rest, ""])


def a_scan_of(name: str) -> SimpleUploadedFile:
    return SimpleUploadedFile(f"{name}.pdf", b"%PDF-1.4 " + name.encode(), content_type="application/pdf")


def everything(place: str = FEIXI) -> dict[str, Any]:
    """All that a person brings along for the item."""
    return {
        **PERSON,
        **ANSWERS,
        "business_place": place,
        "material.application": a_scan_of("application"),
        "material.premises_proof": a_scan_of("premises_proof"),
        "compared.application": "yes",
    }


def filled(client: Client, place: str = FEIXI) -> Application:
    """An intake with everything: first the situation, then what it leads to."""
    application = begin(client, place)
    press(client, application, **ANSWERS)
    press(client, application, **everything(place))
    application.refresh_from_db()
    return application


def handed_in(client: Client, place: str = FEIXI) -> Application:
    application = filled(client, place)
    press(client, application, "submit")
    application.refresh_from_db()
    return application
