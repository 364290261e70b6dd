"""People with log-ins at a node, and what they send it."""

import json
from dataclasses import dataclass, field
from datetime import timedelta

from django.test import Client
from django.utils import timezone

from tongban.api.models import Token
from tongban.base.actor import Role
from tongban.base.canonical import digest
from tongban.base.uuid7 import uuid7
from tongban.cases.tests.build import FEIXI, XUHUI, in_force, publish
from tongban.catalogue.tests.build import an_agreement_content
from tongban.exchange.tests.build import a_federation
from tongban.orgs.actions import make_demo_officer
from tongban.orgs.models import Organ
from tongban.orgs.tests.build import ANHUI, HEFEI, NODE, some_organs
from tongban.people.models import Account
from tongban.people.tests.build import LI, WANG, a_person

__all__ = ["FEIXI", "XUHUI"]
BASE = "/api/v1"
PDF = "application/pdf"
SHOWN_AT_COUNTER = {"kind": "natural", "name": "示例王芳", "id_type": "identity_card", "id_number": WANG}
ANSWERS = {
    "operation": "personal",
    "premises": "shop",
    "permit": "no",
    "address": "示例路1号",
    "scope": "小吃服务",
    "employees": "2",
}


@dataclass
class Visitor:
    """A program that calls this node, with a token or without."""

    token: str = ""
    account: Account | None = None
    http: Client = field(default_factory=Client)

    def get(self, path, **query):
        return self.http.get(BASE + path, query, headers=self._headers())

    def read(self, path) -> bytes:
        return b"".join(self.get(path).streaming_content)

    def all(self, path, **query):
        """Every entry of a list, page after page."""
        cursor = None
        while True:
            page = self.get(path, **query, **({"cursor": cursor} if cursor else {})).json()
            yield from page["items"]
            cursor = page["next"]
            if not cursor:
                return

    def post(self, path, body=None, key=""):
        return self.raw("POST", path, json.dumps(body or {}).encode(), key=key)

    def put(self, path, body):
        return self.raw("PUT", path, json.dumps(body).encode())

    def delete(self, path):
        return self.http.delete(BASE + path, headers=self._headers())

    def raw(self, method, path, content, *, content_type="application/json", key=""):
        headers = self._headers() | ({"Idempotency-Key": key} if key else {})
        return self.http.generic(method, BASE + path, content, content_type=content_type, headers=headers)

    def upload(self, text="示例扫描件", *, key=""):
        return self.raw("POST", "/files", b"%PDF-1.4 " + text.encode(), content_type=PDF, key=key)

    def _headers(self):
        return {"Authorization": f"Bearer {self.token}"} if self.token else {}


def ground(settings, folder) -> None:
    """Node 34 with organs, a published item here and in 31, and an agreement between the two."""
    a_federation(settings, folder)
    some_organs()
    publish()
    publish(province="31")
    in_force(an_agreement_content())


def a_visitor(role: Role, **account) -> Visitor:
    """Somebody of the role with an account and a token of his own."""
    made = Account.objects.create(username=f"{role}-{uuid7()}", name="示例某某", role=role, **account)
    return Visitor(token_for(made), made)


def token_for(account: Account, *, hours=12) -> str:
    text, at = f"token-{uuid7()}", timezone.now()
    Token.objects.create(
        digest=digest(text.encode()), account=account, made_at=at, expires_at=at + timedelta(hours=hours)
    )
    return text


def wang() -> Visitor:
    """示例王芳, at her own keyboard."""
    return a_visitor(Role.APPLICANT, person_id=a_person().id)


def li() -> Visitor:
    return a_visitor(Role.APPLICANT, person_id=a_person(id_number=LI, name="示例李强").id)


def a_clerk() -> Visitor:
    hall = Organ.objects.get(kind="service_hall", division_id=HEFEI)
    return a_visitor(Role.CLERK, organ=hall.code, officer_id=uuid7())


def an_officer(**changes) -> Visitor:
    """Of the police of the province, for everything in Anhui unless told otherwise."""
    organ = Organ.objects.get(kind="public_security", division_id=ANHUI)
    granted = {"username": f"officer-{uuid7()}", "name": "示例", "organ": organ.code, "region": "34", **changes}
    officer = make_demo_officer(NODE, **granted)
    return a_visitor(Role.OFFICER, organ=organ.code, officer_id=officer.id)


def an_operator() -> Visitor:
    return a_visitor(Role.OPERATOR)


def an_auditor() -> Visitor:
    return a_visitor(Role.AUDITOR)


def draft(*, place=FEIXI, **changes) -> dict:
    """The body of an application for a shop, complete but for its papers."""
    return {
        "item": "kstb-1-37",
        "province": place[:2],
        "place": place,
        "receiving_place": FEIXI,
        "answers": {**ANSWERS, "business_place": place},
        "materials": [],
        **changes,
    }


def papers(visitor: Visitor, *keys: str) -> list[dict]:
    return [
        {"key": key, "digest": visitor.upload(f"{key} {uuid7()}").json()["digest"], "name": f"{key}.pdf"}
        for key in keys or ("application", "premises_proof")
    ]


def begun(visitor: Visitor, **changes) -> str:
    """The id of an application that lacks nothing."""
    answer = visitor.post("/applications", draft(materials=papers(visitor), **changes))
    assert answer.status_code == 201, answer.content
    return answer.json()["case_id"]


def handed_in(visitor: Visitor, **changes) -> str:
    case = begun(visitor, **changes)
    answer = visitor.post(f"/applications/{case}/submit")
    assert answer.status_code in (201, 202), answer.content
    return case


def act(visitor: Visitor, case: str, name: str, *, seen=None, key="", **content):
    """The act, resting on what the visitor sees now unless told otherwise."""
    seen = seen or visitor.get(f"/cases/{case}").json().get("head", 1)
    return visitor.post(f"/cases/{case}/acts", {"act": name, "seen": seen, "content": content}, key=key)
