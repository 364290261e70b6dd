"""A supplement that changes what several signed is signed by all of them again before it goes to the home."""

from dataclasses import replace

import pytest

from tongban.applications.actions import ask_signatures, drop_supplement, send_supplement, sign, submit, supply
from tongban.applications.actions.erasing import erase_supplements
from tongban.applications.models import Signature, Supplement
from tongban.applications.queries import get_to_sign, signatures_of, to_sign, waiting_supplement
from tongban.applications.tests.build import OTHER, filled_in, li, publish_signed, wang
from tongban.base.actor import system
from tongban.base.errors import Rejected
from tongban.base.uuid7 import uuid7
from tongban.calendar.queries import now
from tongban.cases.actions import move
from tongban.cases.actions.consequences import read_dossier
from tongban.cases.models import Case, Step
from tongban.cases.rules.table import Act
from tongban.cases.tests.build import an_officer, do
from tongban.exchange.tests.build import a_federation
from tongban.orgs.tests.build import some_organs

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _ground(settings, tmp_path):
    a_federation(settings, tmp_path)
    some_organs()


def sign_as(actor, matter) -> None:
    sign(actor, matter, digest=get_to_sign(actor, matter)[0].digest)


def correcting(**parties) -> Case:
    """A case of both, whose scope has to be corrected."""
    publish_signed(**parties)
    application = filled_in(wang())
    ask_signatures(wang(), application.id)
    sign_as(li(), application.id)
    submit(wang(), application.id)
    case = Case.objects.get(id=application.id)
    do(an_officer(), case, Act.ASK_CORRECTION, targets=[{"target": "field:scope", "problem": "太笼统"}])
    return case


def refusal(act, *arguments, **more) -> Rejected:
    with pytest.raises(Rejected) as caught:
        act(*arguments, **more)
    return caught.value


SCOPE = {"answers": {"scope": "早点"}, "materials": []}


def test_a_supplement_waits_until_the_others_have_signed_it():
    case = correcting()
    supplement = supply(wang(), case.id, seen=case.head, content=SCOPE)
    assert isinstance(supplement, Supplement)
    assert [row.matter for row in to_sign(li())] == [supplement.id]
    assert refusal(send_supplement, wang(), supplement.id).reason == "signatures_missing"
    case.refresh_from_db()
    assert case.status == "correcting"


def test_what_is_new_is_shown_within_the_whole():
    case = correcting()
    supplement = supply(wang(), case.id, seen=case.head, content=SCOPE)
    matter, _ = get_to_sign(li(), supplement.id)
    assert (matter.answers["scope"], matter.answers["address"]) == ("早点", "示例路1号")
    assert matter.changed == SCOPE
    assert matter.number == case.number


def test_signed_by_all_it_goes_to_the_home_which_accepts_it():
    case = correcting()
    supplement = supply(li(), case.id, seen=case.head, content=SCOPE)
    sign_as(wang(), supplement.id)
    send_supplement(li(), supplement.id)
    case.refresh_from_db()
    assert (case.status, read_dossier(case)["answers"]["scope"]) == ("submitted", "早点")
    do(an_officer(), case, Act.ACCEPT)
    assert case.status == "accepted"


def test_the_home_takes_no_supplement_that_not_all_have_signed():
    case = correcting()
    assert refusal(move, wang(), case.id, Act.SUPPLY, seen=case.head, content=SCOPE).reason == "signatures_missing"


def test_where_the_item_does_not_say_so_a_supplement_goes_at_once():
    case = correcting(signs_supplements=False)
    assert isinstance(supply(wang(), case.id, seen=case.head, content=SCOPE), Step)
    case.refresh_from_db()
    do(an_officer(), case, Act.ACCEPT)
    assert case.status == "accepted"


def test_who_applies_does_not_change_by_a_supplement():
    publish_signed()
    application = filled_in(wang())
    ask_signatures(wang(), application.id)
    sign_as(li(), application.id)
    submit(wang(), application.id)
    case = Case.objects.get(id=application.id)
    do(an_officer(), case, Act.ASK_CORRECTION, targets=[{"target": "field:members", "problem": "号码不清"}])
    other = {**OTHER, "name": "示例成员", "id_number": "999934199001011010"}
    content = {"answers": {"members": [other]}, "materials": []}
    assert refusal(move, wang(), case.id, Act.SUPPLY, seen=case.head, content=content).reason == "parties_changed"


def test_what_the_home_would_refuse_is_refused_before_anybody_signs():
    case = correcting()
    found = refusal(supply, wang(), case.id, seen=case.head, content={"answers": {}, "materials": []})
    assert found.fields == {"field:scope": "still_missing"}
    assert not to_sign(li()).exists()


def test_only_one_supplement_waits_at_a_time():
    case = correcting()
    supply(wang(), case.id, seen=case.head, content=SCOPE)
    assert refusal(supply, li(), case.id, seen=case.head, content=SCOPE).reason == "supplement_waits"


def test_given_up_it_is_signed_by_nobody():
    case = correcting()
    supplement = supply(wang(), case.id, seen=case.head, content=SCOPE)
    drop_supplement(wang(), supplement.id)
    assert not to_sign(li()).exists()
    assert waiting_supplement(case.id) is None


def test_a_stranger_sends_and_drops_nothing():
    case = correcting()
    supplement = supply(wang(), case.id, seen=case.head, content=SCOPE)
    stranger = replace(wang(), person=uuid7())
    assert refusal(send_supplement, stranger, supplement.id).reason == "not_found"
    assert refusal(drop_supplement, stranger, supplement.id).reason == "not_found"


def test_what_was_sent_is_kept_no_longer_than_it_must():
    case = correcting()
    supplement = supply(wang(), case.id, seen=case.head, content=SCOPE)
    sign_as(li(), supplement.id)
    send_supplement(wang(), supplement.id)
    supplement.refresh_from_db()
    assert bytes(supplement.content) == b""
    erase_supplements(system("34"), before=now(), most=10)
    assert not Supplement.objects.exists()
    assert not signatures_of(supplement.id).exists()
    assert Signature.objects.filter(matter=case.id).count() == 2
