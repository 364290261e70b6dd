"""Every address of a node, asked for by every kind of visitor: nobody gets in where he has no business."""

import re
from uuid import UUID

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from tongban.base.actor import Role
from tongban.exchange.tests.build import a_federation
from tongban.people.models import Account

pytestmark = pytest.mark.django_db

SOMEBODY = UUID(int=7)
VALUES = {"int": "1", "slug": "x", "str": "x"}
PLACE = re.compile(r"<(?:(\w+):)?\w+>")
VISITORS = (None, Role.APPLICANT, Role.CLERK, Role.OFFICER, Role.OPERATOR, Role.AUDITOR)
CLOSED = {
    "/counter/": {Role.CLERK},
    "/office/": {Role.OFFICER},
    "/ops/": {Role.OPERATOR, Role.AUDITOR},
    "/apply/": {Role.APPLICANT},
    "/receipts/": {Role.APPLICANT},
    "/my/": {Role.APPLICANT},
    "/cases/": {Role.APPLICANT},
}
"""How the addresses begin that are for some only, and for whom."""

WITHOUT_TOKEN = ("/api/v1/openapi.json", "/api/v1/items", "/api/v1/route", "/api/v1/sessions", "/nodes/v1/directory")
KEPT_OUT = (302, 401, 403, 404, 405)


def addresses() -> list[str]:
    return sorted({address for address in _under(get_resolver(), "/") if address != "/logout/"})


def may_enter(role: Role | None, address: str) -> bool:
    """Programs and nodes come with a token or a signature, which nobody here has."""
    if address.startswith(("/api/v1/", "/nodes/v1/")):
        return address.startswith(WITHOUT_TOKEN)
    begins = next((begins for begins in CLOSED if address.startswith(begins)), None)
    return begins is None or role in CLOSED[begins]


def _under(resolver: URLResolver, begins: str):
    for entry in resolver.url_patterns:
        address = begins + _filled(entry)
        if isinstance(entry, URLPattern):
            yield address
        else:
            yield from _under(entry, address)


def _filled(entry) -> str:
    return PLACE.sub(lambda found: VALUES.get(found[1] or "str", str(SOMEBODY)), str(entry.pattern))


def visitor(role: Role | None) -> Client:
    client = Client(raise_request_exception=False)
    if role is not None:
        person = SOMEBODY if role is Role.APPLICANT else None
        client.force_login(Account.objects.create(username=role, name="示例某某", role=role, person_id=person))
    return client


@pytest.fixture(autouse=True)
def federation(settings, tmp_path):
    a_federation(settings, tmp_path)


def test_the_closed_addresses_are_all_there():
    for begins in CLOSED:
        assert any(address.startswith(begins) for address in addresses()), begins


@pytest.mark.parametrize("role", VISITORS, ids=str)
def test_no_address_breaks_and_none_opens_to_the_wrong_visitor(role):
    client = visitor(role)
    wrong = []
    for address in addresses():
        for ask in (client.get, client.post):
            status = ask(address).status_code
            if status >= 500 or not (may_enter(role, address) or status in KEPT_OUT):
                wrong.append((ask.__name__, address, status))
    assert wrong == []


@pytest.mark.parametrize("role", VISITORS, ids=str)
def test_the_pages_for_a_role_open_to_it(role):
    client = visitor(role)
    first = {"/counter/": Role.CLERK, "/office/": Role.OFFICER, "/ops/": Role.OPERATOR, "/my/": Role.APPLICANT}
    for address, owner in first.items():
        expected = 200 if owner is role else 302 if role is None else 403
        if (address, role) != ("/ops/", Role.AUDITOR):
            assert client.get(address).status_code == expected, address
