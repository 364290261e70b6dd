"""Acts at the home, on PostgreSQL as the app role."""

import json
from datetime import timedelta

import pytest
from django.db import ProgrammingError, connection, transaction

from tongban.base.actor import Actor, Role, Via, system
from tongban.base.canonical import digest
from tongban.base.errors import NotYet, Rejected
from tongban.base.seal import is_genuine, public_bytes
from tongban.base.uuid7 import uuid7
from tongban.calendar.queries import now, today
from tongban.cases import vault
from tongban.cases.actions import move, open_case, take
from tongban.cases.duties import deem_accepted
from tongban.cases.letters import answered_ask
from tongban.cases.models import Body, Case, Dossier, Follower, Link, Money, Step
from tongban.cases.queries import allowed_acts, find_document, get_view, my_cases, work_list
from tongban.cases.rules.state import fold, from_json
from tongban.cases.rules.table import Act, Status
from tongban.cases.tests.build import (
    XUHUI,
    a_case,
    a_clerk,
    an_officer,
    an_opening,
    another_applicant,
    do,
    later,
    received_by,
    stage,
    the_applicant,
)
from tongban.exchange import queries as exchange
from tongban.exchange.models import Delivery, Letter
from tongban.exchange.models import Part as PartRow
from tongban.exchange.rules import LetterRef
from tongban.files.actions import keep
from tongban.orgs.models import Organ

pytestmark = pytest.mark.django_db


def test_a_life_from_opening_to_closing_leaves_an_unbroken_chain():
    case = a_case()
    officer = an_officer()
    do(officer, case, Act.ACCEPT)
    do(officer, case, Act.GRANT, text="同意")
    do(officer, case, Act.DELIVER, event="delivery", way="online")
    assert case.status == Status.CLOSED
    steps = list(Step.objects.filter(case=case).order_by("no"))
    assert [step.act for step in steps] == ["open", "accept", "grant", "deliver", "close"]
    previous = None
    for step in steps:
        sealed = exchange.sealed_of(Letter.objects.get(id=step.letter))
        assert is_genuine(sealed, public_bytes(exchange.signer().key))
        assert sealed.digest == step.digest
        assert json.loads(sealed.payload)["data"] == step.header
        assert step.header["prev"] == previous
        previous = step.digest
    assert from_json(case.state) == fold(step.header for step in steps)


def test_every_body_has_the_digest_that_its_header_names_and_lies_encrypted():
    case = a_case()
    body = Body.objects.get(step__case=case, audience="applicant")
    content = vault.unlock(body.content, place="body")
    assert digest(content) == body.step.header["bodies"]["applicant"]
    assert "示例王芳".encode() in content
    assert "示例王芳".encode() not in bytes(body.content)
    assert "示例王芳" not in json.dumps(body.step.header, ensure_ascii=False)


def test_steps_can_be_neither_changed_nor_removed_by_the_program():
    case = a_case()
    for statement in ("UPDATE cases_step SET no = 2", "DELETE FROM cases_step"):
        with pytest.raises(ProgrammingError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"{statement} WHERE case_id = %s", [case.id])


def test_an_act_on_a_stale_page_is_refused_with_what_changed():
    case = a_case()
    officer = an_officer()
    take(officer, case.id, Act.ACCEPT, seen=1, content={})
    with pytest.raises(Rejected) as refusal:
        take(officer, case.id, Act.DECLINE, seen=1, content={"reason": "不符合条件"})
    assert refusal.value.reason == "stale"
    assert refusal.value.facts["changed"] == "受理"
    assert Case.objects.get(id=case.id).head == 2


def test_what_the_table_does_not_allow_is_refused_in_words():
    case = a_case()
    with pytest.raises(Rejected) as refusal:
        do(an_officer(), case, Act.GRANT)
    assert (refusal.value.reason, refusal.value.facts) == ("not_now", {"status": "待受理", "act": "准予"})


def test_a_grant_for_one_act_opens_no_other():
    case = a_case()
    officer = an_officer("accept")
    with pytest.raises(Rejected, match="not_allowed"):
        do(officer, case, Act.DECLINE, reason="不符合条件")
    assert do(officer, case, Act.ACCEPT).act == "accept"


def test_a_grant_for_one_region_opens_no_other():
    case = a_case()
    with pytest.raises(Rejected, match="not_found"):
        do(an_officer(region="3402"), case, Act.ACCEPT)


def test_only_the_person_withdraws():
    case = a_case()
    refusals = {another_applicant(): "not_found", a_clerk("34"): "not_found", an_officer(): "not_allowed"}
    for somebody, reason in refusals.items():
        with pytest.raises(Rejected, match=reason):
            do(somebody, case, Act.WITHDRAW)
    do(the_applicant(case), case, Act.WITHDRAW)
    assert case.status == Status.WITHDRAWN


def test_the_counter_that_received_recalls_and_no_other():
    organ = Organ.objects.first().code if Organ.objects.exists() else "hall"
    case = a_case(opening=an_opening(mode="counter", receiving=received_by("34", organ=organ, channel="counter")))
    with pytest.raises(Rejected, match="not_found"):
        do(a_clerk("other"), case, Act.RECALL)
    do(a_clerk(organ), case, Act.RECALL)
    assert (case.status, from_json(case.state).outcome) == (Status.WITHDRAWN, "recalled")


def test_a_correction_is_asked_once_and_answered_whole():
    case = a_case()
    officer = an_officer()
    do(officer, case, Act.ASK_CORRECTION, targets=[{"target": "field:trade_name", "problem": "与他人重名"}])
    assert case.status == Status.CORRECTING
    with pytest.raises(Rejected, match="invalid"):
        do(the_applicant(case), case, Act.SUPPLY, answers={})
    do(the_applicant(case), case, Act.SUPPLY, answers={"trade_name": "示例二店"}, materials=[])
    assert case.status == Status.SUBMITTED
    dossier = vault.unlock_json(Dossier.objects.get(case=case).content, place="dossier")
    assert dossier["answers"]["trade_name"] == "示例二店"
    assert dossier["answers"]["operation"] == "personal"


def test_the_correction_notice_is_a_numbered_paper_whose_digest_stands_in_the_step():
    case = a_case()
    step = do(an_officer(), case, Act.ASK_CORRECTION, targets=[{"target": "field:scope", "problem": "表述不规范"}])
    listed = step.header["documents"][0]
    page = find_document(the_applicant(case), case.id, listed["number"])
    assert digest(page.encode()) == listed["digest"]
    assert "经营范围" in page
    assert "表述不规范" in page
    assert find_document(an_officer(), case.id, listed["number"]) == page
    with pytest.raises(Rejected, match="not_found"):
        find_document(another_applicant(), case.id, listed["number"])


def test_silence_has_accepted_before_anything_else_is_done():
    case = a_case()
    received = today()
    later(20)
    do_not_decline = an_officer()
    with pytest.raises(Rejected, match="stale"):
        take(do_not_decline, case.id, Act.DECLINE, seen=case.head, content={"reason": "太晚"})
    assert deem_accepted(now())
    case.refresh_from_db()
    step = Step.objects.get(case=case, act="deem_accepted")
    assert case.status == Status.ACCEPTED
    assert step.header["legal_date"] == received.isoformat()
    assert step.recorded_at - now() < timedelta(minutes=1)
    assert not deem_accepted(now())


def test_the_officer_sees_internal_opinions_and_the_person_does_not():
    case = a_case()
    officer = an_officer()
    do(officer, case, Act.ACCEPT, opinion="资料真实性存疑，重点核查")
    said = get_view(the_applicant(case), case.id).timeline[-1].said
    assert "opinion" not in said
    assert get_view(officer, case.id).timeline[-1].said["opinion"].startswith("资料")


def test_a_stranger_learns_not_even_that_the_case_exists():
    case = a_case()
    for stranger in (another_applicant(), a_clerk("other"), an_officer(region="3402")):
        with pytest.raises(Rejected, match="not_found"):
            get_view(stranger, case.id)


def test_an_auditor_sees_the_chain_and_nothing_personal():
    case = a_case()
    view = get_view(Actor(role=Role.AUDITOR, node="34", person=uuid7()), case.id)
    assert view.timeline
    assert all(not entry.said for entry in view.timeline)
    assert view.dossier is None
    assert view.acts == ()


def test_the_buttons_are_those_of_the_table_and_the_grants():
    case = a_case()
    assert allowed_acts(an_officer("accept", "decline"), case) == (Act.ACCEPT, Act.DECLINE)
    assert allowed_acts(the_applicant(case), case) == (Act.WITHDRAW,)
    assert allowed_acts(another_applicant(), case) == ()


def test_a_follower_is_sent_the_same_bytes_and_only_its_bodies():
    case = a_case(opening=an_opening(receiving=received_by("31")))
    do(an_officer(), case, Act.ACCEPT, opinion="内部")
    assert Follower.objects.get(case=case).node == "31"
    deliveries = Delivery.objects.filter(subject=str(case.id), receiver="31").order_by("id")
    assert [delivery.letter.kind for delivery in deliveries] == ["step", "due", "step", "due"]
    step = Step.objects.get(case=case, act="accept")
    assert set(step.header["bodies"]) == {"applicant", "home"}
    assert list(PartRow.objects.filter(letter=step.letter).values_list("audience", flat=True)) == ["applicant"]
    assert step.header["followers"] == ["31"]


def test_an_ask_opens_a_case_only_once():
    opening = an_opening()
    a_case(opening=opening)
    with pytest.raises(Rejected, match="opened_already"):
        open_case(Actor(role=Role.APPLICANT, node="34"), opening)


def test_a_version_that_has_not_arrived_is_waited_for():
    a_case()
    with pytest.raises(NotYet, match="version_unknown"):
        open_case(Actor(role=Role.APPLICANT, node="34"), an_opening(version=7))


def test_a_stage_elsewhere_becomes_an_assist_case_asked_for_by_letter():
    stages = [stage("here"), stage("there", kind="assist", place="field:business_place")]
    case = a_case(opening=an_opening(answers={"business_place": XUHUI}), stages=stages)
    officer = an_officer()
    do(officer, case, Act.ACCEPT)
    assert not Link.objects.exists()
    do(officer, case, Act.PART_DECIDED, part="here", outcome="done")
    link = Link.objects.get(case=case)
    ask = Letter.objects.get(kind="ask", subject=str(link.co_case))
    assert (link.node, link.needs) == ("31", f"there@{XUHUI}")
    assert json.loads(bytes(ask.payload))["data"]["by"]["role"] == "organ"
    assert not Follower.objects.filter(case=case).exists()
    answered_ask(LetterRef(ask.id, "ask", str(link.co_case), ask.digest), "31", "taken", None, {})
    assert {follower.role for follower in Follower.objects.filter(case=case)} == {"co_handling"}
    forwarded = Delivery.objects.filter(subject=str(case.id), receiver="31", letter__kind="step")
    assert forwarded.count() == case.head
    with pytest.raises(Rejected, match="part_is_elsewhere"):
        do(officer, case, Act.PART_DECIDED, part=link.needs, outcome="done")


def test_an_assist_case_at_the_same_node_decides_its_part_of_the_lead():
    stages = [stage("there", kind="assist", place="field:business_place")]
    case = a_case(opening=an_opening(answers={"business_place": "340102000000"}), stages=stages)
    officer = an_officer()
    do(officer, case, Act.ACCEPT)
    assist = Case.objects.get(lead=case.id)
    assert (assist.pattern, assist.place) == ("assist", "340102000000")
    do(officer, assist, Act.ACCEPT)
    do(officer, assist, Act.GRANT)
    assert assist.status == Status.CLOSED
    case.refresh_from_db()
    decided = Step.objects.get(case=case, act="part_decided")
    granted_at = Step.objects.get(case=assist, no=assist.head)
    assert decided.header["facts"]["co_head"] == granted_at.digest
    do(officer, case, Act.GRANT)
    assert case.status == Status.GRANTED


def test_withdrawing_the_lead_ends_its_assist_cases():
    stages = [stage("there", kind="assist", place="field:business_place")]
    case = a_case(opening=an_opening(answers={"business_place": "340102000000"}), stages=stages)
    do(an_officer(), case, Act.ACCEPT)
    do(the_applicant(case), case, Act.WITHDRAW)
    assert Case.objects.get(lead=case.id).status == Status.WITHDRAWN


def test_money_is_paid_as_drawn_and_closes_the_case():
    case = a_case(pattern="money", closing="money_arrived")
    officer = an_officer()
    do(officer, case, Act.ACCEPT)
    do(officer, case, Act.GRANT, amount="1200.00")
    with pytest.raises(Rejected, match="amount_differs"):
        do(officer, case, Act.DELIVER, event="money_arrived", amount="1200.01")
    do(officer, case, Act.DELIVER, event="money_bounced")
    do(the_applicant(case), case, Act.SUPPLY, account="示例账户 002")
    assert case.status == Status.GRANTED
    do(officer, case, Act.DELIVER, event="money_arrived", amount="1200.00")
    assert case.status == Status.CLOSED
    assert [row.outcome for row in Money.objects.filter(case=case).order_by("id")] == ["bounced", "arrived"]
    assert {row.drawn for row in Money.objects.filter(case=case)} == {Money.objects.latest("id").paid}


def test_a_transfer_opens_a_successor_with_the_original_day_of_receipt():
    case = a_case()
    do(an_officer(), case, Act.TRANSFER, place="340102000000", reason="不属于本机关管辖")
    successor = Case.objects.get(predecessor=case.id)
    first = Step.objects.get(case=successor, no=1).header
    assert case.status == Status.TRANSFERRED
    assert str(successor.id) == from_json(case.state).successor
    assert successor.received_at == case.received_at
    assert first["predecessor"]["head"] == case.head_digest
    assert my_cases(the_applicant(case)).count() == 2


def test_another_node_may_ask_only_for_what_its_office_may_do():
    case = a_case(opening=an_opening(receiving=received_by("31")))
    from_there = Actor(role=Role.APPLICANT, node="31", via=Via.LETTER)
    from_elsewhere = Actor(role=Role.APPLICANT, node="32", via=Via.LETTER)
    with pytest.raises(Rejected, match="not_allowed"):
        take(from_elsewhere, case.id, Act.WITHDRAW, seen=None, content={})
    forged = Actor(role=Role.OFFICER, node="31", person=an_officer().person, via=Via.LETTER)
    with pytest.raises(Rejected, match="not_allowed"):
        take(forged, case.id, Act.ACCEPT, seen=None, content={})
    take(from_there, case.id, Act.WITHDRAW, seen=None, content={})
    assert Case.objects.get(id=case.id).status == Status.WITHDRAWN


def test_whoever_has_nothing_to_do_with_a_case_elsewhere_asks_for_nothing():
    with pytest.raises(Rejected, match="not_found"):
        move(another_applicant(), uuid7(), Act.WITHDRAW, seen=None, content={})


def test_the_work_list_costs_a_constant_number_of_queries(django_assert_num_queries):
    officer = an_officer_with_work(3)
    with django_assert_num_queries(2):
        assert len(work_list(officer)[:20]) == 3


def an_officer_with_work(cases: int):
    for _ in range(cases):
        a_case(opening=an_opening())
    return an_officer()


def test_the_work_list_pages_by_key():
    officer = an_officer_with_work(3)
    first = list(work_list(officer)[:2])
    rest = list(work_list(officer, after=(first[-1].received_at, first[-1].id)))
    assert {case.id for case in first} | {case.id for case in rest} == set(Case.objects.values_list("id", flat=True))
    assert len(rest) == 1


def test_content_without_canonical_form_is_refused_and_nothing_is_kept():
    case = a_case()
    with pytest.raises(Rejected, match="malformed"):
        do(an_officer(), case, Act.ACCEPT, weight=1.5)
    assert Case.objects.get(id=case.id).head == 1


def test_the_places_that_an_item_informs_are_sent_the_case_to_read():
    case = a_case(opening=an_opening(answers={"business_place": XUHUI}), informs=["business_place"])
    step = Step.objects.get(case=case)
    assert step.header["informed"] == ["31"]
    assert list(PartRow.objects.filter(letter=step.letter).values_list("receiver", "audience")) == [("31", "deciding")]


def test_a_stage_puts_out_its_own_document_with_its_validity():
    case = a_case(stages=[stage("permit", document="户口准迁证", validity="40 natural")])
    officer = an_officer()
    do(officer, case, Act.ACCEPT)
    step = do(officer, case, Act.PART_DECIDED, part="permit", outcome="done")
    listed = step.header["documents"][0]
    page = find_document(the_applicant(case), case.id, listed["number"])
    assert listed["kind"] == "stage_document"
    assert "户口准迁证" in page
    assert "有效期至" in page


def test_a_refused_stage_puts_out_no_document():
    case = a_case(stages=[stage("permit", document="户口准迁证")])
    do(an_officer(), case, Act.ACCEPT)
    assert do(an_officer(), case, Act.PART_DECIDED, part="permit", outcome="refused").header["documents"] == []


def test_the_grant_of_an_assist_case_is_the_document_of_its_stage():
    stages = [stage("leave", kind="assist", place="field:business_place", document="户口迁移证")]
    case = a_case(opening=an_opening(answers={"business_place": "340102000000"}), stages=stages)
    do(an_officer(), case, Act.ACCEPT)
    assist = Case.objects.get(lead=case.id)
    do(an_officer(), assist, Act.ACCEPT)
    granted = do(an_officer(), assist, Act.GRANT)
    page = find_document(an_officer(), assist.id, granted.header["documents"][0]["number"])
    assert "户口迁移证" in page


def test_a_paper_that_never_arrived_holds_nothing_up_once_it_is_replaced():
    lost = {**a_paper("a"), "digest": "0" * 64}
    case = a_case(opening=an_opening(receiving=received_by("31"), materials=[lost]))
    officer = an_officer()
    with pytest.raises(Rejected, match="files_missing"):
        do(officer, case, Act.ACCEPT)
    target = {"target": "material:premises_proof", "problem": "文件没有传到"}
    do(officer, case, Act.ASK_CORRECTION, targets=[target])
    from_there = Actor(role=Role.APPLICANT, node="31", via=Via.LETTER)
    take(from_there, case.id, Act.SUPPLY, seen=None, content={"materials": [a_paper("b")]})
    case.refresh_from_db()
    do(officer, case, Act.ACCEPT)
    assert case.status == Status.ACCEPTED


def a_paper(text: str) -> dict:
    """A material whose file is kept here already."""
    file = keep(system("34"), b"%PDF-" + text.encode(), media_type="application/pdf")
    return {"key": "premises_proof", "digest": file.digest, "name": "x.pdf", "size": file.size}
