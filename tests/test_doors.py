"""Every address of a node, knocked at by everybody: the table `doors.txt` says what each of them is answered.

A new address needs a line there before this passes.
"""

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from tongban.api.public.tests.build import (
    Visitor,
    a_clerk,
    act,
    an_auditor,
    an_officer,
    an_operator,
    begun,
    draft,
    ground,
    handed_in,
    li,
    wang,
)
from tongban.applications.models import Signature
from tongban.calendar.queries import now
from tongban.cases.tests.build import FEIXI, publish
from tongban.orgs.models import Grant
from tongban.orgs.tests.build import ANHUI
from tongban.people.tests.build import WANG

pytestmark = pytest.mark.django_db

DOORS = Path(__file__).parent / "doors.txt"
METHODS = ("GET", "POST", "PUT", "DELETE")
KINDS = ("anyone", "applicant", "other", "clerk", "officer", "operator", "auditor")
API = "api/v1/"
CASE, APPLICATION = API + "cases/{case_id}", API + "applications/{case_id}"
BODIES = {
    API + "sessions": {"username": "nobody", "password": "nothing"},
    API + "applications": draft(),
    API + "demo/clock": {"days": 1},
    APPLICATION: draft(),
    APPLICATION + "/return": {"reason": "示例"},
    APPLICATION + "/custody": {"event": "custody_taken", "material": "application"},
    CASE + "/acts": {"act": "grant", "content": {}},
    API + "cases": {
        "item": "kstb-1-37",
        "place": FEIXI,
        "concerned": {"kind": "natural", "name": "示例", "id_type": "identity_card", "id_number": WANG},
        "reason": "示例",
    },
    API + "drafts": {"item": "kstb-1-37"},
    API + "drafts/{draft_id}": {"text": "示例", "seen": 1, "base": 1},
    API + "drafts/{draft_id}/acts": {"act": "withdraw", "seen": 1, "said": "示例"},
    API + "signatures/{matter}": {"digest": "0" * 64},
    API + "bundles": {"event": "open_business", "place": FEIXI},
    API + "bundles/{made_id}/parts/{part}": {"do": "let_go"},
}
"""What a program sends to an address that wants a body."""
EX_OFFICIO = "kstb-1-16"
"""An item of which an authority may open a case by itself."""


def test_everybody_is_answered_as_the_table_says(settings, tmp_path):
    ground(settings, tmp_path)
    people = {
        "anyone": Visitor(),
        "applicant": wang(),
        "other": li(),
        "clerk": a_clerk(),
        "officer": an_officer(acts=["*", "item_draft"]),
        "operator": an_operator(),
        "auditor": an_auditor(),
    }
    things = things_of(people["applicant"], people["officer"])
    found = []
    for address in sorted(set(addresses(get_resolver().url_patterns))):
        for method in METHODS:
            answers = [answer(people[kind], method, address, things) for kind in KINDS]
            if set(answers) != {"405"}:
                found.append(" ".join([method, address, *answers]))
    wanted = [" ".join(line.split()) for line in DOORS.read_text().splitlines() if line[:1] not in ("", "#")]
    missing, surprising = sorted(set(wanted) - set(found)), sorted(set(found) - set(wanted))
    assert found == wanted, "\n".join(["expected:", *missing, "found:", *surprising])


def things_of(applicant: Visitor, officer: Visitor) -> dict[str, str]:
    """What stands in the place of the names: an accepted case, drafts of an application and of a standard."""
    case, draft = handed_in(applicant), begun(applicant)
    to_sign(applicant, draft)
    made = applicant.post("/bundles", BODIES[API + "bundles"]).json()["bundle_id"]
    publish(EX_OFFICIO)
    standard = officer.post("/drafts", {"item": EX_OFFICIO}).json()["id"]
    act(officer, case, "accept")
    shown = applicant.get(f"/cases/{case}").json()
    return {
        "case_id": case,
        "application_id": draft,
        "matter": draft,
        "paper": applicant.get(f"/applications/{draft}").json()["materials"][0]["digest"],
        "number": shown["timeline"][1]["documents"][0]["number"],
        "digest": applicant.get(f"/applications/{case}").json()["materials"][0]["digest"],
        "key": "kstb-1-37",
        "kind": "receipt",
        "name": "grant",
        "step": "form",
        "code": ANHUI,
        "day": "2026-03-02",
        "bundle": case,
        "event": "open_business",
        "made_id": made,
        "part": "trader",
        "page_name": "situations",
        "alarm_id": "1",
        "version": "1",
        "discrepancy_id": "1",
        "draft_id": standard,
        "organ": officer.account.organ,
        "account_id": str(officer.account.id),
        "grant_id": str(Grant.objects.get(officer=officer.account.officer_id).id),
    }


def to_sign(applicant: Visitor, draft: str) -> None:
    """The draft as if somebody else had named him as one who must sign."""
    person = applicant.account.person_id if applicant.account else None
    Signature.objects.create(
        matter=draft, person=person, no=1, standing="consenting", state="waiting", digest="1" * 64, asked_at=now()
    )


def addresses(patterns, before: str = "") -> Iterator[str]:
    for pattern in patterns:
        here = before + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from addresses(pattern.url_patterns, here)
        elif isinstance(pattern, URLPattern):
            yield re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", here) or "/"


def filled(address: str, things: dict[str, str]) -> str:
    if address.startswith("sign/"):
        things = {**things, "digest": things["paper"]}
    if address.startswith("drafts/"):
        things = {**things, "name": "send"}
    if address.startswith("office/new/"):
        things = {**things, "key": EX_OFFICIO}
    path = "/" + address.lstrip("/").format(**things)
    return path.replace(things["application_id"], things["case_id"]) if "/receipts/" in path else path


def answer(visitor: Visitor, method: str, address: str, things: dict[str, str]) -> str:
    """The status; what was done is undone. A program sends what is well-formed, a person an empty form."""
    client, path, headers = Client(), filled(address, things), {}
    if address.startswith(API):
        headers = {"Authorization": f"Bearer {visitor.token}"} if visitor.token else {}
        body, content_type = json.dumps(BODIES.get(address, {})), "application/json"
    else:
        if visitor.account:
            client.force_login(visitor.account)
        body, content_type = "", "application/x-www-form-urlencoded"
    with transaction.atomic():
        response = client.generic(method, path, "" if method == "GET" else body, content_type, headers=headers)
        if response.streaming:
            b"".join(response.streaming_content)
        transaction.set_rollback(True)
    return str(response.status_code)
