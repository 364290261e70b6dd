"""The one job, on PostgreSQL as the app role: what goes, what stays, and the proof."""

import os
from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest
from django.conf import settings as project
from django.core.management import CommandError, call_command
from django.db import DataError, ProgrammingError, connections, transaction
from django.utils import timezone

from tongban.base.actor import Actor, Role, system
from tongban.base.canonical import canonical_json, digest
from tongban.base.errors import Rejected
from tongban.cases.models import Body, Case
from tongban.cases.rules.table import Act
from tongban.cases.tests.build import a_case, an_officer, do
from tongban.files.actions import allow, keep
from tongban.files.models import File
from tongban.journal.actions import record
from tongban.journal.models import Entry
from tongban.looks.models import Inquiry, Told
from tongban.retention import queries
from tongban.retention.actions import OWNER, erase_some, rules
from tongban.retention.duties import erase_expired
from tongban.retention.models import Erasure

NODE = system("34")


@pytest.fixture(autouse=True)
def state(settings, tmp_path):
    settings.STATE = tmp_path


def in_days(days: float):
    return timezone.now() + timedelta(days=days)


def an_ended_case(**changes) -> Case:
    case = a_case()
    do(an_officer(), case, Act.DECLINE, reason="不符合条件")
    Case.objects.filter(id=case.id).update(**changes)
    case.refresh_from_db()
    return case


def work(days: float) -> None:
    """The duty as the worker does it: again while there is more."""
    while erase_expired(in_days(days)):
        pass


@pytest.mark.django_db
class TestTheJob:
    def test_a_copy_goes_after_half_a_year_and_a_proof_stays(self):
        case = an_ended_case(is_home=False)
        bodies = [
            f"body {case.id}/{body.step.no}/{body.audience} {body.step.header['bodies'][body.audience]}"
            for body in Body.objects.select_related("step")
        ]
        work(179)
        assert Body.objects.count() == len(bodies)
        work(181)
        assert not Body.objects.exists()
        proof = queries.erasures(NODE).get(rule="copy")
        erased = [f"case {case.id} {case.head_digest}", f"dossier {case.id}", *bodies]
        assert (proof.days, proof.count) == (180, len(erased))
        assert proof.digest == digest(canonical_json(sorted(erased)))

    def test_a_case_of_this_home_is_kept_as_long_as_its_pattern_says(self):
        approval, instant = an_ended_case(), an_ended_case(pattern="instant")
        work(367)
        assert Case.objects.get(id=approval.id).erased_at is None
        assert Case.objects.get(id=instant.id).erased_at is not None
        work(3654)
        assert Case.objects.get(id=approval.id).erased_at is not None
        assert sorted(queries.erasures(NODE).filter(rule="home").values_list("days", flat=True)) == [366, 3653]

    def test_a_file_goes_after_the_last_case_that_named_it(self):
        case = an_ended_case(is_home=False)
        file = keep(NODE, b"%PDF-1.7 content", media_type="application/pdf")
        allow(file.digest, case=case.id, nodes=[])
        work(100)
        assert File.objects.filter(digest=file.digest).exists()
        work(181)
        assert not File.objects.filter(digest=file.digest).exists()
        assert queries.erasures(NODE).get(rule="file").count == 1

    def test_a_copy_of_a_case_that_goes_on_elsewhere_goes_half_a_year_after_its_last_step_here(self):
        case = a_case()
        Case.objects.filter(id=case.id).update(is_home=False, left_at=timezone.now())
        work(179)
        assert Body.objects.exists()
        work(181)
        assert not Body.objects.exists()

    def test_what_others_told_of_looks_goes_half_a_year_after_it_was_asked_for(self):
        asked = Inquiry.objects.create(case=uuid4(), node="31", asked_at=timezone.now())
        look = {"case": asked.case, "node": "31", "role": "officer"}
        Told.objects.create(entry="1", at=timezone.now() - timedelta(days=900), **look)
        Told.objects.create(entry="2", at=timezone.now() - timedelta(days=1000), **look)
        work(100)
        assert [row.entry for row in Told.objects.all()] == ["1"]
        work(181)
        assert not Told.objects.exists()
        assert not Inquiry.objects.exists()
        assert set(queries.erasures(NODE).values_list("rule", flat=True)) == {"told", "inquiry"}

    def test_where_nothing_is_due_no_proof_is_written(self):
        a_case()
        work(0)
        assert not Erasure.objects.exists()

    def test_nothing_is_erased_when_its_proof_cannot_be_written(self):
        an_ended_case(is_home=False)
        rule = next(rule for rule in rules(NODE) if rule.name == "copy")
        with pytest.raises(DataError), transaction.atomic():
            erase_some(replace(rule, name="a name too long for its column"), now=in_days(181))
        assert Body.objects.exists()

    def test_another_table_of_periods_is_followed(self, settings, tmp_path):
        settings.RETENTION = tmp_path / "retention.toml"
        given = project.ROOT / "tongban" / "data" / "retention.toml"
        settings.RETENTION.write_text(given.read_text("utf-8").replace("copy = 180", "copy = 10"), "utf-8")
        an_ended_case(is_home=False)
        work(11)
        assert not Body.objects.exists()

    def test_nobody_but_the_node_runs_it(self):
        with pytest.raises(Rejected, match="not_allowed"):
            rules(Actor(role=Role.OPERATOR, node="34"))


@pytest.mark.django_db
class TestProofs:
    def test_operators_and_auditors_read_them_and_nobody_else(self):
        an_ended_case(is_home=False)
        work(181)
        for role in (Role.OPERATOR, Role.AUDITOR):
            assert queries.erasures(Actor(role=role, node="34")).exists()
        with pytest.raises(Rejected, match="not_allowed"):
            queries.erasures(Actor(role=Role.OFFICER, node="34"))

    def test_they_can_be_neither_changed_nor_removed_by_the_program(self):
        an_ended_case(is_home=False)
        work(181)
        for change in (lambda: Erasure.objects.update(count=0), lambda: Erasure.objects.all().delete()):
            with pytest.raises(ProgrammingError), transaction.atomic():
                change()


@pytest.mark.django_db
class TestCommand:
    def test_a_dry_run_counts_and_erases_nothing(self, capsys):
        an_ended_case(is_home=False)
        call_command("erase_expired", dry_run=True, on=in_days(181).date())
        lines = {line.split()[0]: line.split() for line in capsys.readouterr().out.splitlines()}
        assert lines["copy"][1:] == ["180", "days", "1", "due"]
        assert Body.objects.exists()
        assert not Erasure.objects.exists()

    def test_it_erases_what_the_worker_would(self, capsys):
        an_ended_case(is_home=False)
        call_command("erase_expired", on=in_days(181).date())
        assert not Body.objects.exists()
        assert "left alone" in capsys.readouterr().out

    def test_in_production_no_day_but_today_erases(self, settings):
        settings.DEMO = False
        with pytest.raises(CommandError, match="--dry-run"):
            call_command("erase_expired", on=in_days(9000).date())

    def test_a_table_that_cannot_be_read_is_one_sentence(self, settings, tmp_path):
        settings.RETENTION = tmp_path / "retention.toml"
        settings.RETENTION.write_text("draft = 90")
        with pytest.raises(CommandError, match="a table home"):
            call_command("erase_expired")


@pytest.fixture
def owner():
    """The owner's connection to the same database, as DATABASE_OWNER_URL gives it."""
    connections.settings[OWNER] = {
        **connections["default"].settings_dict,
        "USER": os.environ.get("TONGBAN_TEST_OWNER", "tongban_owner"),
    }
    connections[OWNER].connect()
    yield
    connections[OWNER].close()
    del connections[OWNER]
    del connections.settings[OWNER]


@pytest.mark.django_db(transaction=True)
class TestJournal:
    def test_the_owner_removes_what_is_older_than_three_years_and_proves_it(self, owner):
        old = record(NODE, event="letter_refused", facts={})
        named = f"entry {old.pk} letter_refused {old.at.isoformat()}"
        call_command("erase_expired", on=in_days(1095).date(), verbosity=0)
        assert Entry.objects.filter(pk=old.pk).exists()
        call_command("erase_expired", on=in_days(1098).date(), verbosity=0)
        assert not Entry.objects.filter(pk=old.pk).exists()
        assert queries.erasures(NODE).get(rule="journal").digest == digest(canonical_json([named]))

    def test_the_worker_cannot(self):
        entry = record(NODE, event="letter_refused", facts={"case": str(uuid4())})
        work(4000)
        assert Entry.objects.filter(pk=entry.pk).exists()
        with pytest.raises(ProgrammingError):
            Entry.objects.all().delete()
