"""What cases hear from other nodes: asks that deserve a step or a rejection, steps that fit or wait."""

import json
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from tongban.base.actor import Actor, Role
from tongban.base.canonical import canonical_json, digest
from tongban.base.errors import NotYet, Rejected
from tongban.base.seal import seal
from tongban.base.uuid7 import uuid7
from tongban.cases import letters, vault
from tongban.cases.actions.asking import send_ask
from tongban.cases.models import Ask, Body, Case, Follower, Link, Step
from tongban.cases.queries import get_view, informed_cases, my_cases, work_list
from tongban.cases.rules.opening import as_content, read_opening
from tongban.cases.rules.state import from_json
from tongban.cases.rules.table import Act, Status
from tongban.cases.tests.build import (
    FEIXI,
    XUHUI,
    a_case,
    an_officer,
    an_opening,
    do,
    in_force,
    publish,
    received_by,
    stage,
    the_applicant,
)
from tongban.catalogue.tests.build import an_agreement_content
from tongban.exchange.actions.incoming import heard_of
from tongban.exchange.models import Part as PartRow
from tongban.exchange.rules import LETTER_TYP, Event, Heard, LetterRef, Part, event_payload
from tongban.exchange.tests.build import signer_of
from tongban.orgs.tests.build import some_organs

pytestmark = pytest.mark.django_db


def an_ask(opening, *, sender="31", act="open", content=None, body=None, **data) -> Heard:
    if body is None:
        body = canonical_json({"salt": "0", "content": as_content(opening) if content is None else content})
    given = {
        "case": str(opening.case_id),
        "act": act,
        "home": "34",
        "from": sender,
        "seen": None,
        "made_at": "2026-11-23T01:00:00.000Z",
        "by": {"role": "applicant", "organ": None},
        "bodies": {"home": digest(body)},
        **data,
    }
    return heard("ask", sender, str(opening.case_id), given, (Part("home", body),))


def heard(kind, sender, subject, data, parts=()) -> Heard:
    event = Event(uuid7(), kind, sender, subject, datetime(2026, 11, 23, tzinfo=UTC), data)
    return heard_of(event, seal(event_payload(event), signer_of(sender), typ=LETTER_TYP), tuple(parts))


def ready(**item_changes) -> None:
    """Organs, the item, and an agreement that lets Shanghai receive for Anhui."""
    some_organs()
    publish(**item_changes)
    in_force(an_agreement_content())


def from_shanghai(**changes):
    return an_opening(receiving=received_by("31"), **changes)


def test_an_ask_under_an_agreement_opens_the_case_and_is_named_by_its_step():
    ready()
    ask = an_ask(from_shanghai())
    letters.hear_ask(ask)
    case = Case.objects.get(id=ask.subject)
    assert (case.is_home, case.status) == (True, Status.SUBMITTED)
    assert Step.objects.get(case=case).header["answers"] == str(ask.id)
    assert Follower.objects.get(case=case).node == "31"


def test_an_ask_that_no_agreement_covers_is_rejected():
    some_organs()
    publish()
    with pytest.raises(Rejected, match="no_agreement"):
        letters.hear_ask(an_ask(from_shanghai()))
    assert not Case.objects.exists()


def test_a_mode_that_the_agreement_does_not_give_is_rejected():
    ready()
    with pytest.raises(Rejected, match="no_agreement"):
        letters.hear_ask(an_ask(from_shanghai(mode="joint")))


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"home": "31"}, "not_home"),
        ({"act": "grant"}, "not_allowed"),
        ({"by": {"role": "operator", "organ": None}}, "malformed"),
        ({"by": "somebody"}, "malformed"),
        ({"case": str(uuid7())}, "malformed"),
    ],
)
def test_an_ask_that_claims_too_much_is_rejected(changes, reason):
    ready()
    with pytest.raises(Rejected, match=reason):
        letters.hear_ask(an_ask(from_shanghai(), **changes))


def test_an_ask_whose_papers_were_received_by_somebody_else_is_rejected():
    ready()
    with pytest.raises(Rejected, match="not_allowed"):
        letters.hear_ask(an_ask(from_shanghai(), sender="32"))


def test_another_place_cannot_pose_as_the_lead_of_a_case_that_is_not_its_own():
    ready()
    case = a_case()
    opening = from_shanghai(lead=replace_lead(case))
    with pytest.raises(Rejected, match="not_allowed"):
        letters.hear_ask(an_ask(opening, by={"role": "organ", "organ": None}))


def replace_lead(case):
    content = as_content(an_opening())
    content["lead"] = {"case": str(case.id), "node": "32", "part": "there"}
    return read_opening(uuid7(), content).lead


@pytest.mark.parametrize(
    ("member", "value"),
    [
        ("item", None),
        ("version", "1"),
        ("version", True),
        ("place", ""),
        ("applicant", []),
        ("answers", "x"),
        ("materials", [1]),
        ("received", {}),
        ("lead", {"case": "x"}),
    ],
)
def test_an_opening_in_another_form_is_malformed(member, value):
    content = as_content(an_opening())
    content[member] = value
    with pytest.raises(Rejected, match="malformed"):
        read_opening(uuid7(), content)


@pytest.mark.parametrize(
    "answers",
    [{"姓名": "示例"}, {"trade_name": "长" * 400_000}],
    ids=["a name that has no canonical form", "too much for one case"],
)
def test_an_opening_that_could_not_be_sent_on_is_rejected_before_anything_is_written(answers):
    ready()
    content = {**as_content(from_shanghai()), "answers": answers}
    body = json.dumps({"salt": "0", "content": content}, ensure_ascii=False).encode()
    with pytest.raises(Rejected, match="malformed"):
        letters.hear_ask(an_ask(from_shanghai(), body=body))
    assert not Case.objects.exists()


def test_an_opening_as_large_as_may_be_fits_into_the_letters_that_follow():
    ready()
    opening = from_shanghai(answers={"trade_name": "长" * 290_000})
    letters.hear_ask(an_ask(opening))
    assert PartRow.objects.filter(receiver="31").count() == 1


def test_an_opening_travels_and_arrives_as_it_was():
    opening = an_opening()
    arrived = read_opening(opening.case_id, json.loads(canonical_json(as_content(opening))))
    assert as_content(arrived) == as_content(opening)


def test_an_act_that_this_version_does_not_know_waits_for_a_newer_program():
    ready()
    with pytest.raises(NotYet, match="act_unknown"):
        letters.hear_ask(an_ask(from_shanghai(), act="levitate"))


def test_a_version_that_has_not_arrived_is_waited_for_not_rejected():
    ready()
    with pytest.raises(NotYet, match="version_unknown"):
        letters.hear_ask(an_ask(from_shanghai(version=9)))


def test_a_withdrawal_asked_from_afar_is_done_by_the_home():
    ready()
    opening = from_shanghai()
    letters.hear_ask(an_ask(opening))
    letters.hear_ask(an_ask(opening, act="withdraw", content={}))
    assert Case.objects.get(id=opening.case_id).status == Status.WITHDRAWN


def test_a_foreign_officer_decides_nothing_whatever_he_claims():
    ready()
    opening = from_shanghai()
    letters.hear_ask(an_ask(opening))
    forged = an_ask(opening, act="record", content={"event": "note"}, by={"role": "officer", "organ": "x"})
    with pytest.raises(Rejected, match="not_allowed"):
        letters.hear_ask(forged)


class Shanghai:
    """A home elsewhere, writing steps of one case about which this node asked."""

    def __init__(self, *, applicant=None):
        self.case_id, self.no, self.prev = uuid7(), 0, None
        from_here = Actor(role=Role.APPLICANT, node="34", person=applicant or uuid7())
        send_ask(from_here, self.case_id, Act.OPEN, home="31", seen=None, content={}, applicant=from_here.person)
        self.ask = Ask.objects.get(case_id=self.case_id)

    def step(self, act, status, *, bodies=None, **more) -> Heard:
        self.no += 1
        raw = {audience: canonical_json({"salt": "s", **body}) for audience, body in (bodies or {}).items()}
        header = {
            "case": str(self.case_id),
            "no": self.no,
            "prev": self.prev,
            "act": act,
            "status": status,
            "home": "31",
            "legal_date": "2026-11-23",
            "recorded_at": "2026-11-23T01:00:00.000Z",
            "by": {"role": "officer", "organ": None, "node": "31"},
            "facts": {},
            "bodies": {audience: digest(body) for audience, body in raw.items()},
            "documents": [],
            "followers": ["34"],
            "answers": str(self.ask.letter) if self.no == 1 else None,
            **(self.beginning() if self.no == 1 else {}),
            **more,
        }
        letter = heard("step", "31", str(self.case_id), header, [Part(*entry) for entry in raw.items()])
        self.prev = letter.digest
        return letter

    def beginning(self):
        return {
            "item": "kstb-1-37",
            "version": 1,
            "standard": "31",
            "pattern": "approval",
            "mode": "online",
            "place": XUHUI,
            "organ": "x",
            "number": "31-1",
            "received": {
                "node": "34",
                "place": FEIXI,
                "organ": "",
                "number": "S1",
                "at": "2026-11-23T00:59:00.000Z",
                "channel": "portal",
            },
            "lead": None,
            "predecessor": None,
        }


def test_a_copy_grows_step_by_step_and_belongs_to_the_person_who_asked():
    home = Shanghai()
    letters.hear_step(home.step("open", "submitted", bodies={"applicant": {"text": "已立案"}}))
    letters.hear_step(home.step("accept", "accepted"))
    case = Case.objects.get(id=home.case_id)
    assert (case.is_home, case.status, case.head, case.head_digest) == (False, "accepted", 2, home.prev)
    person = the_applicant(case)
    assert list(my_cases(person)) == [case]
    assert get_view(person, case.id).timeline[0].said == {"text": "已立案"}
    assert Ask.objects.get(letter=home.ask.letter).step_no == 1
    assert vault.unlock_json(Body.objects.get(step__case=case).content, place="body")["text"] == "已立案"


def test_the_same_step_again_changes_nothing():
    home = Shanghai()
    first = home.step("open", "submitted")
    letters.hear_step(first)
    letters.hear_step(first)
    assert Step.objects.filter(case_id=home.case_id).count() == 1


def test_a_step_that_comes_too_early_waits_for_the_missing_one():
    home = Shanghai()
    first, second, third = (
        home.step("open", "submitted"),
        home.step("accept", "accepted"),
        home.step("grant", "granted"),
    )
    with pytest.raises(NotYet, match="gap"):
        letters.hear_step(second)
    letters.hear_step(first)
    with pytest.raises(NotYet, match="gap"):
        letters.hear_step(third)
    letters.hear_step(second)
    letters.hear_step(third)
    assert Case.objects.get(id=home.case_id).head == 3


def test_a_second_truth_for_the_same_number_halts_the_case():
    home = Shanghai()
    letters.hear_step(home.step("open", "submitted"))
    letters.hear_step(home.step("accept", "accepted"))
    home.no = 1
    with pytest.raises(NotYet, match="fork"):
        letters.hear_step(home.step("decline", "declined"))
    assert Case.objects.get(id=home.case_id).status == "accepted"


def test_a_step_that_does_not_name_the_one_before_it_halts_the_case():
    home = Shanghai()
    letters.hear_step(home.step("open", "submitted"))
    with pytest.raises(NotYet, match="fork"):
        letters.hear_step(home.step("accept", "accepted", prev="0" * 64))


def test_nobody_but_the_home_continues_a_chain():
    home = Shanghai()
    letters.hear_step(home.step("open", "submitted"))
    step = home.step("accept", "accepted", home="32")
    with pytest.raises(NotYet, match="fork"):
        letters.hear_step(replace(step, sender="32"))
    with pytest.raises(Rejected, match="not_home"):
        letters.hear_step(step)


def test_a_case_that_nothing_here_announced_waits():
    home = Shanghai()
    Ask.objects.all().delete()
    with pytest.raises(NotYet, match="unexpected_case"):
        letters.hear_step(home.step("open", "submitted"))


def test_nobody_writes_into_a_case_whose_home_is_here():
    case = a_case()
    home = Shanghai()
    home.case_id, home.no, home.prev = case.id, case.head, case.head_digest
    with pytest.raises(NotYet, match="fork"):
        letters.hear_step(home.step("withdraw", "withdrawn"))


def test_an_act_of_a_later_protocol_is_kept_and_chained():
    home = Shanghai()
    letters.hear_step(home.step("open", "submitted"))
    letters.hear_step(home.step("consult_expert", "submitted"))
    assert Case.objects.get(id=home.case_id).head == 2


def test_due_dates_are_shown_and_replaced():
    home = Shanghai()
    letters.hear_step(home.step("open", "submitted"))
    data = {"case": str(home.case_id), "notice": "2026-11-30", "decision": None, "statutory": None, "provisional": True}
    letters.hear_due(heard("due", "31", str(home.case_id), data))
    case = Case.objects.get(id=home.case_id)
    assert (str(case.notice_due), case.due_is_provisional) == ("2026-11-30", True)
    with pytest.raises(NotYet, match="unexpected_case"):
        letters.hear_due(heard("due", "32", str(home.case_id), data))


def test_a_rejected_ask_is_kept_with_its_reason_for_the_one_who_asked():
    home = Shanghai()
    reference = LetterRef(home.ask.letter, "ask", str(home.case_id), "0" * 64)
    letters.answered_ask(reference, "31", "rejected", "no_agreement", {"why": "ended"})
    ask = Ask.objects.get(letter=home.ask.letter)
    assert (ask.outcome, ask.reason, ask.facts) == ("rejected", "no_agreement", {"why": "ended"})


def test_a_part_whose_place_would_not_open_it_counts_as_refused():
    stages = [stage("there", kind="assist", place="field:business_place", on_refusal="continue")]
    case = a_case(opening=an_opening(answers={"business_place": XUHUI}), stages=stages)
    do(an_officer(), case, Act.ACCEPT)
    link = Link.objects.get(case=case)
    ask = Ask.objects.get(case_id=link.co_case)
    letters.answered_ask(LetterRef(ask.letter, "ask", str(link.co_case), ""), "31", "rejected", "no_organ", {})
    case.refresh_from_db()
    assert from_json(case.state).parts[0].status == "refused"
    do(an_officer(), case, Act.GRANT)
    assert case.status == Status.GRANTED


def test_the_lead_hears_when_the_assist_case_elsewhere_is_decided():
    stages = [stage("there", kind="assist", place="field:business_place")]
    lead = a_case(opening=an_opening(answers={"business_place": XUHUI}), stages=stages)
    do(an_officer(), lead, Act.ACCEPT)
    home = Shanghai()
    home.case_id = Link.objects.get(case=lead).co_case
    first = {**home.beginning(), "pattern": "assist", "lead": {"case": str(lead.id), "node": "34", "part": "there"}}
    for act, status in (("open", "submitted"), ("accept", "accepted"), ("grant", "granted")):
        letters.hear_step(home.step(act, status, **(first if act == "open" else {})))
    lead.refresh_from_db()
    assert from_json(lead.state).parts[0].status == "waiting"
    letters.hear_step(home.step("close", "closed"))
    lead.refresh_from_db()
    assert from_json(lead.state).parts[0].status == "done"
    assert Step.objects.get(case=lead, act="part_decided").header["facts"]["co_head"] == home.prev


def test_a_place_that_another_home_informs_keeps_a_copy_to_read():
    some_organs()
    home = Shanghai()
    Ask.objects.all().delete()
    said = {"deciding": {"text": "义诊活动备案"}}
    letters.hear_step(home.step("open", "submitted", bodies=said, informed=["34"]))
    case = Case.objects.get(id=home.case_id)
    officer = an_officer()
    assert list(informed_cases(officer)) == [case]
    view = get_view(officer, case.id)
    assert view.timeline[0].said == {"text": "义诊活动备案"}
    assert view.acts == ()
    assert not list(work_list(officer))
