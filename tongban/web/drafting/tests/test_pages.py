"""The pages on which a standard is drafted together: each office with a browser of its own."""

import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tongban.base.actor import Actor, Role
from tongban.base.uuid7 import uuid7
from tongban.calendar.queries import today
from tongban.catalogue import actions, duties, queries
from tongban.catalogue.models import Draft
from tongban.catalogue.rules.drafting import Act
from tongban.catalogue.tests.build import OPERATOR, a_content, publish
from tongban.catalogue.tests.drafting import (
    ALONE,
    ITEM,
    MANY,
    a_drafter,
    a_reviewer,
    a_text,
    a_unit,
    an_officer,
    begun,
    consulted,
    do,
    later,
    now_of,
    offices,
    seen,
    sent,
    write,
)
from tongban.exchange.tests.build import a_federation
from tongban.people.models import Account
from tongban.web.officer.tests.build import logged_in

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _offices(settings, tmp_path):
    a_federation(settings, tmp_path)
    offices()


def desk(actor: Actor):
    """The browser of an officer; the same account again when he has one."""
    Account.objects.filter(officer_id=actor.person).delete()
    return logged_in(actor)


def an_auditor():
    return logged_in(Actor(role=Role.AUDITOR, node="34", person=uuid7()))


def page(draft, *rest):
    return "/".join(["/drafts", str(draft.id), *rest, ""])


def press(client, draft, act, **typed):
    """Send the form of a step as it was just opened."""
    return client.post(page(draft, "acts", act), {"seen": seen(draft), **typed}, follow=True)


def save(client, draft, text, **more):
    newest = queries.versions(draft.item_id, "34").first()
    typed = {"seen": seen(draft), "base": newest.version if newest else 0, "text": text, **more}
    return client.post(page(draft, "text"), typed, follow=True)


def test_a_standard_is_drafted_reviewed_answered_and_published_by_four_offices():
    publish(ITEM)
    drafter, lead, unit = desk(a_drafter()), desk(a_reviewer()), desk(a_unit())
    drafter.post("/drafts/new/", {"item": ITEM})
    draft = Draft.objects.get()
    assert "没有发现需要修改" in save(drafter, draft, a_text(ITEM, topics=["外资", "设立"])).text
    assert "已送审" in press(drafter, draft, "send", said="补充主题词").text
    assert "征求意见" in press(lead, draft, "consult", days=5, said="").text
    assert "已反馈" in press(unit, draft, "opine", verdict="remarks", said="请核对主题词").text
    answer = press(lead, draft, "answer", answers=4, verdict="declined", said="已核对")
    assert "已答复" in answer.text
    assert "已确定公布日期" in press(lead, draft, "schedule", on=str(today()), said="").text
    duties.publish_drafts(None)
    shown = drafter.get(page(draft)).text
    assert "已公布" in shown
    assert "第 2 版" in shown
    assert "补充主题词" in drafter.get(f"/items/{ITEM}/versions/").text


class TestText:
    def test_faults_are_told_by_line_and_the_text_is_kept(self):
        draft, drafter = begun(), desk(a_drafter())
        answer = save(drafter, draft, a_text(ITEM, pattern="telepathy"))
        line = now_of(draft).text.splitlines().index('pattern = "telepathy"') + 1
        assert [(number, quote) for number, _, quote in answer.context["faults"]] == [(line, 'pattern = "telepathy"')]
        assert f"第 {line} 行" in answer.text

    @pytest.mark.parametrize("form", ["toml", "json"])
    def test_a_file_takes_the_place_of_the_text(self, form):
        draft, drafter = begun(), desk(a_drafter())
        content = a_content(ITEM, topics=["来自文件"])
        text = json.dumps(content, ensure_ascii=False) if form == "json" else a_text(ITEM, topics=["来自文件"])
        file = SimpleUploadedFile(f"standard.{form}", text.encode())
        save(drafter, draft, "x", file=file)
        assert now_of(draft).text == a_text(ITEM, topics=["来自文件"])

    @pytest.mark.parametrize(("name", "content"), [("a.json", b"[1,\n"), ("a.docx", b"x"), ("a.toml", b"\xff\xfe")])
    def test_a_file_that_cannot_be_read_is_refused_and_what_was_typed_stays(self, name, content):
        draft, drafter = begun(), desk(a_drafter())
        answer = save(drafter, draft, "# 手写\n", file=SimpleUploadedFile(name, content))
        assert answer.status_code == 422
        assert answer.context["text"] == "# 手写\n"
        assert now_of(draft).text == a_text()

    def test_what_was_saved_elsewhere_is_not_overwritten_and_what_was_typed_stays(self):
        draft, drafter = begun(), desk(a_drafter())
        old = seen(draft)
        write(draft, "# 另一处\n")
        answer = drafter.post(page(draft, "text"), {"seen": old, "base": 0, "text": "# 这一处\n"})
        assert answer.status_code == 409
        assert "又有了变化" in answer.text
        assert answer.context["text"] == "# 这一处\n"

    def test_on_top_of_an_outdated_version_it_is_said_what_changed_and_the_next_save_rests_on_the_newest(self):
        publish(ITEM)
        draft = begun()
        drafter = desk(a_drafter())
        conditions = [{"text": "新的条件", "source": "示例"}]
        actions.publish(OPERATOR, content=a_content(ITEM, conditions=conditions))
        old = {"seen": seen(draft), "base": 1, "text": a_text()}
        answer = drafter.post(page(draft, "text"), old)
        assert answer.status_code == 409
        assert "第 2 版的改动" in answer.text
        assert "新的条件" in answer.text
        assert "对照第 2 版" in drafter.get(page(draft)).text
        drafter.post(page(draft, "text"), {**old, "base": answer.context["base"]})
        assert now_of(draft).base == 2

    def test_a_draft_under_review_is_not_written_in(self):
        draft = sent()
        assert desk(a_drafter()).get(page(draft, "text")).status_code == 409

    def test_a_second_draft_of_an_item_is_refused_in_plain_words(self):
        begun()
        answer = desk(a_drafter()).post("/drafts/new/", {"item": ITEM})
        assert answer.status_code == 409
        assert "一次只能有一份" in answer.text


class TestDraft:
    def test_the_reviewer_sees_what_changes_in_words_and_to_the_letter(self):
        publish(ITEM)
        conditions = [{"text": "新的条件", "source": "示例"}]
        draft = write(begun(), a_text(ITEM, conditions=conditions))
        do(a_drafter(), draft, Act.SEND, said="x")
        shown = desk(a_reviewer()).get(page(draft))
        assert ("conditions", "新的条件") in [(entry.path, entry.there) for entry in shown.context["compared"].words]
        paths = {change.path for change in shown.context["compared"].letters}
        assert "conditions[新的条件].text" in paths
        assert "topics" in paths

    def test_after_a_return_the_reviewer_sees_what_is_new_since(self):
        draft = sent()
        do(a_reviewer(), draft, Act.RETURN, said="补充主题词")
        write(draft, a_text(ITEM, topics=["补充的"]))
        do(a_drafter(), draft, Act.SEND, said="已补充")
        since = desk(a_reviewer()).get(page(draft)).context["compared"].since
        assert [(change.path, change.after) for change in since] == [("topics", "补充的")]

    def test_the_guide_can_be_read_before_it_is_published(self):
        draft = sent()
        answer = desk(a_reviewer()).get(page(draft, "guide"))
        assert "还没有公布" in answer.text
        assert "申请材料" in answer.text

    def test_a_text_that_cannot_be_read_has_no_preview(self):
        draft = write(begun(), "key = [")
        assert desk(a_drafter()).get(page(draft, "guide")).status_code == 422

    def test_who_wrote_it_is_offered_no_review(self):
        both = an_officer("both", "market_regulation", "item_draft", "item_review")
        draft = actions.begin_draft(both, item=ITEM)
        actions.save_text(both, draft.id, seen=1, base=0, text=a_text())
        do(both, draft, Act.SEND, said="x")
        client = desk(both)
        assert "您写过这份草案" in client.get(page(draft, "acts", "consult")).text
        assert "征求意见</a>" not in client.get(page(draft)).text

    def test_silence_is_overdue_and_the_lead_unit_says_why_it_takes_it_as_consent(self):
        draft = consulted()
        later(30)
        lead = desk(a_reviewer())
        assert "逾期未反馈" in lead.get(page(draft)).text
        assert press(lead, draft, "deem", unit="省商务厅", said="").status_code == 422
        assert "视为同意" in press(lead, draft, "deem", unit="省商务厅", said="已电话确认").text

    def test_a_letter_of_a_unit_without_organ_is_recorded_from_its_own_button(self):
        draft = sent(MANY)
        officer = a_reviewer("lead", "housing_construction")
        do(officer, draft, Act.CONSULT, days=5)
        lead = desk(officer)
        said = [entry for entry in lead.get(page(draft)).context["said"] if entry.doing]
        assert [entry.place.unit for entry in said] == ["人行合肥中心支行"]
        assert "来函文号" in lead.get(said[0].address).text

    def test_as_long_as_no_day_can_be_set_it_is_said_why_in_place_of_the_button(self):
        lead, draft = desk(a_reviewer()), sent()
        assert "须先征求它们的意见" in lead.get(page(draft)).text
        press(lead, draft, "consult", days=5)
        assert "还有配合单位没有反馈" in lead.get(page(draft)).text
        do(a_unit(), draft, Act.OPINE, verdict="agree")
        assert "通过审核，确定公布日期</a>" in lead.get(page(draft)).text

    def test_what_was_done_meanwhile_is_told_and_what_was_typed_stays(self):
        draft = consulted()
        old, unit = seen(draft), desk(a_unit())
        do(a_reviewer(), draft, Act.RETURN, said="x")
        answer = unit.post(page(draft, "acts", "opine"), {"seen": old, "verdict": "object", "said": "材料过多"})
        assert answer.status_code == 409
        assert "材料过多" in answer.text

    @pytest.mark.parametrize("name", ["save", "publish", "fail", "begin", "nonsense"])
    def test_what_is_no_form_is_not_found(self, name):
        assert desk(a_drafter()).get(page(begun(), "acts", name)).status_code == 404

    def test_an_operator_reads_and_does_nothing(self):
        draft = sent()
        auditor = an_auditor()
        shown = auditor.get(page(draft))
        assert shown.status_code == 200
        assert shown.context["doings"] == []
        assert auditor.get(page(draft, "acts", "consult")).status_code == 403

    def test_an_officer_without_a_part_does_not_find_it(self):
        assert desk(an_officer("x", "health", "accept")).get(page(sent())).status_code == 404


class TestList:
    def test_what_waits_for_him_stands_first(self):
        begun(ALONE)
        draft = sent()
        lines = desk(a_reviewer()).get("/drafts/").context["lines"]
        assert lines[0].found.draft.id == draft.id
        assert [line.found.waits for line in lines] == [True, False]

    def test_what_has_ended_has_a_list_of_its_own(self):
        draft = sent()
        do(a_drafter(), draft, Act.WITHDRAW, said="x")
        client = desk(a_drafter())
        assert client.get("/drafts/").context["lines"] == []
        assert "已撤回" in client.get("/drafts/?ended=1").text
        assert client.get("/drafts/?ended=1&before=x").status_code == 404

    def test_as_many_questions_for_one_as_for_many(self):
        client = desk(a_reviewer())
        consulted()
        with CaptureQueriesContext(connection) as one:
            client.get("/drafts/")
        for item in (ALONE, "kstb-1-35", "kstb-1-36", "kstb-1-38"):
            begun(item)
        with CaptureQueriesContext(connection) as many:
            client.get("/drafts/")
        assert len(one) == len(many) == 8

    def test_a_draft_asks_few_questions(self):
        publish(ITEM)
        draft = consulted()
        client = desk(a_reviewer())
        client.get(page(draft))
        with CaptureQueriesContext(connection) as asked:
            client.get(page(draft))
        assert len(asked) <= 22

    def test_whoever_has_no_right_is_told_whom_to_ask(self):
        client = desk(an_officer("x", "health", "accept"))
        assert "授予“起草事项标准”" in client.get("/drafts/new/").text
