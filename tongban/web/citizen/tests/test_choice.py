"""The page of a person who is asked what he wants now that a part was refused, and of papers that end."""

import pytest

from tongban.cases.letters import hear_step
from tongban.cases.models import Ask, Case, Step
from tongban.cases.rules.state import from_json
from tongban.cases.rules.table import Act, Status
from tongban.cases.tests.build import an_officer, do, later, stage
from tongban.cases.tests.test_letters import Shanghai
from tongban.people.tests.build import a_person
from tongban.web.citizen.tests.build import a_case_of, a_citizen, some_ground

pytestmark = pytest.mark.django_db

ASKING = [stage("here", name="核对缴费记录", on_refusal="ask_applicant"), stage("after", name="到账记载")]
PERMIT = [stage("permit", document="户口准迁证", validity="40 natural"), stage("settle", relies_on=["permit"])]
LAST_DAY = "2026-12-01"


def an_asked_person(settings, tmp_path) -> tuple:
    some_ground(settings, tmp_path, stages=ASKING)
    client = a_citizen()
    case = a_case_of(client)
    do(an_officer(), case, Act.ACCEPT)
    do(an_officer(), case, Act.PART_DECIDED, part="here", outcome="refused", text="没有这一段缴费记录")
    return client, case


def page_of(client, case) -> str:
    return client.get(f"/cases/{case.id}/").text


def choose(client, case, choice: str, **more):
    return client.post(f"/cases/{case.id}/choice/", {"seen": case.head, "choice": choice, **more})


def test_the_page_says_what_was_refused_and_why_and_what_each_choice_means(settings, tmp_path):
    client, case = an_asked_person(settings, tmp_path)
    page = page_of(client, case)
    for text in (
        "核对缴费记录",
        "没有这一段缴费记录",
        "请您选择",
        "就其余部分依法作出决定",
        "不能恢复",
        "征询意见告知书",
    ):
        assert text in page
    assert f'action="/cases/{case.id}/choice/"' in page
    assert "轮到您了" in client.get("/my/").text


def test_going_on_is_one_form_and_the_question_is_gone(settings, tmp_path):
    client, case = an_asked_person(settings, tmp_path)
    assert choose(client, case, "go_on").status_code == 302
    page = page_of(client, case)
    assert "请您选择" not in page
    assert "按您的选择，继续办理其余部分" in page
    assert Step.objects.filter(case=case).latest("no").act == Act.GO_ON


def test_withdrawing_ends_the_case(settings, tmp_path):
    client, case = an_asked_person(settings, tmp_path)
    choose(client, case, "withdraw")
    case.refresh_from_db()
    assert case.status == Status.WITHDRAWN


def test_choosing_nothing_is_told_at_the_question(settings, tmp_path):
    client, case = an_asked_person(settings, tmp_path)
    answer = choose(client, case, "")
    assert answer.status_code == 422
    assert 'href="#choice"' in answer.text
    assert 'id="choice"' in answer.text
    assert from_json(Case.objects.get(id=case.id).state).asked


def test_who_comes_too_late_is_told_so(settings, tmp_path):
    client, case = an_asked_person(settings, tmp_path)
    later(12)
    seen = case.head
    assert "仍然可以选择" in page_of(client, case)
    do(an_officer(), case, Act.GO_ON)
    assert choose(client, case, "go_on", seen=seen).status_code == 409
    answer = choose(client, case, "go_on")
    assert answer.status_code == 409
    assert "没有等待申请人选择的环节" in answer.text


def an_asked_copy() -> Case:
    """A case at home in Shanghai, as the person sees it here."""
    home = Shanghai(applicant=a_person().id)
    parts = [{"id": f"here@{place}", "stage": "here", "node": place[:2]} for place in ("320102000000", "330102000000")]
    hear_step(home.step("open", "submitted"))
    hear_step(home.step("accept", "accepted", facts={"parts": parts}))
    facts = {"part": parts[0]["id"], "outcome": "refused", "answer_by": LAST_DAY}
    said = {"applicant": {"reason": "查无记录"}}
    hear_step(home.step("part_decided", "accepted", facts=facts, bodies=said))
    return Case.objects.get(id=home.case_id)


def test_a_choice_for_another_home_is_sent_and_the_page_waits_for_it(settings, tmp_path):
    some_ground(settings, tmp_path, stages=ASKING)
    client, case = a_citizen(), an_asked_copy()
    page = page_of(client, case)
    assert "查无记录" in page
    assert "2026年12月1日" in page
    assert choose(client, case, "go_on").status_code == 302
    assert Ask.objects.get(case_id=case.id, act=Act.GO_ON).outcome == "waiting"
    waiting = page_of(client, case)
    assert "您的选择已经送出" in waiting
    assert f'action="/cases/{case.id}/choice/"' not in waiting


def test_the_page_shows_until_when_a_paper_holds_and_warns_before_it_ends(settings, tmp_path):
    some_ground(settings, tmp_path, stages=PERMIT)
    client = a_citizen()
    case = a_case_of(client)
    do(an_officer(), case, Act.ACCEPT)
    do(an_officer(), case, Act.PART_DECIDED, part="permit", outcome="done")
    last = from_json(case.state).parts[0].valid_until
    words = f"{last.year}年{last.month}月{last.day}日"
    assert f"户口准迁证有效期至 <strong>{words}" in page_of(client, case)
    later(36)
    assert "天到期" in page_of(client, case)
    later(14)
    assert f"户口准迁证已于 {words}到期" in page_of(client, case)
