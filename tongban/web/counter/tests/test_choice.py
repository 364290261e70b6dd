"""A counter tells a person that he is asked, and hands in what he chooses."""

import pytest

from tongban.cases.models import Case, Step
from tongban.cases.rules.table import Act, Status
from tongban.cases.tests.build import an_officer, do, stage
from tongban.web.counter.tests.build import a_clerk_at_the_counter, a_counter, handed_in

pytestmark = pytest.mark.django_db

ASKING = [stage("here", name="核对缴费记录", on_refusal="ask_applicant"), stage("after")]


@pytest.fixture
def asked(settings, tmp_path):
    a_counter(settings, tmp_path, stages=ASKING)
    client = a_clerk_at_the_counter()
    case = Case.objects.get(id=handed_in(client).id)
    do(an_officer(), case, Act.ACCEPT)
    do(an_officer(), case, Act.PART_DECIDED, part="here", outcome="refused", text="没有这一段缴费记录")
    return client, case


def address(case, *rest):
    return "/".join([f"/counter/cases/{case.id}", *rest, ""])


def test_the_page_says_what_to_tell_the_person(asked):
    client, case = asked
    page = client.get(address(case)).text
    for text in ("请申请人选择", "核对缴费记录", "没有这一段缴费记录", "就其余部分依法作出决定"):
        assert text in page
    assert "请申请人选择" in client.get("/counter/").text


def test_the_clerk_hands_in_that_he_goes_on(asked):
    client, case = asked
    assert "申请人当面选择" in client.get(address(case, "acts", "go_on")).text
    answer = client.post(address(case, "acts", "go_on"), {"seen": case.head, "text": "申请人当面书面确认"})
    assert answer.status_code == 302
    step = Step.objects.filter(case=case).latest("no")
    assert (step.act, step.header["by"]["role"]) == (Act.GO_ON, "clerk")
    assert "请申请人选择" not in client.get(address(case)).text


def test_the_clerk_hands_in_that_he_withdraws(asked):
    client, case = asked
    client.post(address(case, "acts", "withdraw"), {"seen": case.head, "reason": "申请人当面书面撤回"})
    case.refresh_from_db()
    assert case.status == Status.WITHDRAWN


def test_without_a_question_there_is_no_such_form(settings, tmp_path):
    a_counter(settings, tmp_path)
    client = a_clerk_at_the_counter()
    case = Case.objects.get(id=handed_in(client).id)
    do(an_officer(), case, Act.ACCEPT)
    for name in ("go_on", "withdraw"):
        assert client.get(address(case, "acts", name)).status_code == 403
        assert f"/acts/{name}/" not in client.get(address(case)).text
