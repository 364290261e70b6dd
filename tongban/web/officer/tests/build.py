"""An officer with a browser, and what he meets."""

from django.test import Client

from tongban.base.actor import Actor, Role
from tongban.base.uuid7 import uuid7
from tongban.cases.models import Case
from tongban.cases.tests.build import an_officer
from tongban.orgs.models import Organ
from tongban.orgs.tests.build import some_organs
from tongban.people.models import Account


def logged_in(actor: Actor, *, username: str = "") -> Client:
    """A browser in which the officer, clerk or operator has logged in."""
    account = Account.objects.create(
        username=username or f"u-{uuid7()}",
        name="示例承办人员",
        role=actor.role,
        officer_id=actor.person,
        organ=actor.organ or "",
    )
    client = Client()
    client.force_login(account)
    return client


def an_officer_at_his_desk(*acts: str, region: str = "34") -> Client:
    if not Organ.objects.exists():
        some_organs()
    return logged_in(an_officer(*acts, region=region))


def an_operator() -> Client:
    return logged_in(Actor(role=Role.OPERATOR, node="34", person=uuid7()))


def address_of(case: Case, *rest: str) -> str:
    return "/".join([f"/office/cases/{case.id}", *rest, ""])


def act(client: Client, case: Case, name: str, **typed):
    """Send the form of an act, as it was opened before anything else happened."""
    return client.post(address_of(case, "acts", name), {"seen": Case.objects.get(id=case.id).head, **typed})


def open_dossier(client: Client, case: Case, purpose: str = "审查本办件"):
    return client.post(address_of(case, "dossier"), {"purpose": purpose})
