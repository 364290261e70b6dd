"""Uploads, and who may read what was uploaded."""

import pytest

from tongban.api.public.tests.build import (
    a_clerk,
    an_auditor,
    an_officer,
    an_operator,
    ground,
    handed_in,
    li,
    wang,
)
from tongban.base.canonical import digest
from tongban.journal.models import Entry

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _ground(settings, tmp_path):
    ground(settings, tmp_path)


def a_paper_of(visitor) -> tuple[str, str]:
    case = handed_in(visitor)
    return case, visitor.get(f"/applications/{case}").json()["materials"][0]["digest"]


def test_a_file_is_known_by_the_digest_of_its_bytes():
    answer = wang().upload("示例").json()
    assert answer == {"digest": digest(b"%PDF-1.4 " + "示例".encode()), "size": 15}


@pytest.mark.parametrize(
    ("content", "content_type", "status", "reason"),
    [
        (b"no pdf", "application/pdf", 409, "file_differs"),
        (b"MZ", "application/x-msdownload", 415, "file_type"),
        (b"MZ", "", 415, "file_type"),
        (b"%PDF-" + b"a" * 20_000_000, "application/pdf", 413, "file_too_large"),
    ],
)
def test_what_is_no_paper_is_refused_with_a_reason(content, content_type, status, reason):
    answer = wang().raw("POST", "/files", content, content_type=content_type)
    assert (answer.status_code, answer.json()["reason"]) == (status, reason)


def test_those_who_handle_no_papers_upload_none():
    for visitor in (an_operator(), an_auditor()):
        assert visitor.upload().status_code == 403


def test_the_person_and_the_officer_read_a_paper_of_the_case_and_only_the_officers_look_is_on_record():
    visitor = wang()
    case, paper = a_paper_of(visitor)
    for reader in (visitor, an_officer()):
        assert digest(reader.read(f"/cases/{case}/files/{paper}")) == paper
    assert Entry.objects.filter(event="look", what="material", case=case).count() == 1


def test_a_digest_is_no_permission():
    case, paper = a_paper_of(wang())
    own = handed_in(li())
    for reader in (li(), a_clerk(), an_auditor()):
        assert reader.get(f"/cases/{case}/files/{paper}").status_code == 404
    assert an_officer().get(f"/cases/{own}/files/{paper}").status_code == 404
