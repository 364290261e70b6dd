"""What is left of applications and papers when the time for keeping them is over."""

from datetime import timedelta

import pytest
from django.db import ProgrammingError, transaction
from django.utils import timezone

from tongban.applications import vault
from tongban.applications.actions import attach, drop, remove_material, return_at_once, submit
from tongban.applications.actions.erasing import encrypt_again, erase_papers, erase_sent, erase_unsent
from tongban.applications.models import Application, Custody, Paper
from tongban.applications.queries import content_of, find_paper, get_application
from tongban.applications.tests.test_actions import a_clerk, a_draft, a_scan, complete, shanghai_publishes
from tongban.base import keys
from tongban.base.actor import Actor, Role, system
from tongban.base.errors import Rejected
from tongban.cases.models import Ask, Case
from tongban.cases.tests.build import XUHUI, publish
from tongban.exchange.tests.build import a_federation
from tongban.files.actions import keep
from tongban.files.models import Claim
from tongban.orgs.tests.build import some_organs

pytestmark = pytest.mark.django_db

NODE = system("34")


@pytest.fixture(autouse=True)
def _ground(settings, tmp_path):
    a_federation(settings, tmp_path)
    some_organs()
    publish()


def days_ago(days: float):
    return timezone.now() - timedelta(days=days)


def aged(application: Application, days: float) -> Application:
    at = days_ago(days)
    Application.objects.filter(id=application.id).update(changed_at=at, submitted_at=at)
    application.refresh_from_db()
    return application


def unsent(days=90) -> list[str]:
    return erase_unsent(NODE, before=days_ago(days), most=10)


def sent(days=30) -> list[str]:
    return erase_sent(NODE, before=days_ago(days), most=10)


def answered(application: Application, *, days: float, outcome="taken") -> None:
    Ask.objects.filter(case_id=application.id).update(outcome=outcome, answered_at=days_ago(days))


def handed_in(*, place=None, days=40.0) -> tuple[Actor, Application]:
    if place:
        shanghai_publishes()
    actor, application = complete(place=place) if place else complete()
    submit(actor, application.id)
    return actor, aged(application, days)


class TestUnsent:
    def test_a_draft_goes_with_its_row_and_lets_go_of_its_files(self):
        _, application = complete()
        assert Claim.objects.filter(case=application.id).count() == 2
        aged(application, 91)
        assert [name.split()[1] for name in unsent()] == [str(application.id)]
        assert not Application.objects.filter(id=application.id).exists()
        assert not Claim.objects.filter(case=application.id).exists()

    def test_a_draft_worked_on_within_the_time_stays(self):
        _, application = a_draft()
        aged(application, 89)
        assert unsent() == []

    def test_what_was_given_up_goes_too(self):
        actor, application = a_draft()
        drop(actor, application.id)
        aged(application, 91)
        assert len(unsent()) == 1
        assert not Application.objects.exists()

    def test_a_draft_whose_original_lies_at_the_counter_stays(self):
        _, application = a_draft(a_clerk())
        Custody.objects.create(
            application=application,
            number="Y1",
            material="application",
            count=1,
            place="here",
            taken_at=timezone.now(),
            taken_by=application.clerk,
            changed_at=timezone.now(),
        )
        aged(application, 9000)
        assert unsent() == []
        Custody.objects.update(place="returned")
        assert len(unsent()) == 1
        assert Application.objects.get(id=application.id).content == b""
        assert unsent() == []

    def test_a_return_on_the_spot_keeps_its_row_and_its_paper(self):
        clerk, application = a_draft(a_clerk())
        return_at_once(clerk, application.id, reason="材料不全")
        aged(application, 91)
        assert len(unsent()) == 1
        assert content_of(get_application(clerk, application.id))["erased"] is True
        assert find_paper(clerk, application.id, kind="returned")


class TestSent:
    def test_a_sent_application_is_emptied_a_month_after_its_receipt(self):
        actor, application = handed_in(place=XUHUI)
        answered(application, days=31)
        assert [name.split()[1] for name in sent()] == [str(application.id)]
        content = content_of(get_application(actor, application.id))
        assert (content["answers"], content["materials"], content["erased"]) == ({}, [], True)
        assert Claim.objects.filter(case=application.id).exists()

    def test_one_that_waits_for_its_receipt_is_kept_however_old(self):
        handed_in(place=XUHUI, days=900)
        assert sent() == []

    def test_one_whose_receipt_is_young_is_kept(self):
        _, application = handed_in(place=XUHUI, days=900)
        answered(application, days=29)
        assert sent() == []

    def test_one_that_was_rejected_lets_go_of_its_files(self):
        _, application = handed_in(place=XUHUI)
        answered(application, days=31, outcome="rejected")
        assert len(sent()) == 1
        assert not Claim.objects.filter(case=application.id).exists()

    def test_one_made_for_this_home_is_emptied_a_month_after_the_case_was_opened(self):
        _, application = handed_in(days=29)
        assert sent() == []
        aged(application, 31)
        assert len(sent()) == 1
        assert sent() == []


class TestPapers:
    def test_a_paper_is_emptied_after_its_case_and_keeps_number_and_digest(self):
        actor, application = handed_in()
        before = Paper.objects.get(application=application)
        assert erase_papers(NODE, before=timezone.now(), most=10) == []
        Case.objects.filter(id=application.id).update(erased_at=timezone.now())
        assert erase_papers(NODE, before=timezone.now(), most=10) == [f"paper {before.number} {before.digest}"]
        after = Paper.objects.get(application=application)
        assert (after.number, after.digest, after.content) == (before.number, before.digest, b"")
        with pytest.raises(Rejected, match="erased"):
            find_paper(actor, application.id, kind="receipt")

    def test_a_paper_of_an_application_that_waits_for_its_home_is_kept(self):
        handed_in(place=XUHUI)
        assert erase_papers(NODE, before=timezone.now(), most=10) == []

    def test_nothing_but_the_page_of_a_paper_can_be_changed(self):
        handed_in()
        for change in ({"digest": "0" * 64}, {"number": "S0"}):
            with pytest.raises(ProgrammingError), transaction.atomic():
                Paper.objects.update(**change)
        with pytest.raises(ProgrammingError), transaction.atomic():
            Paper.objects.all().delete()


class TestFiles:
    def test_a_paper_taken_out_of_a_draft_is_named_no_more(self):
        actor, application = complete()
        remove_material(actor, application.id, material="premises_proof")
        assert Claim.objects.filter(case=application.id).count() == 1

    def test_a_paper_replaced_by_a_better_scan_is_named_no_more(self):
        actor, application = a_draft()
        a_scan(actor, application, "application")
        better = keep(actor, b"%PDF-1.4 better", media_type="application/pdf")
        attach(actor, application.id, material="application", digest=better.digest, name="b.pdf")
        assert Claim.objects.get(case=application.id).digest == better.digest

    def test_a_file_used_for_two_materials_stays_named_by_the_other(self):
        actor, application = a_draft()
        file = keep(actor, b"%PDF-1.4 both", media_type="application/pdf")
        for material in ("application", "premises_proof"):
            attach(actor, application.id, material=material, digest=file.digest, name="b.pdf")
        remove_material(actor, application.id, material="application")
        assert Claim.objects.get(case=application.id).digest == file.digest

    def test_a_digest_that_is_none_is_refused_in_words(self):
        actor, application = a_draft()
        for digest in ("", "x" * 200, "f" * 64):
            with pytest.raises(Rejected, match="file_unknown"):
                attach(actor, application.id, material="application", digest=digest, name="b.pdf")
        assert not Claim.objects.exists()


def test_nobody_but_the_node_erases():
    operator = Actor(role=Role.OPERATOR, node="34")
    for erase in (erase_unsent, erase_sent, erase_papers):
        with pytest.raises(Rejected, match="not_allowed"):
            erase(operator, before=timezone.now(), most=1)


def test_applications_and_papers_open_under_a_new_field_key_alone(settings):
    folder, ring = settings.STATE / "keys", keys.ring_for_tests("34", "field")
    keys.write_ring(folder, "field", ring.keys)
    actor, application = handed_in()
    content, page = content_of(application), find_paper(actor, application.id, kind="receipt")
    newer = keys.new_key("34", ring)
    keys.write_ring(folder, "field", [newer, *ring.keys])
    assert (encrypt_again(NODE), encrypt_again(NODE)) == (2, 0)
    keys.write_ring(folder, "field", [newer])
    application.refresh_from_db()
    assert vault.unlock_json(application.content) == content
    assert "示例" in (page or "")
