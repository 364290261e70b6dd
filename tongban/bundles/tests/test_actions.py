"""A bundle from the first question to the last part, on PostgreSQL as the app role."""

import pytest
from django.db import transaction

from tongban.applications.models import Application
from tongban.applications.queries import content_of as application_content
from tongban.applications.tests.build import a_clerk, a_log_in, li, wang
from tongban.base.errors import NotYet, Rejected
from tongban.bundles import actions
from tongban.bundles.actions.following import follow, follow_bundles
from tongban.bundles.models import Bundle, Part
from tongban.bundles.queries import content_of, get_made, my_bundles, standings
from tongban.bundles.tests.build import (
    a_scan,
    answers_of,
    application,
    case_of,
    decide,
    filled_in,
    ground,
    part_of,
    states,
)
from tongban.calendar.queries import now
from tongban.cases.actions import take
from tongban.cases.models import Ask, Case
from tongban.cases.rules.table import Act
from tongban.cases.tests.build import FEIXI, XUHUI
from tongban.catalogue.models import ItemVersion
from tongban.files.models import Claim
from tongban.people.tests.build import a_company

pytestmark = pytest.mark.django_db


@pytest.fixture
def _jobless(settings, tmp_path):
    ground(settings, tmp_path)


def submitted(actor, event="unemployed", **changes) -> Bundle:
    made = filled_in(actor, event, **changes)
    return actions.submit(actor, made.id, seen=made.revision)


@pytest.mark.usefixtures("_jobless")
class TestHandingIn:
    def test_each_part_becomes_an_application_of_its_own_at_its_own_home(self):
        made = submitted(wang())
        assert states(made) == {"record": "made", "registration": "made", "claim": "waiting"}
        assert case_of(made, "registration").is_home
        assert case_of(made, "registration").place == FEIXI
        record = application(part_of(made, "record"))
        assert (record.state, record.place) == ("submitted", XUHUI)
        assert Ask.objects.get(case_id=record.id).home == "31"

    def test_what_is_asked_once_is_told_to_every_part(self):
        made = submitted(wang())
        told = [application_content(application(part_of(made, key)))["answers"] for key in ("record", "registration")]
        assert told[0]["employer"] == told[1]["last_employer"] == "示例电子有限公司"
        assert told[0]["insured_places"] == [XUHUI]

    def test_everything_that_is_missing_in_any_part_is_told_at_one_time(self):
        actor = wang()
        made = filled_in(actor, employer=None, **{"registration.education": None, "claim.card_bank": None})
        actions.remove_paper(actor, made.id, paper="claim.application")
        with pytest.raises(Rejected) as refusal:
            actions.submit(actor, made.id)
        assert refusal.value.fields == {
            "answers.employer": "answer_missing",
            "answers.registration.education": "answer_missing",
            "answers.claim.card_bank": "answer_missing",
            "materials.claim.application": "material_missing",
        }
        assert not Part.objects.exists()

    def test_handing_in_twice_makes_one_of_each(self):
        actor = wang()
        made = submitted(actor)
        with pytest.raises(Rejected, match="submitted_already"):
            actions.submit(actor, made.id)
        assert Application.objects.count() == 2

    def test_another_windows_changes_are_not_overwritten(self):
        actor = wang()
        made = filled_in(actor)
        with pytest.raises(Rejected, match="draft_changed"):
            actions.fill(actor, made.id, answers={}, seen=made.revision - 1)
        with pytest.raises(Rejected, match="draft_changed"):
            actions.submit(actor, made.id, seen=made.revision - 1)

    def test_a_part_that_cannot_be_begun_any_more_does_not_lose_the_others(self, monkeypatch):
        actor = wang()
        made = filled_in(actor)
        begin = actions.handing.applications.start

        def start(who, *, item, **more):
            if item == "kstb-3-06":
                raise Rejected("no_agreement")
            return begin(who, item=item, **more)

        monkeypatch.setattr(actions.handing.applications, "start", start)
        made = actions.submit(actor, made.id)
        assert states(made)["record"] == "refused"
        assert part_of(made, "record").why == "no_agreement"
        assert case_of(made, "registration").is_home
        monkeypatch.undo()
        actions.go_on(actor, made.id, part="record")
        assert states(made)["record"] == "made"

    def test_parts_that_are_not_needed_are_neither_asked_about_nor_handed_in(self):
        made = submitted(wang(), benefit="no", check="no")
        assert states(made) == {"record": "skipped", "registration": "made", "claim": "skipped"}
        assert Application.objects.count() == 1

    def test_a_part_that_is_suspended_at_its_home_is_named_as_to_be_done_apart(self):
        ItemVersion.objects.filter(item="kstb-3-06", province="31").update(suspended_from="2020-01-01")
        made = submitted(wang())
        assert (states(made)["record"], part_of(made, "record").why) == ("apart", "suspended")
        assert case_of(made, "registration").is_home

    def test_the_files_of_the_bundle_may_go_once_every_part_has_them(self):
        made = submitted(wang(), benefit="no")
        assert not Claim.objects.filter(case=made.id).exists()

    def test_the_files_stay_as_long_as_a_part_waits(self):
        made = submitted(wang())
        assert Claim.objects.filter(case=made.id).exists()

    def test_nothing_personal_lies_open_in_the_tables(self):
        made = submitted(wang())
        assert "示例电子".encode() not in bytes(part_of(made, "claim").content)
        assert bytes(Bundle.objects.get(id=made.id).content) == b""


@pytest.mark.usefixtures("_jobless")
class TestFollowing:
    def test_a_part_is_handed_in_when_the_one_before_it_is_granted_with_the_day_of_that(self):
        made = submitted(wang(), paying_place=FEIXI)
        registration = case_of(made, "registration")
        assert not follow_bundles(now())
        decide(registration, Act.ACCEPT, Act.GRANT)
        assert follow_bundles(now())
        claim = application(part_of(made, "claim"))
        granted = registration.step_set.get(act="grant").header["legal_date"]
        assert claim.state == "submitted"
        assert application_content(claim)["answers"]["registered_on"] == granted
        assert Case.objects.get(id=claim.id).applicant == made.applicant

    def test_following_again_does_nothing(self):
        made = submitted(wang(), paying_place=FEIXI)
        decide(case_of(made, "registration"), Act.ACCEPT, Act.GRANT)
        assert follow_bundles(now())
        assert not follow_bundles(now())
        assert not follow(part_of(made, "claim").pk)
        assert Application.objects.count() == 3

    def test_a_crash_between_the_two_leaves_it_for_the_next_time(self, monkeypatch):
        made = submitted(wang(), paying_place=FEIXI)
        decide(case_of(made, "registration"), Act.ACCEPT, Act.GRANT)
        monkeypatch.setattr(actions.following, "touch", lambda bundle: (_ for _ in ()).throw(NotYet("recovering")))
        assert not follow_bundles(now())
        assert (states(made)["claim"], Application.objects.count()) == ("waiting", 2)
        monkeypatch.undo()
        assert follow_bundles(now())
        assert Application.objects.count() == 3

    def test_when_the_one_before_fails_the_person_is_asked_and_the_rest_is_left_alone(self):
        made = submitted(wang())
        decide(case_of(made, "registration"), Act.DECLINE, reason="示例")
        assert follow_bundles(now())
        claim = part_of(made, "claim")
        assert (claim.state, claim.why, claim.application) == ("asked", "before_failed", None)
        assert my_bundles(a_log_in(made.applicant)).get().to_decide
        assert states(made)["record"] == "made"

    def test_she_can_go_on_all_the_same_and_then_completes_what_is_missing(self):
        actor = wang()
        made = submitted(actor, paying_place=FEIXI)
        decide(case_of(made, "registration"), Act.DECLINE, reason="示例")
        follow_bundles(now())
        actions.go_on(actor, made.id, part="claim")
        claim = part_of(made, "claim")
        assert (claim.state, claim.why) == ("made", "invalid")
        assert application(claim).state == "draft"
        assert standings([claim])[0].is_unsent

    def test_she_can_let_it_go(self):
        actor = wang()
        made = submitted(actor)
        decide(case_of(made, "registration"), Act.DECLINE, reason="示例")
        follow_bundles(now())
        actions.let_go(actor, made.id, part="claim")
        assert (states(made)["claim"], bytes(part_of(made, "claim").content)) == ("let_go", b"")
        assert not Claim.objects.filter(case=made.id).exists()

    def test_a_part_is_not_decided_on_before_it_is_asked_about(self):
        actor = wang()
        made = submitted(actor)
        with pytest.raises(Rejected, match="part_not_open"):
            actions.go_on(actor, made.id, part="claim")
        with pytest.raises(Rejected, match="part_not_open"):
            actions.let_go(actor, made.id, part="registration")
        with pytest.raises(Rejected, match="not_found"):
            actions.let_go(actor, made.id, part="nothing")

    def test_the_withdrawal_of_one_part_is_the_failure_of_what_waits_for_it_alone(self):
        actor = wang()
        made = submitted(actor)
        registration = case_of(made, "registration")
        take(actor, registration.id, Act.WITHDRAW, seen=registration.head, content={})
        follow_bundles(now())
        assert states(made) == {"record": "made", "registration": "made", "claim": "asked"}

    def test_what_waits_for_a_part_whose_home_took_no_ask_is_asked_about(self):
        made = submitted(wang(), register_place=XUHUI)
        asks = Ask.objects.filter(case_id=part_of(made, "registration").application)
        asks.update(outcome="rejected", reason="no_agreement")
        assert follow_bundles(now())
        assert states(made)["claim"] == "asked"


@pytest.mark.usefixtures("_jobless")
class TestWho:
    def test_another_persons_bundle_is_not_there(self):
        made = filled_in(wang())
        stranger = li()
        for act in (
            lambda: get_made(stranger, made.id),
            lambda: actions.fill(stranger, made.id, answers={}),
            lambda: actions.submit(stranger, made.id),
            lambda: actions.drop(stranger, made.id),
            lambda: actions.let_go(stranger, made.id, part="claim"),
        ):
            with pytest.raises(Rejected, match="not_found"):
                act()

    def test_a_clerk_at_a_counter_begins_none(self):
        with pytest.raises(Rejected, match="not_allowed"):
            actions.start(a_clerk(), key="unemployed", place=FEIXI)

    def test_nobody_begins_one_at_a_place_that_another_node_serves(self):
        with pytest.raises(Rejected) as refusal:
            actions.start(wang(), key="unemployed", place=XUHUI)
        assert refusal.value.fields == {"place": "not_a_place"}

    def test_who_is_not_served_begins_none(self):
        company = a_log_in(a_company().id)
        with pytest.raises(Rejected, match="not_served"):
            actions.start(company, key="unemployed", place=FEIXI)

    def test_there_is_no_bundle_of_another_name(self):
        with pytest.raises(Rejected, match="bundle_unknown"):
            actions.start(wang(), key="nothing", place=FEIXI)


@pytest.mark.usefixtures("_jobless")
class TestDrafts:
    def test_answers_to_questions_that_are_asked_no_more_do_not_stay(self):
        actor = wang()
        made = filled_in(actor)
        made = actions.fill(actor, made.id, answers=answers_of(benefit="no"))
        content = content_of(made)
        assert not any(name.startswith("claim.") for name in content["answers"])
        assert not any(name.startswith("claim.") for name in content["materials"])

    def test_a_paper_that_no_part_wants_is_not_taken(self):
        actor = wang()
        made = filled_in(actor)
        with pytest.raises(Rejected) as refusal:
            a_scan(actor, made, "nothing")
        assert refusal.value.fields == {"paper": "material_unknown"}

    def test_a_file_that_is_not_there_is_not_taken(self):
        actor = wang()
        made = filled_in(actor)
        with pytest.raises(Rejected, match="file_unknown"):
            actions.attach(actor, made.id, paper="identity", digest="0" * 64, name="a.pdf")

    def test_a_draft_that_was_given_up_is_gone_with_its_files(self):
        actor = wang()
        made = filled_in(actor)
        actions.drop(actor, made.id)
        assert not my_bundles(actor).exists()
        assert not Claim.objects.filter(case=made.id).exists()

    @pytest.mark.parametrize("answers", [{"benefit": ["yes"]}, {"register_place": {"a": 1}}, {"employer": 7}])
    def test_answers_of_another_shape_are_faults_not_defects(self, answers):
        actor = wang()
        made = filled_in(actor)
        actions.fill(actor, made.id, answers={**answers_of(), **answers})
        with transaction.atomic(), pytest.raises(Rejected, match="invalid"):
            actions.submit(actor, made.id)

    def test_an_answer_that_nobody_asked_for_is_not_kept(self):
        actor = wang()
        made = filled_in(actor, stranger="示例")
        assert "stranger" not in content_of(made)["answers"]
