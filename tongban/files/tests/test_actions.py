import hashlib
import io
import uuid

import pytest

from tongban.base.actor import Actor, Role
from tongban.base.errors import Rejected
from tongban.files import actions, queries
from tongban.files.models import Claim, File, Want

pytestmark = pytest.mark.django_db

ACTOR = Actor(role=Role.APPLICANT, node="34")
PDF = b"%PDF-1.7 content"


@pytest.fixture(autouse=True)
def state(settings, tmp_path):
    settings.STATE = tmp_path


def test_a_kept_file_is_found_by_its_digest_and_reads_the_same():
    kept = actions.keep(ACTOR, io.BytesIO(PDF), media_type="application/pdf")
    assert kept.digest == hashlib.sha256(PDF).hexdigest()
    with queries.open_file(kept.digest) as file:
        assert file.read() == PDF


def test_the_same_content_twice_is_one_file():
    actions.keep(ACTOR, PDF, media_type="application/pdf")
    actions.keep(ACTOR, PDF, media_type="application/pdf")
    assert File.objects.count() == 1


@pytest.mark.parametrize(
    ("content", "media_type", "reason"),
    [
        (b"", "application/pdf", "file_empty"),
        (b"MZ", "application/pdf", "file_differs"),
        (b"MZ", "application/x-msdownload", "file_type"),
        (b"%PDF-" + b"0" * 20_000_000, "application/pdf", "file_too_large"),
    ],
)
def test_what_is_not_a_proper_file_is_refused_and_leaves_nothing_behind(content, media_type, reason, tmp_path):
    with pytest.raises(Rejected) as refusal:
        actions.keep(ACTOR, content, media_type=media_type)
    assert refusal.value.reason == reason
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


def test_a_node_that_has_the_first_files_may_pull_those_named_later_and_after_a_restore_all_of_them():
    case = uuid.uuid4()
    actions.allow("a" * 64, case=case, nodes=["31"])
    actions.allow("b" * 64, case=case, nodes=["31"])
    actions.release(case=case, by="31", digests=["a" * 64])
    assert (Claim.objects.get(digest="a" * 64).nodes, Claim.objects.get(digest="b" * 64).nodes) == ([], ["31"])
    assert queries.may_pull("31", "a" * 64, case)
    assert queries.may_pull("31", "b" * 64, case)


def test_a_node_that_is_forbidden_pulls_nothing_even_if_it_had_it():
    case = uuid.uuid4()
    actions.allow("a" * 64, case=case, nodes=["31"])
    actions.release(case=case, by="31", digests=["a" * 64])
    actions.forbid(cases=[case], node="31")
    assert not queries.may_pull("31", "a" * 64, case)


def test_only_a_node_allowed_for_the_case_may_pull():
    case, other = uuid.uuid4(), uuid.uuid4()
    actions.allow("a" * 64, case=case, nodes=["31"])
    actions.allow("a" * 64, case=case, nodes=["32"])
    assert queries.may_pull("31", "a" * 64, case)
    assert queries.may_pull("32", "a" * 64, case)
    assert not queries.may_pull("33", "a" * 64, case)
    assert not queries.may_pull("31", "a" * 64, other)


def test_a_wanted_file_is_asked_for_once_and_waits_after_trouble():
    case = uuid.uuid4()
    actions.want("b" * 64, case=case, source_node="31")
    actions.want("b" * 64, case=case, source_node="31")
    (wanted,) = queries.wants_due()
    actions.postpone(wanted, trouble="away")
    assert not queries.wants_due().exists()
    assert queries.wanted(case) == {"b" * 64}
    actions.settle(wanted)
    assert not Want.objects.exists()


def test_a_row_without_its_bytes_stands_for_no_file_until_they_are_kept_again():
    kept = actions.keep(ACTOR, PDF, media_type="application/pdf")
    queries.path_of(kept.digest).unlink()
    assert queries.find_file(kept.digest) is None
    assert queries.missing([kept.digest]) == {kept.digest}
    with pytest.raises(File.DoesNotExist):
        queries.open_file(kept.digest)
    actions.keep(ACTOR, PDF, media_type="application/pdf")
    assert queries.missing([kept.digest]) == set()
