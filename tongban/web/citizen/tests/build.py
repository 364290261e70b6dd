"""A citizen of Hefei with a browser; Shanghai (31) publishes the item under an agreement."""

from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from tongban.applications.models import Application
from tongban.base.actor import Actor, Role, Via
from tongban.base.uuid7 import uuid7
from tongban.cases.models import Case
from tongban.cases.tests.build import FEIXI, ITEM, in_force, publish
from tongban.catalogue.models import BaseItem
from tongban.catalogue.rules.words import vector
from tongban.catalogue.tests.build import an_agreement_content
from tongban.exchange.tests.build import a_federation
from tongban.orgs.tests.build import some_organs
from tongban.people.models import Account
from tongban.people.tests.build import a_person

SITUATION = {"operation": "personal", "premises": "shop", "permit": "no"}
FORM = {"business_place": FEIXI, "address": "示例路1号", "scope": "小吃服务", "employees": "2"}


def some_ground(settings: Any, folder: Any, **item_changes: Any) -> None:
    """Places and organs, the item here and in Shanghai, an agreement between both."""
    a_federation(settings, folder)
    some_organs()
    publish(**item_changes)
    publish(province="31", **item_changes)
    in_force(an_agreement_content())
    name = "个体工商户设立登记"
    BaseItem.objects.filter(key=ITEM).update(name=name, search=vector((name, "", "", ""), []))


def an_account(person: Any = None) -> Account:
    """A log-in of a person, of 示例王芳 when nobody else is named."""
    owner = person or a_person().id
    return Account.objects.create(username=f"u{uuid7()}"[:60], name="示例", role=Role.APPLICANT, person_id=owner)


def a_visitor() -> Client:
    return Client()


def a_citizen(person: Any = None) -> Client:
    client = Client()
    client.force_login(an_account(person))
    return client


def the_actor() -> Actor:
    return Actor(role=Role.APPLICANT, node="34", person=a_person().id, via=Via.WEB)


def begin(client: Client, place: str = FEIXI, *, item: str = ITEM) -> Application:
    answer = client.post(f"/items/{item}/begin/", {"from": FEIXI, "at": place})
    return Application.objects.get(id=answer.url.rstrip("/").rpartition("/")[2])


def address(application: Application, step: str) -> str:
    return f"/apply/{application.id}/{step}/"


def send(client: Client, application: Application, step: str, typed: dict[str, Any], **more: Any) -> Any:
    """Send a page as a browser does: with the marks that it shows."""
    page = client.get(address(application, step))
    application.refresh_from_db()
    marks = {"seen": application.revision, "shown": page.context.get("shown", [])}
    return client.post(address(application, step), {**marks, **typed, **more})


def a_scan(name: str = "a") -> SimpleUploadedFile:
    return SimpleUploadedFile(f"{name}.pdf", b"%PDF-1.4 " + name.encode(), content_type="application/pdf")


def fill_in(client: Client, place: str = FEIXI) -> Application:
    """An application with everything, not handed in yet."""
    application = begin(client, place)
    send(client, application, "situations", SITUATION)
    send(client, application, "form", {**FORM, "business_place": place})
    scans = {"material.application": a_scan("a"), "material.premises_proof": a_scan("b")}
    send(client, application, "materials", scans)
    return application


def hand_in(client: Client, place: str = FEIXI) -> Application:
    application = fill_in(client, place)
    send(client, application, "check", {"agree": "yes"})
    application.refresh_from_db()
    return application


def a_case_of(client: Client) -> Case:
    return Case.objects.get(id=hand_in(client).id)
