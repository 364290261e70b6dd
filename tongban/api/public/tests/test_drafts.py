"""Drafting a standard together by programs."""

import pytest

from tongban.api.public.tests.build import Visitor, a_visitor, wang
from tongban.base.actor import Actor, Role
from tongban.calendar.queries import today
from tongban.catalogue import actions, duties, queries
from tongban.catalogue.tests.build import OPERATOR, a_content, publish
from tongban.catalogue.tests.drafting import (
    ITEM,
    a_drafter,
    a_reviewer,
    a_text,
    a_unit,
    an_officer,
    begun,
    offices,
    seen,
)
from tongban.exchange.tests.build import a_federation

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _ground(settings, tmp_path):
    a_federation(settings, tmp_path)
    offices()


def of(actor: Actor) -> Visitor:
    return a_visitor(actor.role, officer_id=actor.person, organ=actor.organ or "")


def act(visitor, draft, name, **given):
    revision = visitor.get(f"/drafts/{draft}").json()["revision"]
    return visitor.post(f"/drafts/{draft}/acts", {"act": name, "seen": revision, **given})


def test_from_the_first_text_to_the_next_version():
    publish(ITEM)
    drafter, lead, unit = of(a_drafter()), of(a_reviewer()), of(a_unit())
    made = drafter.post("/drafts", {"item": ITEM}).json()
    body = {"text": a_text(), "seen": made["revision"], "base": 1}
    assert drafter.put(f"/drafts/{made['id']}", body).json()["faults"] == []
    assert act(drafter, made["id"], "send", said="补充主题词").status_code == 201
    assert [line["waits"] for line in lead.get("/drafts").json()["items"]] == [True]
    assert act(lead, made["id"], "consult", days=5).json()["status"] == "consulting"
    assert act(unit, made["id"], "opine", verdict="agree").status_code == 201
    shown = lead.get(f"/drafts/{made['id']}").json()
    assert [(place["unit"], place["standing"]) for place in shown["positions"]] == [("省商务厅", "agree")]
    assert [change["path"] for change in shown["changes"]] == ["topics"]
    assert act(lead, made["id"], "schedule", on=str(today())).json()["status"] == "scheduled"
    duties.publish_drafts(None)
    assert lead.get("/drafts").json()["items"] == []
    [ended] = lead.get("/drafts", ended="true").json()["items"]
    assert (ended["status"], ended["version"]) == ("published", 2)
    assert queries.find_version(ITEM, "34").version == 2


def test_faults_come_with_their_lines():
    drafter, draft = of(a_drafter()), begun()
    body = {"text": "key = [", "seen": seen(draft), "base": 0}
    assert [fault["line"] for fault in drafter.put(f"/drafts/{draft.id}", body).json()["faults"]] == [1]
    refused = act(drafter, draft.id, "send", said="x")
    assert (refused.status_code, refused.json()["reason"]) == (422, "draft_faults")
    assert drafter.get(f"/drafts/{draft.id}").json()["changes"] is None


@pytest.mark.parametrize(
    ("seen_before", "base", "reason"), [(1, 0, "standard_changed"), (2, 0, "draft_outdated"), (2, 7, "draft_outdated")]
)
def test_what_rests_on_something_older_is_409(seen_before, base, reason):
    draft = begun()
    actions.publish(OPERATOR, content=a_content(ITEM))
    body = {"text": "", "seen": seen_before, "base": base}
    answer = of(a_drafter()).put(f"/drafts/{draft.id}", body)
    assert (answer.status_code, answer.json()["reason"]) == (409, reason)


def test_a_day_that_is_none_is_named():
    draft = begun()
    answer = of(a_reviewer()).post(f"/drafts/{draft.id}/acts", {"act": "schedule", "seen": 2, "on": "2026-02-30"})
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, "on")


def test_a_citizen_sees_no_draft_and_an_officer_without_a_part_none_of_them():
    draft = begun()
    assert wang().get("/drafts").status_code == 403
    assert wang().get(f"/drafts/{draft.id}").status_code == 403
    stranger = of(an_officer("x", "health", "accept"))
    assert stranger.get("/drafts").json()["items"] == []
    assert stranger.get(f"/drafts/{draft.id}").status_code == 404


def test_an_auditor_reads_them():
    draft = begun()
    auditor = a_visitor(Role.AUDITOR)
    assert auditor.get(f"/drafts/{draft.id}").json()["acts"] == []
    assert auditor.post("/drafts", {"item": ITEM}).status_code == 403


def test_sent_twice_under_a_key_it_is_begun_once():
    drafter = of(a_drafter())
    first = drafter.post("/drafts", {"item": ITEM}, key="one").json()
    assert drafter.post("/drafts", {"item": ITEM}, key="one").json() == first
    assert drafter.post("/drafts", {"item": ITEM}).json()["reason"] == "draft_open_already"
