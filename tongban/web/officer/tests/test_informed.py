"""A case of another home of which this place was told (抄告): to be read, and marked when it is not current."""

import pytest

from tongban.base.uuid7 import uuid7
from tongban.cases import letters
from tongban.cases.models import Ask, Case
from tongban.cases.tests.build import publish
from tongban.cases.tests.test_letters import Shanghai
from tongban.web.citizen.tests.build import a_citizen
from tongban.web.officer.tests.build import address_of, an_officer_at_his_desk

pytestmark = pytest.mark.django_db
NOT_CURRENT = "本地不再接收这件办件的进展"


def an_informed_copy() -> tuple[Shanghai, Case]:
    publish(province="31")
    home = Shanghai()
    Ask.objects.all().delete()
    letters.hear_step(home.step("open", "submitted", informed=["34"]))
    return home, Case.objects.get(id=home.case_id)


def test_a_copy_that_is_current_says_nothing_about_it():
    _, case = an_informed_copy()
    client = an_officer_at_his_desk()
    assert NOT_CURRENT not in client.get(address_of(case)).text
    assert "不再更新" not in client.get("/office/?status=informed").text


def test_a_copy_that_gets_no_more_steps_says_so_on_its_page_and_in_the_list():
    home, case = an_informed_copy()
    letters.hear_step(home.step("withdraw", "withdrawn", removed=["34"]))
    client = an_officer_at_his_desk()
    page = client.get(address_of(case)).text
    assert NOT_CURRENT in page
    assert "上海市徐汇区了解" in page
    assert "不再更新" in client.get("/office/?status=informed").text


def test_the_person_is_told_as_well_should_a_home_remove_his_own_node():
    publish(province="31")
    home = Shanghai(applicant=uuid7())
    letters.hear_step(home.step("open", "submitted"))
    letters.hear_step(home.step("decline", "declined", removed=["34"]))
    assert NOT_CURRENT in a_citizen(Ask.objects.get().applicant).get(f"/cases/{home.case_id}/").text
