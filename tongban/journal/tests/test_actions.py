from dataclasses import replace
from uuid import uuid4

import pytest
from django.core.management import call_command
from django.db import ProgrammingError, transaction

from tongban.base.actor import Actor, Role, Via, system
from tongban.base.errors import Rejected
from tongban.journal import actions, queries
from tongban.journal.models import Entry

pytestmark = pytest.mark.django_db

OFFICER = Actor(role=Role.OFFICER, node="34", person=uuid4(), organ="119999340001230123")
WANG = Actor(role=Role.APPLICANT, node="34", person=uuid4())
AUDITOR = Actor(role=Role.AUDITOR, node="34", person=uuid4())


def a_look(actor=OFFICER, **changes) -> Entry:
    facts = {"subject": WANG.person, "case": uuid4(), "what": "id_number", "purpose": "核验身份"}
    return actions.record_look(actor, **{**facts, **changes})


def test_a_person_sees_who_looked_and_for_what():
    entry = a_look()
    found = queries.looks_at(WANG, WANG.person).get()
    assert (found.id, found.role, found.organ, found.what) == (entry.id, "officer", OFFICER.organ, "id_number")


def test_nobody_stands_in_the_journal_under_his_id():
    entry = a_look()
    row = str(Entry.objects.values().get(id=entry.id))
    assert str(WANG.person) not in row
    assert str(OFFICER.person) not in row


def test_a_look_needs_a_purpose():
    with pytest.raises(Rejected, match="no_purpose"):
        a_look(purpose="  ")
    assert not Entry.objects.exists()


def test_a_purpose_carries_no_number():
    assert a_look(purpose="核对13812345678").purpose == "核对***"


def test_a_stranger_sees_no_looks_and_an_auditor_all():
    a_look()
    with pytest.raises(Rejected, match="not_found"):
        queries.looks_at(replace(WANG, person=uuid4()), WANG.person)
    with pytest.raises(Rejected, match="not_found"):
        queries.looks_at(OFFICER, WANG.person)
    assert queries.looks_at(AUDITOR, WANG.person).count() == 1
    assert queries.looks_by(AUDITOR, OFFICER.person).count() == 1
    with pytest.raises(Rejected, match="not_allowed"):
        queries.looks_by(WANG, OFFICER.person)


def test_an_agents_principal_sees_the_looks_at_himself():
    a_look()
    agent = Actor(role=Role.APPLICANT, node="34", person=uuid4(), on_behalf_of=WANG.person)
    assert queries.looks_at(agent, WANG.person).count() == 1


def test_events_hold_no_looks_and_are_for_operators_and_auditors():
    a_look()
    peer = Actor(role=Role.SYSTEM, node="31", via=Via.LETTER)
    actions.record(peer, event="letter_refused", facts={"reason": "fork", "phone": "13812345678", "none": None})
    found = queries.events(Actor(role=Role.OPERATOR, node="34")).get()
    assert (found.event, found.node, found.facts) == ("letter_refused", "31", {"reason": "fork", "phone": "***"})
    assert queries.events(AUDITOR, event="other").count() == 0
    with pytest.raises(Rejected, match="not_allowed"):
        queries.events(OFFICER)


def test_the_program_itself_cannot_change_or_remove_a_row():
    entry = a_look()
    for change in (lambda: Entry.objects.update(purpose="x"), lambda: Entry.objects.filter(id=entry.id).delete()):
        with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
            change()
    assert Entry.objects.get().purpose == "核验身份"


def test_after_a_new_look_up_key_earlier_looks_are_still_found(settings, tmp_path):
    settings.STATE = tmp_path
    call_command("make_keys", verbosity=0)
    a_look()
    call_command("rotate_keys", "lookup", verbosity=0)
    a_look(actor=system("34"))
    assert queries.looks_at(WANG, WANG.person).count() == 2
    assert len(set(Entry.objects.values_list("subject", flat=True))) == 2
