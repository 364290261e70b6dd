"""Drafting a standard together, from the first text to the day on which it is published."""

from datetime import timedelta
from functools import partial

import pytest
from django.db import ProgrammingError

from tongban.base.actor import Actor, Role
from tongban.base.errors import Rejected
from tongban.calendar.queries import days, today
from tongban.calendar.rules import add_workdays
from tongban.catalogue import actions, duties, queries
from tongban.catalogue.models import Draft, DraftStep, ItemChange, ItemVersion
from tongban.catalogue.rules.bodies import item_subject
from tongban.catalogue.rules.drafting import Act, Given
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
from tongban.exchange.models import Delivery
from tongban.exchange.tests.build import a_federation
from tongban.orgs.models import Organ
from tongban.orgs.queries import organs_of_units

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _offices(settings, tmp_path):
    a_federation(settings, tmp_path)
    offices()


def refused(reason, act, *args, **kwargs):
    with pytest.raises(Rejected) as found:
        act(*args, **kwargs)
    assert found.value.reason == reason
    return found.value


def acts(draft):
    return list(DraftStep.objects.filter(draft=draft).order_by("no").values_list("act", flat=True))


def passed(item=ITEM):
    """A draft that a day is set for: today."""
    draft = consulted(item)
    do(a_unit(), draft, Act.OPINE, verdict="agree")
    do(a_reviewer(), draft, Act.SCHEDULE, on=today())
    return draft


class TestWriting:
    def test_a_draft_begins_with_the_version_in_force(self):
        publish(ITEM)
        draft = actions.begin_draft(a_drafter(), item=ITEM)
        assert (draft.base, draft.status, acts(draft)) == (1, "drafting", ["begin"])
        assert a_content(ITEM)["summary"] in draft.text

    def test_without_a_version_it_begins_with_key_and_name(self):
        draft = actions.begin_draft(a_drafter(), item=ITEM)
        assert draft.base == 0
        assert draft.text == 'key = "kstb-1-34"\nname = "外资企业及分支机构设立登记"\n'

    def test_one_draft_of_an_item_at_once(self):
        begun()
        refused("draft_open_already", actions.begin_draft, a_drafter(), item=ITEM)
        assert begun(ALONE)

    def test_after_one_was_withdrawn_the_next_can_begin(self):
        do(a_drafter(), begun(), Act.WITHDRAW, said="改由新办法规定")
        assert begun().status == "drafting"

    @pytest.mark.parametrize("acts", [["accept"], ["*"], ["item_review"]])
    def test_the_right_to_draft_is_given_by_name(self, acts):
        refused("not_allowed", actions.begin_draft, an_officer("other", "data_bureau", *acts), item=ITEM)

    def test_a_right_for_another_item_or_one_city_is_none(self):
        for username, more in (("a", {"item": ALONE}), ("b", {"region": "3401"})):
            officer = an_officer(username, "data_bureau", "item_draft", **more)
            refused("not_allowed", actions.begin_draft, officer, item=ITEM)

    def test_an_operator_drafts_nothing(self):
        refused("not_allowed", actions.begin_draft, OPERATOR, item=ITEM)

    def test_a_text_with_faults_is_kept(self):
        draft = write(begun(), "key = [\n")
        assert now_of(draft).text == "key = [\n"

    def test_a_text_that_was_saved_elsewhere_since_is_not_overwritten(self):
        draft = begun()
        old = seen(draft)
        write(draft, "# 另一处\n")
        refused("standard_changed", actions.save_text, a_drafter(), draft.id, seen=old, base=0, text="")
        assert now_of(draft).text == "# 另一处\n"

    def test_whoever_has_no_part_in_it_does_not_see_it(self):
        draft = begun()
        stranger = an_officer("stranger", "health", "accept")
        refused("not_found", queries.get_draft, stranger, draft.id)
        refused("not_found", actions.save_text, stranger, draft.id, seen=2, base=0, text="")
        assert queries.drafts(stranger) == []

    def test_drafters_of_another_organ_read_it_and_do_not_write_it(self):
        draft = begun()
        other = a_drafter("other", "health")
        assert queries.get_draft(other, draft.id).acts == ()
        refused("not_allowed", actions.save_text, other, draft.id, seen=seen(draft), base=0, text="")


class TestSending:
    def test_a_draft_is_sent_with_a_reason(self):
        draft = sent()
        assert now_of(draft).status == "reviewing"
        assert DraftStep.objects.get(draft=draft, act="send").said == "按新规定精简材料"

    def test_faults_are_told_by_line(self):
        draft = begun()
        write(draft, a_text(ITEM, pattern="telepathy"))
        found = refused("draft_faults", do, a_drafter(), draft, Act.SEND, said="x")
        line = now_of(draft).text.splitlines().index('pattern = "telepathy"') + 1
        assert list(found.fields) == [f"text:{line}"]

    def test_what_a_guide_must_not_say_is_told_by_line(self):
        draft = begun()
        conditions = [{"text": "按规定提交", "source": "示例"}]
        write(draft, a_text(ITEM, conditions=conditions))
        found = refused("draft_faults", do, a_drafter(), draft, Act.SEND, said="x")
        line = now_of(draft).text.splitlines().index('text = "按规定提交"') + 1
        assert "按规定" in found.fields[f"text:{line}"]

    def test_a_text_of_another_item_is_refused(self):
        draft = write(begun(), a_text(ALONE))
        found = refused("draft_faults", do, a_drafter(), draft, Act.SEND, said="x")
        assert "kstb-1-34" in found.fields["text:1"]

    def test_the_same_as_the_version_in_force_is_nothing_to_review(self):
        publish(ITEM)
        draft = actions.begin_draft(a_drafter(), item=ITEM)
        refused("draft_says_the_same", do, a_drafter(), draft, Act.SEND, said="x")

    def test_a_draft_on_top_of_an_outdated_version_goes_no_further_until_it_rests_on_the_newest(self):
        draft = begun()
        publish(ITEM)
        assert refused("draft_outdated", do, a_drafter(), draft, Act.SEND, said="x").facts == {"version": 1}
        refused("draft_outdated", actions.save_text, a_drafter(), draft.id, seen=seen(draft), base=0, text="")
        write(draft, a_text())
        do(a_drafter(), draft, Act.SEND, said="x")
        actions.publish(OPERATOR, content=a_content(ITEM, topics=["急"]))
        refused("draft_outdated", do, a_reviewer(), draft, Act.CONSULT, days=5)


class TestReviewing:
    def test_it_is_returned_with_remarks_and_sent_again(self):
        draft = sent()
        do(a_reviewer(), draft, Act.RETURN, said="第三条写明依据")
        assert now_of(draft).status == "drafting"
        do(a_drafter(), draft, Act.SEND, said="写明了依据")
        assert acts(draft) == ["begin", "send", "return", "send"]

    def test_who_wrote_in_it_does_not_review_it_though_he_may_review(self):
        both = an_officer("both", "market_regulation", "item_draft", "item_review")
        draft = actions.begin_draft(both, item=ITEM)
        actions.save_text(both, draft.id, seen=1, base=0, text=a_text())
        do(both, draft, Act.SEND, said="x")
        refused("own_draft", do, both, draft, Act.CONSULT, days=5)
        do(a_reviewer(), draft, Act.CONSULT, days=5)

    def test_a_colleague_who_helped_to_write_does_not_review_it_either(self):
        both = an_officer("both", "market_regulation", "item_draft", "item_review")
        draft = actions.begin_draft(a_drafter("first", "market_regulation"), item=ITEM)
        actions.save_text(both, draft.id, seen=1, base=0, text=a_text())
        do(a_drafter("first", "market_regulation"), draft, Act.SEND, said="x")
        refused("own_draft", do, both, draft, Act.RETURN, said="x")

    def test_a_reviewer_of_another_organ_is_none(self):
        refused("not_allowed", do, a_reviewer("other", "health"), sent(), Act.CONSULT, days=5)

    def test_where_the_lead_unit_has_no_organ_the_data_bureau_reviews(self):
        Organ.objects.filter(kind="civil_aviation").delete()
        draft = actions.begin_draft(a_drafter(), item="kstb-1-49")
        assert queries.get_draft(a_reviewer("bureau", "data_bureau"), draft.id).lead.kind == "data_bureau"

    def test_every_lead_unit_of_the_plan_is_an_organ_of_the_province(self):
        leads = set(queries.base_items().values_list("lead_unit", flat=True))
        assert set(organs_of_units(leads, node="34")) == leads

    def test_units_have_working_days(self):
        draft = consulted()
        assert now_of(draft).due == add_workdays(days(), today(), 5)

    def test_an_item_without_co_operating_units_is_passed_at_once(self):
        draft = sent(ALONE)
        refused("no_units_to_ask", do, a_reviewer(), draft, Act.CONSULT, days=5)
        do(a_reviewer(), draft, Act.SCHEDULE, on=today())
        assert now_of(draft).status == "scheduled"

    def test_one_with_co_operating_units_is_not(self):
        refused("units_not_asked", do, a_reviewer(), sent(), Act.SCHEDULE, on=today())


class TestOpinions:
    def test_a_unit_speaks_once_and_for_itself_alone(self):
        draft = consulted()
        refused("not_allowed", do, a_unit("other", "health"), draft, Act.OPINE, verdict="agree")
        do(a_unit(), draft, Act.OPINE, verdict="object", said="与商务部规定不一致")
        refused("unit_has_spoken", do, a_unit("second"), draft, Act.OPINE, verdict="agree")

    def test_two_officers_of_a_unit_who_answer_at_the_same_time_are_one_opinion(self):
        draft = consulted()
        before = seen(draft)
        do(a_unit(), draft, Act.OPINE, verdict="agree")
        late = partial(actions.take_step, a_unit("b"), draft.id, act=Act.OPINE, seen=before)
        refused("standard_changed", late, given=Given(verdict="object", said="x"))

    def test_silence_is_taken_as_consent_after_the_day_and_for_a_reason_alone(self):
        draft = consulted()
        silent = {"unit": "省商务厅", "said": "已电话确认无意见"}
        refused("unit_may_still_speak", do, a_reviewer(), draft, Act.DEEM, **silent)
        later(30)
        assert [place.standing for place in queries.get_draft(a_reviewer(), draft.id).positions] == ["overdue"]
        refused("opinions_missing", do, a_reviewer(), draft, Act.SCHEDULE, on=today())
        do(a_reviewer(), draft, Act.DEEM, **silent)
        do(a_reviewer(), draft, Act.SCHEDULE, on=today())
        assert now_of(draft).status == "scheduled"

    def test_a_late_opinion_is_heard(self):
        draft = consulted()
        later(30)
        do(a_unit(), draft, Act.OPINE, verdict="agree")
        assert queries.get_draft(a_unit(), draft.id).positions[0].late

    def test_an_opinion_by_letter_is_recorded_for_a_unit_that_has_no_organ_here(self):
        draft = sent(MANY)
        lead = a_reviewer("lead", "housing_construction")
        do(lead, draft, Act.CONSULT, days=5)
        letter = {"verdict": "agree", "said": "示例函〔2026〕1号"}
        refused("unit_speaks_itself", do, lead, draft, Act.RECORD, unit="省公安厅", **letter)
        do(lead, draft, Act.RECORD, unit="人行合肥中心支行", **letter)
        standing = {place.unit: place.standing for place in queries.get_draft(lead, draft.id).positions}
        assert standing["人行合肥中心支行"] == "agree"
        assert standing["省公安厅"] == "waiting"

    def test_every_opinion_but_consent_is_answered_once(self):
        draft = consulted()
        step = do(a_unit(), draft, Act.OPINE, verdict="object", said="材料过多")
        refused("opinions_unanswered", do, a_reviewer(), draft, Act.SCHEDULE, on=today())
        do(a_reviewer(), draft, Act.ANSWER, answers=step.no, verdict="declined", said="法规要求")
        refused("nothing_to_answer", do, a_reviewer(), draft, Act.ANSWER, answers=step.no, verdict="adopted")
        do(a_reviewer(), draft, Act.SCHEDULE, on=today())

    def test_what_was_adopted_goes_back_to_be_written(self):
        draft = consulted()
        step = do(a_unit(), draft, Act.OPINE, verdict="remarks", said="补充主题词")
        do(a_reviewer(), draft, Act.ANSWER, answers=step.no, verdict="adopted")
        refused("adopted_not_done", do, a_reviewer(), draft, Act.SCHEDULE, on=today())
        do(a_reviewer(), draft, Act.RETURN, said="补充主题词")
        write(draft, a_text(ITEM, topics=["外资", "新的主题"]))
        do(a_drafter(), draft, Act.SEND, said="已补充")
        refused("say_why_not_again", do, a_reviewer(), draft, Act.SCHEDULE, on=today())
        do(a_reviewer(), draft, Act.SCHEDULE, on=today(), said="只写进了已采纳的意见")

    def test_after_a_return_the_units_can_be_asked_again_and_speak_anew(self):
        draft = consulted()
        do(a_unit(), draft, Act.OPINE, verdict="object", said="材料过多")
        do(a_reviewer(), draft, Act.RETURN, said="精简材料")
        do(a_drafter(), draft, Act.SEND, said="已精简")
        do(a_reviewer(), draft, Act.CONSULT, days=5)
        do(a_unit(), draft, Act.OPINE, verdict="agree")
        do(a_reviewer(), draft, Act.SCHEDULE, on=today())


class TestPublishing:
    def test_on_its_day_it_becomes_the_next_version_and_every_node_is_told(self):
        publish(ITEM)
        draft = passed()
        do(a_reviewer(), draft, Act.SCHEDULE, on=today() + timedelta(days=7), said="等系统升级")
        duties.publish_drafts(None)
        assert queries.find_version(ITEM, "34").version == 1
        later(7)
        duties.publish_drafts(None)
        row = queries.find_version(ITEM, "34")
        assert (row.version, row.effective_from, row.digest) == (2, today(), now_of(draft).digest)
        assert (now_of(draft).status, now_of(draft).version) == ("published", 2)
        told = Delivery.objects.filter(subject=item_subject(ITEM, "34")).values_list("receiver", flat=True)
        assert set(told) == {"00", "31", "32"}

    def test_the_public_change_log_says_why_and_which_offices_stand_behind_it(self):
        passed()
        duties.publish_drafts(None)
        why = ItemChange.objects.get(item=ITEM, what="published").why
        assert why.startswith("按新规定精简材料（安徽省数据资源管理局")
        assert "市场监督管理局" in why
        assert "1 个配合单位" in why

    def test_the_record_of_the_draft_names_everybody(self):
        draft = passed()
        duties.publish_drafts(None)
        steps = DraftStep.objects.filter(draft=draft).order_by("no")
        assert [(step.act, step.by is None) for step in steps] == [
            ("begin", False),
            ("send", False),
            ("consult", False),
            ("opine", False),
            ("schedule", False),
            ("publish", True),
        ]

    def test_the_record_is_never_rewritten(self):
        sent()
        with pytest.raises(ProgrammingError):
            DraftStep.objects.update(said="另一个")

    def test_the_duty_done_again_changes_nothing(self):
        draft = passed()
        duties.publish_drafts(None)
        duties.publish_drafts(None)
        assert actions.publish_draft(OPERATOR, draft.id) is None
        assert ItemVersion.objects.filter(item=ITEM).count() == 1

    def test_late_it_applies_from_the_day_on_which_it_is_published(self):
        passed()
        later(3)
        duties.publish_drafts(None)
        assert queries.find_version(ITEM, "34").effective_from == today()

    def test_killed_before_the_end_nothing_was_done_and_the_next_run_does_it(self, monkeypatch):
        draft = passed()

        def killed(*args, **kwargs):
            raise KeyboardInterrupt

        with monkeypatch.context() as patched:
            patched.setattr(actions.appointed, "note_step", killed)
            with pytest.raises(KeyboardInterrupt):
                duties.publish_drafts(None)
        assert not ItemVersion.objects.filter(item=ITEM).exists()
        assert now_of(draft).status == "scheduled"
        duties.publish_drafts(None)
        assert ItemVersion.objects.get(item=ITEM).version == now_of(draft).version == 1

    def test_what_came_back_after_a_restore_is_not_published_twice(self):
        draft = passed()
        row = now_of(draft)
        actions.publish(OPERATOR, content=actions.appointed.parse_json(bytes(row.content)))
        duties.publish_drafts(None)
        assert (now_of(draft).status, now_of(draft).version) == ("published", 1)
        assert ItemVersion.objects.filter(item=ITEM).count() == 1

    def test_what_cannot_be_published_on_its_day_goes_back_with_the_reason(self):
        draft = passed()
        publish(ITEM)
        duties.publish_drafts(None)
        assert (now_of(draft).status, now_of(draft).publish_on) == ("drafting", None)
        assert "第 1 版" in DraftStep.objects.get(draft=draft, act="fail").said

    def test_withdrawn_before_its_day_it_is_never_published(self):
        draft = passed()
        do(a_drafter(), draft, Act.WITHDRAW, said="改由新办法规定")
        duties.publish_drafts(None)
        assert not ItemVersion.objects.filter(item=ITEM).exists()

    def test_only_the_node_publishes(self):
        officer = Actor(role=Role.OFFICER, node="34", person=a_reviewer().person)
        refused("not_allowed", actions.publish_draft, officer, passed().id)


def test_an_ended_draft_is_listed_as_ended_and_what_waits_is_marked():
    draft = sent()
    waiting = {name: queries.drafts(who)[0].waits for name, who in (("lead", a_reviewer()), ("own", a_drafter()))}
    assert waiting == {"lead": True, "own": False}
    do(a_drafter(), draft, Act.WITHDRAW, said="x")
    assert queries.drafts(a_reviewer()) == []
    assert [found.draft.id for found in queries.drafts(a_reviewer(), ended=True)] == [draft.id]
    assert Draft.objects.count() == 1
