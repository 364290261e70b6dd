"""Whatever an act says, it is done or refused with a reason; afterwards the case can still be read and worked on."""

import json

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tongban.api.public.tests.build import (
    ANSWERS,
    SHOWN_AT_COUNTER,
    Visitor,
    a_clerk,
    act,
    an_officer,
    draft,
    ground,
    handed_in,
    papers,
    wang,
)
from tongban.cases.rules.table import TABLE, Act
from tongban.cases.tests.build import FEIXI, publish, stage
from tongban.catalogue.models import ItemVersion

pytestmark = pytest.mark.django_db

NAMES = """
targets target problem answers materials key digest name account amount place reason kind days approver part outcome
partial handed_to records certificate number event way text opinion count co_case co_head document salt waybill
business_place members scope
"""
LIKELY = """
done refused delivery money_arrived money_bounced online note custody_taken hearing review review@340123000000
field:scope material:application field:business_place 310104000000 340123000000 NaN sNaN 1e5 -0.00 12.30 application
premises_proof scope business_place members
"""
QUERY = "q province batch cursor item place authority_place on version"
names = st.sampled_from(NAMES.split())

texts = st.sampled_from([*LIKELY.split(), "0" * 64, "0" * 65]) | st.text(
    st.characters(exclude_categories=["Cs"], exclude_characters="\x00")
)
plain = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | texts,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(names, inner, max_size=4),
    max_leaves=12,
)
contents = st.dictionaries(names, plain, max_size=6)

STATUSES = {
    "submitted": (),
    "correcting": (("ask_correction", {"targets": [{"target": "field:scope", "problem": "示例"}]}),),
    "accepted": (("accept", {}),),
    "granted": (
        ("accept", {}),
        ("part_decided", {"part": "review", "outcome": "done"}),
        ("grant", {"amount": "10.00"}),
    ),
    "denied": (("accept", {}), ("deny", {"reason": "示例"})),
    "declined": (("decline", {"reason": "示例"}),),
}
OFTEN = settings(
    max_examples=20,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


@pytest.fixture(autouse=True)
def _ground(settings, tmp_path):
    """The item once as approval and once as money, each with a stage at home."""
    ground(settings, tmp_path)
    ItemVersion.objects.all().delete()
    publish(stages=[stage("review")], pattern="money", closing="money_arrived")


def standing(status: str) -> tuple[str, list[Visitor]]:
    """A case in the status, and those who may act on it."""
    visitor, officer = wang(), an_officer()
    case = handed_in(visitor)
    for name, content in STATUSES[status]:
        answer = act(officer, case, name, **content)
        assert answer.status_code == 201, answer.content
    return case, [visitor, officer]


@pytest.mark.parametrize("status", sorted(STATUSES))
def test_no_content_of_an_act_breaks_anything(status):
    case, everybody = standing(status)
    possible = sorted({move.act for move in TABLE if status in move.before} | {Act.OPEN, Act.ANSWER})

    @OFTEN
    @given(name=st.sampled_from(possible), content=contents, who=st.sampled_from(everybody))
    def whatever(name, content, who):
        with transaction.atomic():
            answer = say(who, case, name, content)
            assert answer.status_code < 500, (name, content, answer.content)
            if answer.status_code < 300:
                _goes_on(case, everybody)
            transaction.set_rollback(True)

    whatever()


def say(who: Visitor, case: str, name: str, content: dict):
    return who.post(f"/cases/{case}/acts", {"act": name, "content": content})


def _goes_on(case: str, everybody: list[Visitor]) -> None:
    """It is shown to everybody, and the officer's next act is done or refused, too."""
    for reader in everybody:
        assert reader.get(f"/cases/{case}").status_code == 200
    for name in ("accept", "part_decided", "grant"):
        content = {"part": "review", "outcome": "done", "amount": "10.00"}
        assert say(everybody[-1], case, name, content).status_code < 500, name


@OFTEN
@given(answers=st.dictionaries(st.sampled_from([*ANSWERS, "business_place", "members"]), plain, max_size=6))
def test_no_answer_of_an_application_breaks_anything(answers):
    with transaction.atomic():
        visitor = wang()
        made = visitor.post("/applications", draft(answers=answers, materials=papers(visitor)))
        assert made.status_code < 500, answers
        if made.status_code == 201:
            case = made.json()["case_id"]
            assert visitor.get(f"/applications/{case}").status_code == 200
            assert visitor.post(f"/applications/{case}/submit").status_code < 500
        transaction.set_rollback(True)


@OFTEN
@given(identity=st.dictionaries(st.sampled_from([*SHOWN_AT_COUNTER, "phone", "way", "note"]), texts, max_size=7))
def test_no_identity_typed_in_breaks_anything(identity):
    with transaction.atomic():
        clerk = a_clerk()
        body = draft(mode="counter", place=FEIXI, applicant={**SHOWN_AT_COUNTER, **identity})
        assert clerk.post("/applications", body).status_code < 500
        transaction.set_rollback(True)


@OFTEN
@given(
    query=st.dictionaries(
        st.sampled_from(QUERY.split()),
        texts,
    )
)
def test_no_query_breaks_anything(query):
    for path in ("/items", "/items/kstb-1-37", "/route", "/openapi.json"):
        assert Visitor().get(path, **query).status_code < 500, (path, query)


@OFTEN
@given(body=plain)
def test_no_body_breaks_anything(body):
    content = json.dumps(body).encode()
    visitor = wang()
    for path in ("/sessions", "/applications", "/demo/clock"):
        answer = visitor.raw("POST", path, content)
        assert answer.status_code < 500, (path, body)
        assert answer.status_code >= 400
