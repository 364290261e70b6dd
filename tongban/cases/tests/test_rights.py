"""Who may do what, at the home and from afar; and who is not even told that there is something."""

import threading
from dataclasses import replace

import pytest
from django.db import connection, transaction

from tongban.base.actor import Actor, Role
from tongban.base.errors import Rejected
from tongban.base.uuid7 import uuid7
from tongban.cases import letters
from tongban.cases.actions import take
from tongban.cases.models import Case, Money
from tongban.cases.queries import allowed_acts, get_view
from tongban.cases.rules.opening import Lead
from tongban.cases.rules.table import Act, Status
from tongban.cases.tests.build import (
    a_case,
    a_clerk,
    an_officer,
    an_opening,
    do,
    in_force,
    received_by,
    stage,
)
from tongban.cases.tests.test_letters import an_ask, from_shanghai, ready
from tongban.catalogue.tests.build import a_term, an_agreement_content
from tongban.exchange.tests.build import wait_until_somebody_waits

pytestmark = pytest.mark.django_db
HERE = "340102000000"
COUNTER = "hall-31"
BY_CLERK = {"by": {"role": "clerk", "organ": COUNTER}}


def received_at_a_counter(**changes):
    receiving = received_by("31", organ=COUNTER, channel="counter")
    return an_opening(receiving=receiving, mode="counter", **changes)


def granted(opening, **content) -> Case:
    letters.hear_ask(an_ask(opening))
    case = Case.objects.get(id=opening.case_id)
    do(an_officer(), case, Act.ACCEPT)
    do(an_officer(), case, Act.GRANT, **content)
    return case


def with_an_assist_case() -> tuple[Case, Case]:
    stages = [stage("there", kind="assist", place="field:business_place")]
    lead = a_case(opening=an_opening(answers={"business_place": HERE}), stages=stages)
    do(an_officer(), lead, Act.ACCEPT)
    return lead, Case.objects.get(lead=lead.id)


def test_the_person_of_the_lead_has_nothing_to_do_with_the_assist_case():
    _, assist = with_an_assist_case()
    person = Actor(role=Role.APPLICANT, node="34", person=assist.applicant)
    helper = replace(a_clerk("hall"), on_behalf_of=assist.applicant)
    for somebody in (person, helper):
        assert allowed_acts(somebody, assist) == ()
        with pytest.raises(Rejected, match="not_found"):
            get_view(somebody, assist.id)
        with pytest.raises(Rejected, match="not_found"):
            take(somebody, assist.id, Act.WITHDRAW, seen=None, content={})


@pytest.mark.parametrize("event", ["money_arrived", "money_bounced"])
def test_a_counter_that_received_says_nothing_about_the_money_and_learns_no_sum(event):
    ready(pattern="money", closing="money_arrived")
    opening = received_at_a_counter()
    case = granted(opening, amount="1200.00")
    in_force(an_agreement_content(key="more", terms=[a_term(rights=["receive", "deliver"])]))
    with pytest.raises(Rejected) as refusal:
        letters.hear_ask(an_ask(opening, act="deliver", content={"event": event, "amount": "1.00"}, **BY_CLERK))
    assert (refusal.value.reason, refusal.value.facts) == ("not_allowed", {})
    assert Money.objects.get(case=case).outcome == "ordered"


@pytest.mark.parametrize("event", ["precheck_passed", "materials_checked", "check_failed"])
def test_what_the_home_finds_is_not_put_on_record_by_the_counter(event):
    ready()
    opening = received_at_a_counter()
    letters.hear_ask(an_ask(opening))
    with pytest.raises(Rejected, match="not_allowed"):
        letters.hear_ask(an_ask(opening, act="record", content={"event": event}, **BY_CLERK))
    letters.hear_ask(an_ask(opening, act="record", content={"event": "custody_taken"}, **BY_CLERK))


def test_a_counter_hands_out_only_what_the_agreement_lets_it_hand_out():
    ready()
    opening = received_at_a_counter()
    case = granted(opening)
    ask = an_ask(opening, act="deliver", content={"event": "delivery", "way": "counter"}, **BY_CLERK)
    with pytest.raises(Rejected, match="not_allowed"):
        letters.hear_ask(ask)
    in_force(an_agreement_content(key="more", terms=[a_term(rights=["receive", "deliver"])]))
    letters.hear_ask(replace(ask, id=uuid7()))
    assert Case.objects.get(id=case.id).status == Status.CLOSED


@pytest.mark.parametrize(("organ", "mode"), [(COUNTER, "online"), ("", "counter")])
def test_a_portal_and_a_counter_have_each_its_own_modes(organ, mode):
    ready()
    opening = an_opening(receiving=received_by("31", organ=organ), mode=mode)
    with pytest.raises(Rejected, match="not_allowed"):
        letters.hear_ask(an_ask(opening))


def test_a_node_that_has_nothing_to_do_with_a_case_learns_nothing_of_it():
    ready()
    opening = from_shanghai()
    letters.hear_ask(an_ask(opening))
    for seen in (None, 7):
        for act in ("supply", "withdraw", "recall", "deliver", "record"):
            with pytest.raises(Rejected) as refusal:
                letters.hear_ask(an_ask(opening, sender="32", act=act, content={}, seen=seen))
            assert (refusal.value.reason, refusal.value.facts) == ("not_allowed", {})


def test_a_clerk_sees_no_sum_of_money():
    case = a_case(
        opening=an_opening(mode="counter", receiving=received_by("34", organ="hall", channel="counter")),
        pattern="money",
        closing="money_arrived",
    )
    do(an_officer(), case, Act.ACCEPT)
    do(an_officer(), case, Act.GRANT, amount="1200.00")
    assert get_view(a_clerk("hall"), case.id).money == ()
    assert len(get_view(an_officer(), case.id).money) == 1


@pytest.mark.django_db(transaction=True)
def test_whoever_ends_an_assist_case_locks_its_lead_first_so_that_two_never_wait_for_each_other():
    lead, assist = with_an_assist_case()
    officer = an_officer()
    failures: list[BaseException] = []

    def send_back():
        try:
            take(officer, assist.id, Act.SEND_BACK, seen=None, content={"reason": "扫描件缺页"})
        except BaseException as failure:
            failures.append(failure)
        finally:
            connection.close()

    beside = threading.Thread(target=send_back)
    with transaction.atomic():
        Case.objects.select_for_update().get(id=lead.id)
        beside.start()
        wait_until_somebody_waits()
        Case.objects.select_for_update(nowait=True).get(id=assist.id)
    beside.join()
    assert failures == []
    assert Case.objects.get(id=assist.id).status == Status.SENT_BACK


@pytest.mark.parametrize("part", [f"nothing@{HERE}", "there@340304000000", "there"])
def test_a_lead_asks_for_a_stage_of_the_item_at_its_place(part):
    ready(stages=[stage("there", kind="assist", place="field:business_place")])
    opening = from_shanghai(place=HERE, lead=Lead(uuid7(), "31", part))
    with pytest.raises(Rejected, match="malformed"):
        letters.hear_ask(an_ask(opening, by={"role": "organ", "organ": None}))
    letters.hear_ask(
        an_ask(replace(opening, lead=Lead(uuid7(), "31", f"there@{HERE}")), by={"role": "organ", "organ": None})
    )
    assert Case.objects.get().pattern == "assist"


def test_nobody_hands_on_a_case_that_is_known_to_be_anothers():
    ready()
    case = a_case()
    before = {"case": str(case.id), "home": "31", "head": case.head_digest, "received_on": "2026-11-23", "at": "x"}
    with pytest.raises(Rejected, match="not_allowed"):
        letters.hear_ask(an_ask(from_shanghai(predecessor=before), by={"role": "organ", "organ": None}))
