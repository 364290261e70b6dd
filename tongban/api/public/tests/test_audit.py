"""What an auditor takes away to recompute elsewhere: the bytes as they were signed and stored."""

import json
from base64 import urlsafe_b64decode

import pytest

from tongban.api.public.tests.build import XUHUI, act, an_auditor, an_officer, ground, handed_in, wang
from tongban.base.canonical import digest
from tongban.base.uuid7 import uuid7
from tongban.cases.models import Case
from tongban.exchange.models import Delivery
from tongban.exchange.tests.build import a_letter
from tongban.journal.models import Entry

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _ground(settings, tmp_path):
    ground(settings, tmp_path)


def unpacked(text: str) -> bytes:
    return urlsafe_b64decode(text + "=" * (-len(text) % 4))


def test_a_case_is_given_as_signed_headers_and_the_bodies_whose_digests_they_name():
    case = handed_in(wang())
    act(an_officer(), case, "accept", opinion="内部意见")
    evidence = an_auditor().get(f"/audit/cases/{case}").json()
    assert len(evidence["steps"]) == 2
    before = None
    for number, step in enumerate(evidence["steps"], start=1):
        payload = unpacked(step["letter"]["payload"])
        header = json.loads(payload)["data"]
        assert (header["no"], header["prev"]) == (number, before)
        assert {name: digest(unpacked(body)) for name, body in step["bodies"].items()} == header["bodies"]
        before = digest(payload)
    assert before == Case.objects.get(id=case).head_digest


def test_the_files_that_a_case_names_are_given_by_digest():
    case, auditor = handed_in(wang()), an_auditor()
    files = auditor.get(f"/audit/cases/{case}").json()["files"]
    assert len(files) == 2
    for name in files:
        assert digest(auditor.read(f"/audit/files/{name}")) == name
    assert auditor.get(f"/audit/files/{'0' * 64}").status_code == 404


def test_an_auditors_look_is_on_record_before_he_reads():
    case, auditor = handed_in(wang()), an_auditor()
    auditor.get(f"/audit/cases/{case}")
    look = Entry.objects.get(event="look", case=case)
    assert (look.role, look.what) == ("auditor", "evidence")


def test_letters_are_given_sent_ones_first_page_after_page():
    handed_in(wang(), place=XUHUI)
    for number in range(130):
        a_letter(subject=f"s-{number}")
    letters = list(an_auditor().all("/audit/letters"))
    assert {letter["direction"] for letter in letters} == {"sent"}
    digests = [digest(unpacked(letter["letter"]["payload"])) for letter in letters]
    assert len(digests) == len(set(digests)) == Delivery.objects.count()
    assert all(letter["receipt"] is None for letter in letters)


def test_cases_are_listed_once_each_page_after_page():
    first = Case.objects.get(id=handed_in(wang()))
    values = {field.attname: getattr(first, field.attname) for field in Case._meta.fields}
    Case.objects.bulk_create(Case(**{**values, "id": uuid7()}) for _ in range(120))
    found = [entry["case_id"] for entry in an_auditor().all("/audit/cases")]
    assert len(found) == len(set(found)) == 121
    assert found == sorted(found)


@pytest.mark.parametrize(("path", "queries"), [("/audit/cases", 2), ("/audit/letters", 2)])
def test_a_list_costs_the_same_number_of_queries_however_long(path, queries, django_assert_num_queries):
    auditor = an_auditor()
    for number in range(20):
        a_letter(subject=f"s-{number}")
    handed_in(wang(), place=XUHUI)
    with django_assert_num_queries(queries):
        auditor.get(path)


@pytest.mark.parametrize("cursor", ["c2VudHw", "c2VudHx4", "b3RoZXJ8MQ", "aGVhcmR8LTE"])
def test_a_cursor_that_was_never_given_out_is_404(cursor):
    assert an_auditor().get("/audit/letters", cursor=cursor).status_code == 404
