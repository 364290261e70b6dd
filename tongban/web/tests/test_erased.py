"""What a person, an officer and a program see of a case whose contents are erased."""

from datetime import timedelta

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone

from tongban.applications.actions import submit
from tongban.applications.actions.erasing import erase_sent
from tongban.applications.tests.test_actions import complete, shanghai_publishes
from tongban.base.actor import Role, system
from tongban.cases.actions.erasing import erase_contents
from tongban.cases.models import Ask, Case
from tongban.cases.rules.table import Act
from tongban.cases.tests.build import XUHUI, a_case, an_officer, do, publish
from tongban.exchange.tests.build import a_federation
from tongban.orgs.tests.build import some_organs
from tongban.people.models import Account
from tongban.web.officer.tests.build import an_officer_at_his_desk

pytestmark = pytest.mark.django_db


def an_erased_case() -> Case:
    case = a_case()
    do(an_officer(), case, Act.DECLINE, reason="不符合条件")
    erase_contents(system(settings.NODE), home=True, before=timezone.now() + timedelta(days=1), most=1)
    return case


def the_person(case: Case) -> Client:
    account = Account.objects.create(username="p", name="示例", role=Role.APPLICANT, person_id=case.applicant)
    client = Client()
    client.force_login(account)
    return client


def test_the_person_reads_that_each_step_was_erased_by_rule():
    case = an_erased_case()
    page = the_person(case).get(f"/cases/{case.id}/")
    assert page.status_code == 200
    assert page.text.count("已按规定删除") >= 2
    assert "不符合条件" not in page.text


def test_a_document_that_was_erased_is_answered_by_a_sentence():
    case = an_erased_case()
    number = case.step_set.get(no=2).header["documents"][0]["number"]
    answer = the_person(case).get(f"/cases/{case.id}/documents/{number}/")
    assert answer.status_code == 422
    assert "保存期已满" in answer.text


def test_the_officer_reads_it_too_and_has_no_button():
    case = an_erased_case()
    page = an_officer_at_his_desk().get(f"/office/cases/{case.id}/")
    assert "已按规定删除" in page.text
    assert "/acts/" not in page.text


def test_a_rejected_application_reads_as_erased_once_its_month_is_over(settings, tmp_path):
    a_federation(settings, tmp_path)
    some_organs()
    publish()
    shanghai_publishes()
    actor, application = complete(place=XUHUI)
    submit(actor, application.id)
    Ask.objects.update(outcome="rejected", reason="no_agreement", answered_at=timezone.now())
    account = Account.objects.create(username="p", name="示例", role=Role.APPLICANT, person_id=actor.person)
    client = Client()
    client.force_login(account)
    assert "已按规定删除" not in client.get(f"/cases/{application.id}/").text
    erase_sent(system(settings.NODE), before=timezone.now() + timedelta(days=1), most=1)
    assert "已按规定删除" in client.get(f"/cases/{application.id}/").text
