"""帮办: a clerk helps a person under that person's own log-in."""

import pytest

from tongban.applications.models import Application
from tongban.base.actor import Role
from tongban.cases.models import Step
from tongban.cases.tests.build import FEIXI, later
from tongban.journal.models import Entry
from tongban.people.models import Account
from tongban.web.counter.tests.build import (
    ANSWERS,
    ITEM,
    a_clerk_at_the_counter,
    a_counter,
    a_scan_of,
    an_account,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _ground(settings, tmp_path):
    a_counter(settings, tmp_path)


def helping(client=None):
    account = an_account()
    client = client or a_clerk_at_the_counter()
    client.post("/counter/help/", {"username": "wang", "password": "open-sesame"})
    return client, account


def test_the_person_types_his_own_password():
    an_account()
    client = a_clerk_at_the_counter()
    assert client.post("/counter/help/", {"username": "wang", "password": "guess"}).status_code == 422
    assert "帮办中" not in client.get("/").text
    assert [entry.event for entry in Entry.objects.all()] == ["login_failed"]


def test_every_page_says_who_helps_whom_and_the_person_can_see_it():
    client, _ = helping()
    page = client.get("/").text
    assert "帮办中" in page
    assert "示例承办人员" in page
    assert "示例王芳" not in page
    assert Entry.objects.get(what="account").role == Role.CLERK


def test_the_counters_own_work_is_closed_meanwhile():
    client, _ = helping()
    assert client.get("/counter/").status_code == 409
    assert "结束帮办" in client.get("/counter/").text


def test_it_ends_with_one_click():
    client, _ = helping()
    client.post("/counter/help/end/")
    assert "帮办中" not in client.get("/").text
    assert client.get("/counter/").status_code == 200


def test_it_ends_by_itself_after_an_hour():
    client, _ = helping()
    later(1)
    assert "帮办中" not in client.get("/").text


def test_nobody_else_can_begin_or_end_it():
    account = an_account()
    client = a_clerk_at_the_counter()
    client.force_login(account)
    assert client.post("/counter/help/", {"username": "wang", "password": "open-sesame"}).status_code == 403
    assert client.post("/counter/help/end/").status_code == 403


def test_a_clerk_cannot_be_helped_with_an_officers_log_in():
    officer = Account(username="officer", name="某", role=Role.OFFICER)
    officer.set_password("open-sesame")
    officer.save()
    client = a_clerk_at_the_counter()
    assert client.post("/counter/help/", {"username": "officer", "password": "open-sesame"}).status_code == 422


def test_what_is_filed_is_the_persons_own_and_names_the_hall_that_helped():
    client, account = helping()
    client.post(f"/items/{ITEM}/begin/", {"from": FEIXI, "at": FEIXI, "mode": "online"})
    application = Application.objects.get()
    assert (application.channel, application.applicant) == ("helped", account.person_id)
    steps = {name: [name] for name in ("situations", "form")}
    for step in steps:
        shown = client.get(f"/apply/{application.id}/{step}/").context["shown"]
        application.refresh_from_db()
        data = {**ANSWERS, "business_place": FEIXI, "shown": shown, "seen": application.revision}
        client.post(f"/apply/{application.id}/{step}/", data)
    scans = {f"material.{key}": a_scan_of(key) for key in ("application", "premises_proof")}
    client.post(f"/apply/{application.id}/materials/", scans)
    application.refresh_from_db()
    client.post(f"/apply/{application.id}/check/", {"seen": application.revision, "true": "yes", "agree": "yes"})
    by = Step.objects.get(case=application.id, no=1).header["by"]
    assert (by["role"], bool(by["organ"])) == ("applicant", True)
    assert client.get(f"/cases/{application.id}/").status_code == 200
