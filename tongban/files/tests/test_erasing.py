"""Files leave when nothing names them any more, and never before."""

import threading
import uuid
from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.utils import timezone

from tongban.base.actor import Actor, Role, system
from tongban.base.errors import Rejected
from tongban.files import actions, queries
from tongban.files.models import Claim, File

NODE = system("34")
PDF = b"%PDF-1.7 content"


@pytest.fixture(autouse=True)
def state(settings, tmp_path):
    settings.STATE = tmp_path


def an_old_file(content=PDF) -> str:
    digest = actions.keep(NODE, content, media_type="application/pdf").digest
    File.objects.filter(digest=digest).update(kept_at=timezone.now() - timedelta(days=10))
    return digest


def erase() -> list[str]:
    return actions.erase_unnamed(NODE, before=timezone.now() - timedelta(days=7), most=10)


@pytest.mark.django_db
class TestErasing:
    def test_a_file_that_nothing_names_goes_with_its_bytes(self):
        digest = an_old_file()
        assert erase() == [f"file {digest}"]
        assert not queries.has(digest)
        assert not queries.path_of(digest).exists()

    def test_a_file_that_a_case_names_stays(self):
        digest, case = an_old_file(), uuid.uuid4()
        actions.allow(digest, case=case, nodes=[])
        assert erase() == []
        actions.let_go([digest], case=case)
        assert erase() == [f"file {digest}"]

    def test_a_file_goes_only_when_the_last_of_its_cases_lets_go(self):
        digest, one, other = an_old_file(), uuid.uuid4(), uuid.uuid4()
        for case in (one, other):
            actions.allow(digest, case=case, nodes=["31"])
        actions.let_go_all([one])
        assert erase() == []
        actions.let_go_all([other])
        assert not Claim.objects.exists()
        assert erase() == [f"file {digest}"]

    def test_a_file_still_wanted_stays(self):
        digest = an_old_file()
        actions.want(digest, case=uuid.uuid4(), source_node="31")
        assert erase() == []

    def test_a_file_just_uploaded_has_time_to_be_named(self):
        actions.keep(NODE, PDF, media_type="application/pdf")
        assert erase() == []

    def test_the_same_content_uploaded_again_begins_its_time_anew(self):
        an_old_file()
        actions.keep(NODE, PDF, media_type="application/pdf")
        assert erase() == []

    def test_a_row_left_by_a_crash_after_its_bytes_had_gone_is_removed_next_time(self):
        digest = an_old_file()
        queries.path_of(digest).unlink()
        assert erase() == [f"file {digest}"]
        assert not queries.has(digest)

    def test_erased_bytes_can_be_kept_again(self):
        digest = an_old_file()
        erase()
        assert actions.keep(NODE, PDF, media_type="application/pdf").digest == digest
        assert queries.path_of(digest).read_bytes() == PDF

    def test_nobody_but_the_node_erases(self):
        with pytest.raises(Rejected, match="not_allowed"):
            actions.erase_unnamed(Actor(role=Role.OPERATOR, node="34"), before=timezone.now(), most=1)


@pytest.mark.django_db(transaction=True)
def test_a_file_that_is_being_named_at_this_moment_is_left_alone():
    digest = an_old_file()
    named, looked = threading.Event(), threading.Event()

    def name_it():
        with transaction.atomic():
            actions.allow(digest, case=uuid.uuid4(), nodes=[])
            named.set()
            looked.wait(10)
        connection.close()

    thread = threading.Thread(target=name_it)
    thread.start()
    named.wait(10)
    try:
        assert erase() == []
    finally:
        looked.set()
        thread.join()
    assert queries.path_of(digest).exists()
