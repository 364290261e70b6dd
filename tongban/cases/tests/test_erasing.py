"""What is left of a case when the time for keeping its contents is over."""

import json
from datetime import timedelta

import pytest
from django.utils import timezone

from tongban.base import keys
from tongban.base.actor import Actor, Role, system
from tongban.base.errors import Rejected
from tongban.base.seal import is_genuine, public_bytes
from tongban.cases import vault
from tongban.cases.actions import take
from tongban.cases.actions.erasing import erase_contents
from tongban.cases.actions.locking import encrypt_again
from tongban.cases.models import Body, Case, Dossier, Step
from tongban.cases.queries import find_document, get_view
from tongban.cases.queries.keeping import to_erase
from tongban.cases.rules.state import fold, from_json
from tongban.cases.rules.table import Act, Status
from tongban.cases.tests.build import a_case, an_officer, do, the_applicant
from tongban.exchange import queries as exchange
from tongban.exchange.models import Letter
from tongban.files.actions import allow
from tongban.files.models import Claim

pytestmark = pytest.mark.django_db

NODE = system("34")


def an_ended_case(*, days_ago: int = 200) -> Case:
    case = a_case()
    do(an_officer(), case, Act.DECLINE, reason="不符合条件")
    return aged(case, days_ago)


def aged(case: Case, days: int) -> Case:
    Case.objects.filter(id=case.id).update(changed_at=timezone.now() - timedelta(days=days))
    case.refresh_from_db()
    return case


def erase(*, home=True, days=180, **more) -> list[str]:
    return erase_contents(NODE, home=home, before=timezone.now() - timedelta(days=days), most=10, **more)


def test_bodies_and_dossier_go_and_every_one_is_named_with_its_digest():
    case = an_ended_case()
    digests = {f"body {case.id}/1/applicant {case.step_set.get(no=1).header['bodies']['applicant']}"}
    erased = erase()
    assert digests < set(erased)
    assert f"dossier {case.id}" in erased
    assert not Body.objects.filter(step__case=case).exists()
    assert not Dossier.objects.filter(case=case).exists()


def test_the_chain_still_verifies_and_the_state_can_still_be_folded():
    case = an_ended_case()
    erase()
    previous, headers = None, []
    for step in Step.objects.filter(case=case).order_by("no"):
        sealed = exchange.sealed_of(Letter.objects.get(id=step.letter))
        assert is_genuine(sealed, public_bytes(exchange.signer().key))
        assert (sealed.digest, json.loads(sealed.payload)["data"]["prev"]) == (step.digest, previous)
        previous = step.digest
        headers.append(step.header)
    assert fold(headers) == from_json(Case.objects.get(id=case.id).state)


def test_the_page_shows_which_steps_were_erased():
    case = an_ended_case()
    before = get_view(the_applicant(case), case.id).timeline
    assert [entry.erased for entry in before] == [False, False]
    number = before[1].documents[0]["number"]
    erase()
    after = get_view(the_applicant(case), case.id).timeline
    assert [(entry.act, entry.erased, entry.said) for entry in after] == [("open", True, {}), ("decline", True, {})]
    with pytest.raises(Rejected, match="erased"):
        find_document(the_applicant(case), case.id, number)


def test_an_erased_case_can_be_looked_at_by_officers_but_not_acted_on():
    case = an_ended_case()
    erase()
    officer = an_officer()
    view = get_view(officer, case.id)
    assert (view.acts, view.dossier) == ((), None)
    with pytest.raises(Rejected, match="erased"):
        take(officer, case.id, Act.REOPEN, seen=2, content={"reason": "复查"})


def test_the_files_of_an_erased_case_are_named_no_more():
    case = an_ended_case()
    allow("a" * 64, case=case.id, nodes=["31"])
    erase()
    assert not Claim.objects.filter(case=case.id).exists()


def test_a_case_that_is_not_ended_is_kept_however_old():
    case = aged(a_case(), 9000)
    assert erase() == []
    assert Body.objects.filter(step__case=case).exists()


def test_a_case_is_kept_until_its_day():
    an_ended_case(days_ago=179)
    assert erase(days=180) == []


def test_copies_and_cases_of_this_home_have_times_of_their_own():
    an_ended_case()
    assert erase(home=False) == []
    assert erase(home=True) != []


def test_a_pattern_that_is_not_asked_for_is_kept():
    an_ended_case()
    assert erase(patterns=["instant"]) == []
    assert erase(patterns=["approval"]) != []


def test_what_was_erased_is_not_looked_at_again():
    an_ended_case()
    erase()
    assert erase() == []
    assert not to_erase(NODE, home=True, before=timezone.now()).exists()


def test_nobody_but_the_node_erases():
    an_ended_case()
    with pytest.raises(Rejected, match="not_allowed"):
        erase_contents(Actor(role=Role.OPERATOR, node="34"), home=True, before=timezone.now(), most=1)


def test_bodies_and_dossiers_open_under_a_new_field_key_alone(settings, tmp_path):
    settings.STATE = tmp_path
    ring = keys.ring_for_tests("34", "field")
    keys.write_ring(tmp_path / "keys", "field", ring.keys)
    case = a_case()
    before = vault.unlock_json(Dossier.objects.get(case=case).content, place="dossier")
    newer = keys.new_key("34", ring)
    keys.write_ring(tmp_path / "keys", "field", [newer, *ring.keys])
    assert encrypt_again(NODE) == 2
    assert encrypt_again(NODE) == 0
    keys.write_ring(tmp_path / "keys", "field", [newer])
    assert vault.unlock_json(Dossier.objects.get(case=case).content, place="dossier") == before
    assert get_view(the_applicant(case), case.id).timeline[0].said["applicant"]["name"] == "示例王芳"
    assert Case.objects.get(id=case.id).status == Status.SUBMITTED
