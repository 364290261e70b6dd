"""Applications from draft to ask, on PostgreSQL as the app role."""

import contextlib
import json
import threading

import pytest
from django.db import connection, transaction

from tongban.applications.actions import attach, drop, fill, note_custody, return_at_once, start, submit
from tongban.applications.models import Application, Paper
from tongban.applications.queries import find_paper, get_application, my_drafts, unregistered
from tongban.base.actor import Actor, Role, Via
from tongban.base.canonical import digest
from tongban.base.errors import Rejected
from tongban.base.uuid7 import uuid7
from tongban.cases.models import Ask, Case
from tongban.cases.rules.table import Act
from tongban.cases.tests.build import (
    FEIXI,
    XUHUI,
    an_officer,
    do,
    in_force,
    item_content,
    publish,
)
from tongban.catalogue.models import ItemVersion
from tongban.catalogue.tests.build import a_definition, an_agreement_content
from tongban.exchange.models import Letter
from tongban.exchange.tests.build import a_federation, wait_until_somebody_waits
from tongban.files.actions import keep
from tongban.orgs.models import Organ
from tongban.orgs.tests.build import HEFEI, some_organs
from tongban.people.tests.build import a_company, a_person

pytestmark = pytest.mark.django_db

ANSWERS = {
    "operation": "personal",
    "premises": "shop",
    "permit": "no",
    "address": "示例路1号",
    "scope": "小吃服务",
    "employees": "2",
}


@pytest.fixture(autouse=True)
def _ground(settings, tmp_path):
    a_federation(settings, tmp_path)
    some_organs()
    publish()


def a_citizen() -> Actor:
    return Actor(role=Role.APPLICANT, node="34", person=a_person().id, via=Via.WEB)


def a_clerk() -> Actor:
    hall = Organ.objects.get(kind="service_hall", division_id=HEFEI)
    return Actor(role=Role.CLERK, node="34", person=uuid7(), organ=hall.code, via=Via.COUNTER)


def shanghai_publishes() -> None:
    publish(province="31")
    in_force(an_agreement_content())


def a_draft(actor=None, *, place=FEIXI, **more) -> tuple[Actor, Application]:
    actor = actor or a_citizen()
    answers = {**ANSWERS, "business_place": place}
    return actor, start(actor, item="kstb-1-37", place=place, receiving_place=FEIXI, answers=answers, **more)


def a_scan(actor, application, *materials) -> None:
    for material in materials:
        file = keep(actor, b"%PDF-1.4 " + material.encode(), media_type="application/pdf")
        attach(actor, application.id, material=material, digest=file.digest, name=f"{material}.pdf")


def complete(actor=None, **more) -> tuple[Actor, Application]:
    actor, application = a_draft(actor, **more)
    a_scan(actor, application, "application", "premises_proof")
    return actor, application


def test_what_is_made_here_for_here_opens_the_case_at_once():
    actor, application = complete()
    submit(actor, application.id)
    case = Case.objects.get(id=application.id)
    assert (case.is_home, case.status, case.applicant) == (True, "submitted", actor.person)
    assert not unregistered(actor).exists()


def test_what_is_made_here_for_elsewhere_gets_a_receipt_and_becomes_an_ask():
    shanghai_publishes()
    actor, application = complete(place=XUHUI)
    submit(actor, application.id)
    ask = Ask.objects.get(case_id=application.id)
    letter = json.loads(bytes(Letter.objects.get(id=ask.letter).payload))
    assert (ask.act, ask.home, ask.outcome) == ("open", "31", "waiting")
    assert "示例王芳" not in json.dumps(letter, ensure_ascii=False)
    assert list(unregistered(actor)) == [get_application(actor, application.id)]
    page = find_paper(actor, application.id, kind="receipt")
    assert get_application(actor, application.id).number in page
    assert "0551-12345" in page


def test_the_receipt_is_kept_as_it_was_handed_out():
    actor, application = complete()
    submit(actor, application.id)
    row = Paper.objects.get(application=application)
    assert row.digest == digest(find_paper(actor, application.id, kind="receipt").encode())
    assert "示例王芳".encode() not in bytes(row.content)


def test_everything_that_is_missing_is_told_at_one_time_and_nothing_is_lost():
    actor, application = a_draft()
    fill(actor, application.id, answers={**ANSWERS, "business_place": FEIXI, "scope": ""})
    with pytest.raises(Rejected) as refusal:
        submit(actor, application.id)
    assert set(refusal.value.fields) == {"answers.scope", "materials.application", "materials.premises_proof"}
    assert my_drafts(actor).count() == 1


def test_a_draft_changed_in_another_window_is_not_overwritten():
    actor, application = a_draft()
    fill(actor, application.id, answers=ANSWERS, seen=application.revision)
    with pytest.raises(Rejected, match="draft_changed"):
        fill(actor, application.id, answers={}, seen=application.revision)


def test_handing_in_twice_makes_one_case():
    actor, application = complete()
    submit(actor, application.id)
    with pytest.raises(Rejected, match="submitted_already"):
        submit(actor, application.id)
    assert Case.objects.count() == 1


def test_a_stranger_learns_not_even_that_the_draft_exists():
    _, application = a_draft()
    stranger = Actor(role=Role.APPLICANT, node="34", person=uuid7())
    for attempt in (lambda: submit(stranger, application.id), lambda: drop(stranger, application.id)):
        with pytest.raises(Rejected, match="not_found"):
            attempt()


def test_answers_lie_encrypted():
    _, application = a_draft()
    assert "示例路1号".encode() not in bytes(Application.objects.get(id=application.id).content)


def test_an_item_for_natural_persons_is_not_for_companies():
    company = Actor(role=Role.APPLICANT, node="34", person=uuid7(), on_behalf_of=a_company().id, via=Via.WEB)
    actor, application = complete(company)
    with pytest.raises(Rejected, match="not_served"):
        submit(actor, application.id)


def test_where_no_agreement_reaches_nothing_begins():
    publish(province="31")
    with pytest.raises(Rejected, match="no_agreement"):
        a_draft(place=XUHUI)


def test_a_counter_receives_for_a_person_and_hands_out_the_number():
    shanghai_publishes()
    clerk = a_clerk()
    _, application = a_draft(clerk, place=XUHUI, applicant=a_person().id)
    a_scan(clerk, application, "application", "premises_proof")
    submit(clerk, application.id)
    kept = get_application(clerk, application.id)
    assert (kept.channel, kept.mode, kept.organ) == ("counter", "counter", clerk.organ)
    assert Organ.objects.get(code=clerk.organ).name in find_paper(clerk, application.id, kind="receipt")


def test_an_intake_without_applicant_is_saved_but_not_handed_in():
    clerk = a_clerk()
    _, application = a_draft(clerk)
    with pytest.raises(Rejected, match="no_applicant"):
        submit(clerk, application.id)
    assert get_application(clerk, application.id).state == "draft"


def test_another_counter_does_not_see_the_intake():
    clerk = a_clerk()
    _, application = a_draft(clerk)
    other = Actor(role=Role.CLERK, node="34", person=uuid7(), organ="other", via=Via.COUNTER)
    with pytest.raises(Rejected, match="not_found"):
        get_application(other, application.id)


def test_papers_given_back_on_the_spot_name_everything_that_is_missing():
    clerk = a_clerk()
    _, application = a_draft(clerk, applicant=a_person().id)
    return_at_once(clerk, application.id, reason="缺少经营场所使用证明")
    page = find_paper(clerk, application.id, kind="returned")
    assert "经营场所使用证明" in page
    assert get_application(clerk, application.id).state == "returned"
    assert not Case.objects.exists()
    with pytest.raises(Rejected, match="submitted_already"):
        submit(clerk, application.id)


def with_an_original() -> None:
    """The item, but the proof of premises is held as an original."""
    ItemVersion.objects.all().delete()
    materials = [{**entry, "original": entry["key"] == "premises_proof"} for entry in item_content()["materials"]]
    publish(materials=materials)


def test_an_original_is_held_only_where_the_item_demands_it():
    with_an_original()
    clerk = a_clerk()
    _, application = a_draft(clerk, applicant=a_person().id)
    with pytest.raises(Rejected, match="no_original"):
        note_custody(clerk, application.id, event="custody_taken", material="application")
    held = note_custody(clerk, application.id, event="custody_taken", material="premises_proof")
    assert (held.place, held.number[0]) == ("here", "Y")
    with pytest.raises(Rejected, match="custody_open"):
        drop(clerk, application.id)
    note_custody(clerk, application.id, event="custody_returned", material="premises_proof")
    drop(clerk, application.id)


def test_an_original_travels_only_after_the_home_has_looked_at_the_scans():
    with_an_original()
    clerk = a_clerk()
    _, application = a_draft(clerk, applicant=a_person().id)
    a_scan(clerk, application, "application", "premises_proof")
    note_custody(clerk, application.id, event="custody_taken", material="premises_proof")
    submit(clerk, application.id)
    case = Case.objects.get(id=application.id)
    sent = {"event": "custody_sent", "material": "premises_proof", "waybill": "EMS示例1"}
    with pytest.raises(Rejected, match="precheck_first"):
        note_custody(clerk, application.id, **sent)
    do(an_officer(), case, Act.RECORD, event="precheck_passed")
    assert note_custody(clerk, application.id, **sent).waybill == "EMS示例1"
    case.refresh_from_db()
    assert case.step_set.latest("no").header["facts"] == {"event": "custody_sent"}


def test_a_query_without_known_homes_asks_every_node_that_offers_it():
    for province in ("34", "31"):
        publish("kstb-1-06", province=province)
    in_force(an_agreement_content())
    actor = a_citizen()
    answers = a_definition("kstb-1-06").examples[0].answers
    application = start(actor, item="kstb-1-06", place=FEIXI, receiving_place=FEIXI)
    fill(actor, application.id, answers={**answers, "insured_places": []})
    made = submit(actor, application.id)
    assert {entry.place[:2] for entry in made} == {"31", "34"}
    assert len({entry.bundle for entry in made}) == 1
    assert Ask.objects.get().home == "31"
    assert Case.objects.get().home == "34"


@pytest.mark.django_db(transaction=True)
def test_an_original_taken_while_the_application_is_handed_in_does_not_make_a_draft_of_it_again():
    with_an_original()
    clerk, application = a_draft(a_clerk(), applicant=a_person().id)

    def take():
        with contextlib.suppress(Rejected):
            note_custody(clerk, application.id, event="custody_taken", material="premises_proof")
        connection.close()

    beside = threading.Thread(target=take)
    with transaction.atomic():
        Application.objects.select_for_update().get(id=application.id)
        beside.start()
        wait_until_somebody_waits()
        Application.objects.filter(id=application.id).update(state="submitted")
    beside.join()
    assert Application.objects.get(id=application.id).state == "submitted"
